/** `axiom secrets import`: many secrets from a .env, JSON or YAML file, all of them in one call or none. */

import type { MessageInitShape } from '@bufbuild/protobuf';
import { Option, type Command } from 'commander';
import { TENANT_SCOPE } from '../domain/scope';
import {
  ImportAction,
  ImportIfExists,
  type SecretImportSchema,
  SecretsService,
} from '../gen/axiom/secrets/v1/secrets_pb';
import { allPages } from './all-pages';
import { withConnection, withManagement, type ConnectionFlags, type Management } from './connection';
import { EXIT } from './exit-codes';
import { CliError } from './failure';
import { DIALECTS, type Dialect } from './import/dialects';
import { textOf } from './import/file-text';
import { FORMATS, readImportFile, type Format, type ImportEntry } from './import/import-file';
import { note, print } from './output';
import { openSealing } from './sealing';
import { readFileUpTo, readStdinUpTo } from './read-input';

interface Flags extends ConnectionFlags {
  readonly json?: boolean;
  readonly replace?: boolean;
  readonly format?: Format;
  readonly dialect?: Dialect;
  readonly dryRun?: boolean;
  readonly skipEmpty?: boolean;
  readonly strict?: boolean;
}

/** A full scope in JSON, each byte written as \u00xx. */
const LIMIT = { bytes: 8 * 1024 * 1024, reason: 'a tenant holds at most 1 MiB of values' };
/** Of so many secrets and more, progress is told each time that so many are sealed. */
const PROGRESS = 200;

type Outcome = 'added' | 'replaced' | 'kept' | 'skipped';

interface Result {
  readonly name: string;
  readonly outcome: Outcome;
}

const OUTCOMES: Record<ImportAction, Outcome> = {
  [ImportAction.UNSPECIFIED]: 'kept',
  [ImportAction.ADDED]: 'added',
  [ImportAction.REPLACED]: 'replaced',
  [ImportAction.KEPT]: 'kept',
};

export function registerImport(secrets: Command): void {
  withConnection(secrets.command('import <file>'))
    .description(
      'add the secrets of a .env, JSON or YAML file (- is stdin), all or none; names that exist are kept unless --replace',
    )
    .option('--replace', 'replace the values of names that exist')
    .option('--dry-run', 'import nothing; say what would become of each name')
    .option('--skip-empty', 'leave out names whose value is empty')
    .option('--strict', 'import nothing where there is something to warn of in a value')
    .addOption(
      new Option('--format <format>', "default: by the file's ending, else env").choices([...FORMATS]),
    )
    .addOption(
      new Option('--dialect <dialect>', 'whose .env file it is, where they differ').choices([...DIALECTS]),
    )
    .option('--json', 'print JSON')
    .action(async (file: string, flags: Flags) => {
      const { entries, skipped, warnings } = readImportFile(await readText(file), {
        format: flags.format ?? formatOf(file),
        dialect: flags.dialect,
        isChoice: true,
        skipEmpty: flags.skipEmpty ?? false,
      });
      for (const warning of warnings) note(`warning: ${warning}`);
      if (flags.strict && warnings.length > 0)
        throw new CliError(
          'values were warned of, and nothing was imported; mend them, or leave --strict out',
          EXIT.usage,
        );
      const imported =
        entries.length === 0 ? [] : await withManagement(flags, (door) => carryOut(door, entries, flags));
      const results = [...imported, ...skipped.map((name): Result => ({ name, outcome: 'skipped' }))];
      if (flags.json) return print(JSON.stringify({ secrets: results }));
      for (const result of results) print(sentence(result, flags.dryRun ?? false));
      if (results.length === 0) print('the file has no secrets, and nothing was imported');
    });
}

function carryOut(door: Management, entries: readonly ImportEntry[], flags: Flags): Promise<Result[]> {
  const replace = flags.replace ?? false;
  return flags.dryRun
    ? foresee(door, entries, replace)
    : importAll(door, entries, replace, flags.json ?? false);
}

/** What would become of each: the values do not leave this machine. */
async function foresee(
  door: Management,
  entries: readonly ImportEntry[],
  replace: boolean,
): Promise<Result[]> {
  const listed = await allPages(
    (page) => door.client(SecretsService).listSecretNames(page, door.options()),
    (page) => page.secrets,
  );
  const standing = new Set(listed.map(({ name }) => name));
  return entries.map(({ name }) => ({
    name,
    outcome: standing.has(name) ? (replace ? 'replaced' : 'kept') : 'added',
  }));
}

async function importAll(
  door: Management,
  entries: readonly ImportEntry[],
  replace: boolean,
  isQuiet: boolean,
): Promise<Result[]> {
  const sealing = await openSealing(door);
  const secrets: SecretInit[] = [];
  for (const { name, value } of entries) {
    secrets.push({ name, content: await sealing.seal(TENANT_SCOPE, name, value) });
    if (!isQuiet && entries.length >= PROGRESS && secrets.length % PROGRESS === 0)
      note(`sealed ${secrets.length} of ${entries.length}`);
  }
  const ifExists = replace ? ImportIfExists.REPLACE : ImportIfExists.KEEP;
  const answer = await door.client(SecretsService).importSecrets({ secrets, ifExists }, door.options());
  return answer.secrets.map(({ receipt, action }) => ({
    name: receipt?.name ?? '',
    outcome: OUTCOMES[action],
  }));
}

type SecretInit = MessageInitShape<typeof SecretImportSchema>;

const WOULD = { added: 'would add', replaced: 'would replace', kept: 'would keep', skipped: 'would skip' };

function sentence({ name, outcome }: Result, isForeseen: boolean): string {
  const done = `${isForeseen ? WOULD[outcome] : outcome} ${name}`;
  if (outcome === 'kept') return `${done}: it exists already; use --replace to overwrite it`;
  return outcome === 'skipped' ? `${done}: its value is empty` : done;
}

function formatOf(file: string): Format {
  if (file.endsWith('.json')) return 'json';
  return /\.ya?ml$/.test(file) ? 'yaml' : 'env';
}

async function readText(file: string): Promise<string> {
  return textOf(
    file === '-' ? await readStdinUpTo(LIMIT) : await readFileUpTo(file, 'the file to import', LIMIT),
  );
}
