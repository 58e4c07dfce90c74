/** `axiom secrets add|replace|set|delete|list|import|usage|check|drain`. */

import type { Command } from 'commander';
import { parseSecretName } from '../domain/ids';
import { TENANT_SCOPE } from '../domain/scope';
import {
  AddSecretResponseSchema,
  DeleteSecretResponseSchema,
  ListSecretNamesResponseSchema,
  ReplaceSecretResponseSchema,
  SecretReceiptSchema,
  SecretsService,
  type ReplaceSecretRequestSchema,
  type SecretName,
  type SecretReceipt,
} from '../gen/axiom/secrets/v1/secrets_pb';
import { create, toJson, type MessageInitShape } from '@bufbuild/protobuf';
import { StatusError } from '../wire/status-error';
import { allPages } from './all-pages';
import { withConnection, withManagement, type ConnectionFlags, type Management } from './connection';
import { withExamples } from './examples';
import { print, printJson, printTable, showTime } from './output';
import { openSealing } from './sealing';
import { registerCheck } from './secrets-check';
import { registerDrain } from './secrets-drain';
import { registerImport } from './secrets-import';
import { registerUsage } from './secrets-usage';
import { readValue, withValueFlags, type ValueFlags } from './value-input';

interface Flags extends ConnectionFlags, ValueFlags {
  readonly json?: boolean;
  readonly etag?: string;
  readonly revokeRunning?: boolean;
}

const EXAMPLES = [
  'axiom secrets add ANTHROPIC_API_KEY               asks for the value, masked',
  'pass show llm | axiom secrets add ANTHROPIC_API_KEY --strip-newline',
  'axiom secrets add TLS_KEY --file server.key',
  'axiom secrets replace TLS_KEY --file server.key',
  'axiom secrets set DEPLOY_KEY --file deploy.key    in CI: adds or replaces, and says which',
  'axiom secrets list',
  'axiom secrets import .env --dry-run               what would become of each name',
  'axiom secrets usage --unread-days 90              what nothing has read for long',
  'axiom secrets check                               what the package here declares and you lack',
  'axiom secrets check my-org/greeter@0.1.0          what a published one declares',
  'axiom secrets drain DEPLOY_KEY --timeout 900      until the old value is in no running execution',
  'axiom secrets drain DEPLOY_KEY --timeout 0        asks once',
  'axiom secrets drain DEPLOY_KEY --config checkout/eu    the value that this config has of its own',
  'axiom secrets delete OLD_KEY --revoke-running     also takes it from running executions',
];

export function registerSecrets(program: Command): void {
  const secrets = program
    .command('secrets')
    .description('add, replace, delete and list secrets of your tenant');
  withExamples(secrets, EXAMPLES);

  valueCommand(secrets, 'add', 'add a secret under a name that is free').action(
    async (name: string, flags: Flags) => {
      const value = await readValue(flags, `Value of ${parseSecretName(name)}`);
      await withManagement(flags, async (door) => {
        const content = await (await openSealing(door)).seal(TENANT_SCOPE, name, value);
        const request = { name, content };
        const answer = await door.client(SecretsService).addSecret(request, door.options());
        if (flags.json) printJson(AddSecretResponseSchema, answer);
        else printReceipt('added', answer.receipt);
      });
    },
  );

  valueCommand(secrets, 'replace', 'replace the value of a secret that exists')
    .option('--etag <etag>', 'replace only this version, as `secrets list --json` shows it')
    .option('--revoke-running', 'also take the old value from executions that are already running')
    .action(async (name: string, flags: Flags) => {
      const value = await readValue(flags, `New value of ${parseSecretName(name)}`);
      await withManagement(flags, async (door) => {
        const content = await (await openSealing(door)).seal(TENANT_SCOPE, name, value);
        const request = {
          name,
          content,
          etag: flags.etag ?? '',
          revokeRunning: flags.revokeRunning ?? false,
        };
        const answer = await door.client(SecretsService).replaceSecret(request, door.options());
        if (flags.json) printJson(ReplaceSecretResponseSchema, answer);
        else printReceipt('replaced', answer.receipt);
      });
    });

  valueCommand(secrets, 'set', 'add a secret, or replace the one that has the name; says which it did')
    .option('--revoke-running', 'also take an old value from executions that are already running')
    .action(async (name: string, flags: Flags) => {
      const value = await readValue(flags, `Value of ${parseSecretName(name)}`);
      await withManagement(flags, async (door) => {
        const content = await (await openSealing(door)).seal(TENANT_SCOPE, name, value);
        const { outcome, receipt } = await addOrReplace(door, { name, content }, flags);
        if (!flags.json) return printReceipt(outcome, receipt);
        const shown = receipt && toJson(SecretReceiptSchema, receipt, { alwaysEmitImplicit: true });
        print(JSON.stringify({ outcome, receipt: shown }));
      });
    });

  withConnection(secrets.command('delete <name>').alias('rm'))
    .description('delete a secret; the next execution does not see it')
    .option('--etag <etag>', 'delete only this version')
    .option('--revoke-running', 'also take the value from executions that are already running')
    .option('--dry-run', 'delete nothing; say which configs and packages it concerns')
    .option('--json', 'print JSON')
    .action(async (name: string, flags: Flags & { dryRun?: boolean }) => {
      await withManagement(flags, async (door) => {
        const request = {
          name,
          etag: flags.etag ?? '',
          revokeRunning: flags.revokeRunning ?? false,
          validateOnly: flags.dryRun ?? false,
        };
        const answer = await door.client(SecretsService).deleteSecret(request, door.options());
        if (flags.json) return printJson(DeleteSecretResponseSchema, answer);
        print(flags.dryRun ? `would delete ${name}` : `deleted ${name}; the next execution does not see it`);
        for (const config of answer.overridingConfigs)
          print(`  still overridden by profile ${config.profileName} of flow ${config.flowId}`);
        for (const declaring of answer.declaringPackages) print(`  declared by package ${declaring}`);
      });
    });

  withConnection(secrets.command('list').alias('ls'))
    .description('list names and dates; values are never shown')
    .option('--json', 'print JSON')
    .action(async (flags: Flags) => {
      const names = await withManagement(flags, listAll);
      if (flags.json)
        return printJson(
          ListSecretNamesResponseSchema,
          create(ListSecretNamesResponseSchema, { secrets: names }),
        );
      if (names.length === 0) return print('no secrets yet; add one with `axiom secrets add NAME`');
      printTable(
        ['NAME', 'ADDED', 'UPDATED'],
        names.map((row) => [row.name, showTime(row.createTime), showTime(row.updateTime)]),
      );
    });

  for (const register of [registerImport, registerUsage, registerCheck, registerDrain]) register(secrets);
}

/** Replace first: where one value is set again and again, that is what it mostly is, and a refused add is an event. */
async function addOrReplace(
  door: Management,
  named: Pick<MessageInitShape<typeof ReplaceSecretRequestSchema>, 'name' | 'content'>,
  { revokeRunning = false }: Flags,
): Promise<{ outcome: 'added' | 'replaced'; receipt: SecretReceipt | undefined }> {
  const client = door.client(SecretsService);
  try {
    const { receipt } = await client.replaceSecret({ ...named, revokeRunning }, door.options());
    return { outcome: 'replaced', receipt };
  } catch (error) {
    if (!(error instanceof StatusError && error.codeName === 'NOT_FOUND')) throw error;
    const { receipt } = await client.addSecret(named, door.options());
    return { outcome: 'added', receipt };
  }
}

function valueCommand(secrets: Command, verb: string, description: string): Command {
  return withValueFlags(withConnection(secrets.command(`${verb} <name>`)))
    .description(`${description}; the value comes from a masked prompt, stdin or --file`)
    .option('--json', 'print JSON');
}

function listAll(door: Management): Promise<SecretName[]> {
  return allPages(
    (page) => door.client(SecretsService).listSecretNames(page, door.options()),
    (page) => page.secrets,
  );
}

function printReceipt(verb: string, receipt: SecretReceipt | undefined): void {
  if (receipt === undefined) return;
  // Not how long it is: what a log of a build shows would help whoever guesses.
  print(`${verb} ${receipt.name}: shorter than ${receipt.paddedBytes} bytes, version ${receipt.version}`);
}
