/** `axiom api-keys create|list|revoke`. */

import { create } from '@bufbuild/protobuf';
import { Option, type Command } from 'commander';
import {
  AccessService,
  CreateApiKeyResponseSchema,
  ListApiKeysResponseSchema,
  Role,
  type ApiKey,
} from '../gen/axiom/access/v1/access_pb';
import { allPages } from './all-pages';
import { withConnection, withManagement, type ConnectionFlags } from './connection';
import { note, print, printJson, printTable, showTime } from './output';
import { parseWholeNumber } from './whole-number';

interface Flags extends ConnectionFlags {
  readonly json?: boolean;
}

interface CreateFlags extends Flags {
  readonly role: string;
  readonly expiresInDays?: string;
  readonly neverExpires?: boolean;
}

const ROLES: Record<string, Role> = { viewer: Role.VIEWER, editor: Role.EDITOR, admin: Role.ADMIN };
const DAY_SECONDS = 86_400;

const EXAMPLES = `
Examples:
  axiom api-keys create deploy-bot --role editor --expires-in-days 30
  axiom api-keys list
  axiom api-keys revoke KEY_ID                       an id that list shows`;

export function registerApiKeys(program: Command): void {
  const keys = program
    .command('api-keys')
    .description("create, list and revoke your tenant's API keys")
    .addHelpText('afterAll', EXAMPLES);

  withConnection(keys.command('create <name>'))
    .description('create an API key; it is printed this once')
    .addOption(new Option('--role <role>', 'what it may do').choices(Object.keys(ROLES)).default('viewer'))
    .option('--expires-in-days <days>', 'how long it lives; default: 90')
    .option('--never-expires', 'it lives until it is revoked')
    .option('--json', 'print JSON')
    .action(async (displayName: string, flags: CreateFlags) => {
      const ttl = lifetime(flags);
      await withManagement(flags, async (door) => {
        const request = { displayName, role: ROLES[flags.role] ?? Role.UNSPECIFIED, ...ttl };
        const answer = await door.client(AccessService).createApiKey(request, door.options());
        if (flags.json) return printJson(CreateApiKeyResponseSchema, answer);
        print(answer.rawKey);
        note('save this key now; it is not shown again');
      });
    });

  withConnection(keys.command('list'))
    .description('list API keys, masked')
    .option('--json', 'print JSON')
    .action(async (flags: Flags) => {
      await withManagement(flags, async (door) => {
        const apiKeys = await allPages(
          (page) => door.client(AccessService).listApiKeys(page, door.options()),
          (page) => page.apiKeys,
        );
        if (flags.json)
          return printJson(ListApiKeysResponseSchema, create(ListApiKeysResponseSchema, { apiKeys }));
        printTable(['ID', 'NAME', 'ROLE', 'KEY', 'CREATED', 'LAST USED', 'STATE'], apiKeys.map(row));
      });
    });

  withConnection(keys.command('revoke <id>'))
    .description('revoke an API key at once, with the console sessions that it opened')
    .option('--allow-lockout', 'even the key you use, or the last admin key of the tenant')
    .option('--json', 'print JSON')
    .action(async (keyId: string, flags: Flags & { allowLockout?: boolean }) => {
      await withManagement(flags, async (door) => {
        await door
          .client(AccessService)
          .revokeApiKey({ keyId, allowLockout: flags.allowLockout ?? false }, door.options());
        print(flags.json ? '{}' : `revoked ${keyId}`);
      });
    });
}

/** A key without an end is asked for by its own flag, never by a number. */
function lifetime({ expiresInDays: days, neverExpires = false }: CreateFlags) {
  if (days === undefined) return { neverExpires };
  return {
    neverExpires,
    ttl: { seconds: BigInt(parseWholeNumber('--expires-in-days', days, 1) * DAY_SECONDS) },
  };
}

function row(key: ApiKey): string[] {
  const state = key.revokeTime
    ? `revoked ${showTime(key.revokeTime)}`
    : key.expireTime
      ? `until ${showTime(key.expireTime)}`
      : 'in force';
  const { keyId, displayName, maskedKey } = key;
  return [
    keyId,
    displayName,
    Role[key.role].toLowerCase(),
    maskedKey,
    showTime(key.createTime),
    showTime(key.lastUseTime, 'never'),
    state,
  ];
}
