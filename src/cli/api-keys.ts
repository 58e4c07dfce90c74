/** `axiom api-keys create|list|revoke|roll`. */

import { create } from '@bufbuild/protobuf';
import { timestampMs } from '@bufbuild/protobuf/wkt';
import { Option, type Command } from 'commander';
import {
  AccessService,
  CreateApiKeyResponseSchema,
  ListApiKeysResponseSchema,
  Role,
  type ApiKey,
} from '../gen/axiom/access/v1/access_pb';
import { allPages } from './all-pages';
import { withConnection, withManagement, type ConnectionFlags, type Management } from './connection';
import { withExamples } from './examples';
import { EXIT } from './exit-codes';
import { CliError } from './failure';
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

const EXAMPLES = [
  'axiom api-keys create deploy-bot --role editor --expires-in-days 30',
  'axiom api-keys list',
  'axiom api-keys revoke deploy-bot                   by its name, or by an id that list shows',
  'axiom api-keys roll deploy-bot                     a new key; the old one lives on beside it',
  'axiom api-keys roll deploy-bot --revoke-old        once the new one is in use everywhere',
];

export function registerApiKeys(program: Command): void {
  const keys = program.command('api-keys').description("create, list and revoke your tenant's API keys");
  withExamples(keys, EXAMPLES);

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

  withConnection(keys.command('list').alias('ls'))
    .description('list API keys, masked')
    .option('--json', 'print JSON')
    .action(async (flags: Flags) => {
      await withManagement(flags, async (door) => {
        const apiKeys = await listKeys(door);
        if (flags.json)
          return printJson(ListApiKeysResponseSchema, create(ListApiKeysResponseSchema, { apiKeys }));
        printTable(['ID', 'NAME', 'ROLE', 'KEY', 'CREATED', 'LAST USED', 'STATE'], apiKeys.map(row));
      });
    });

  withConnection(keys.command('revoke <key>').alias('rm'))
    .description('revoke an API key, by its name or id, at once, with the console sessions that it opened')
    .option('--allow-lockout', 'even the key you use, or the last admin key of the tenant')
    .option('--json', 'print JSON')
    .action(async (which: string, flags: Flags & { allowLockout?: boolean }) => {
      await withManagement(flags, async (door) => {
        const keyId = await idOf(door, which);
        await revoke(door, keyId, flags.allowLockout);
        print(flags.json ? '{}' : `revoked ${which}`);
      });
    });
  registerRoll(keys);
}

function revoke(door: Management, keyId: string, allowLockout = false) {
  return door.client(AccessService).revokeApiKey({ keyId, allowLockout }, door.options());
}

/** Two keys of one name overlap for as long as it takes to put the new one where the old one is. */
function registerRoll(keys: Command): void {
  withConnection(keys.command('roll <key>'))
    .description('create a key with the name and role of another, which lives on until --revoke-old')
    .option('--expires-in-days <days>', 'how long the new one lives; default: 90')
    .option('--never-expires', 'it lives until it is revoked')
    .option('--revoke-old', 'create nothing; revoke every key of that name but the newest')
    .option('--json', 'print JSON')
    .action(async (which: string, flags: CreateFlags & { revokeOld?: boolean }) => {
      const ttl = lifetime(flags);
      await withManagement(flags, (door) =>
        flags.revokeOld === true ? revokeOlder(door, which, flags) : roll(door, which, ttl, flags),
      );
    });
}

async function roll(
  door: Management,
  which: string,
  ttl: ReturnType<typeof lifetime>,
  { json }: Flags,
): Promise<void> {
  const named = keysNamed(await listKeys(door), which);
  const old = named.at(-1) as ApiKey;
  const { displayName, role } = old;
  const answer = await door.client(AccessService).createApiKey({ displayName, role, ...ttl }, door.options());
  if (json) return printJson(CreateApiKeyResponseSchema, answer);
  print(answer.rawKey);
  note(
    `save this key now; it is not shown again. ${old.maskedKey} works beside it: when the new one is in use ` +
      `everywhere, run \`axiom api-keys roll ${displayName} --revoke-old\``,
  );
}

async function revokeOlder(door: Management, which: string, { json }: Flags): Promise<void> {
  const older = keysNamed(await listKeys(door), which).slice(0, -1);
  for (const { keyId } of older) await revoke(door, keyId);
  if (json) return print(JSON.stringify({ revoked: older.map((key) => key.keyId) }));
  for (const key of older) print(`revoked ${key.maskedKey} (${key.keyId})`);
  if (older.length === 0) print(`${which} has one key; there is no older one`);
}

function listKeys(door: Management): Promise<ApiKey[]> {
  return allPages(
    (page) => door.client(AccessService).listApiKeys(page, door.options()),
    (page) => page.apiKeys,
  );
}

/** An id, or the name of one key that is in force. @throws CliError for a name that several have. */
async function idOf(door: Management, which: string): Promise<string> {
  const keys = await listKeys(door);
  if (keys.some((key) => key.keyId === which)) return which;
  const named = keysNamed(keys, which);
  if (named.length > 1)
    throw new CliError(
      `${named.length} keys are named ${which}; revoke one by its id (\`axiom api-keys list\`), or all but the newest with \`axiom api-keys roll ${which} --revoke-old\``,
      EXIT.usage,
    );
  return (named[0] as ApiKey).keyId;
}

/** Those in force that have the id, or else the name; oldest first. @throws CliError where there is none. */
function keysNamed(keys: readonly ApiKey[], which: string): readonly ApiKey[] {
  const now = Date.now();
  const inForce = keys.filter(
    ({ revokeTime, expireTime }) =>
      revokeTime === undefined && (expireTime === undefined || timestampMs(expireTime) > now),
  );
  const byId = inForce.filter((key) => key.keyId === which);
  const found = byId.length > 0 ? byId : inForce.filter((key) => key.displayName === which);
  if (found.length > 0) return found;
  throw new CliError(
    `your tenant has no API key in force with the name or id ${which}; see \`axiom api-keys list\``,
    EXIT.notFound,
  );
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
