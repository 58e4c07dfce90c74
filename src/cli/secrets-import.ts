/** `axiom secrets import`: many secrets from a .env or JSON file, all checked before the first is sent. */

import type { Command } from 'commander';
import { parse as parseDotenv } from 'dotenv';
import { DomainError } from '../domain/errors';
import { parseSecretName } from '../domain/ids';
import { TENANT_SCOPE } from '../domain/scope';
import { SecretValue } from '../domain/secret-value';
import { SecretsService } from '../gen/axiom/secrets/v1/secrets_pb';
import { StatusError } from '../wire/status-error';
import { withConnection, withManagement, type ConnectionFlags, type Management } from './connection';
import { checkEnvText } from './env-text';
import { EXIT } from './exit-codes';
import { CliError } from './failure';
import { note, print } from './output';
import { openSealing } from './sealing';
import { readFileUpTo, readStdinUpTo } from './read-input';

interface Flags extends ConnectionFlags {
  readonly json?: boolean;
  readonly replace?: boolean;
  readonly format?: string;
}

/** A full scope in JSON, each byte written as \u00xx. */
const LIMIT = { bytes: 8 * 1024 * 1024, reason: 'a tenant holds at most 1 MiB of values' };
/** What UTF-16 has and UTF-8 has not: it would be stored as another character. */
const LONE_SURROGATE = /\p{Surrogate}/u;

type Outcome = 'added' | 'replaced' | 'kept';

export function registerImport(secrets: Command): void {
  withConnection(secrets.command('import <file>'))
    .description(
      'add the secrets of a .env or JSON file (- is stdin); names that stand are kept unless --replace',
    )
    .option('--replace', 'replace the values of names that stand')
    .option('--format <format>', 'env or json; default: json for *.json, else env')
    .option('--json', 'print JSON')
    .action(async (file: string, flags: Flags) => {
      const entries = parseEntries(
        await readText(file),
        flags.format ?? (file.endsWith('.json') ? 'json' : 'env'),
      );
      const outcomes = await withManagement(flags, (door) =>
        importAll(door, entries, flags.replace ?? false),
      );
      if (flags.json) return print(JSON.stringify({ secrets: outcomes }));
      for (const { name, outcome } of outcomes) {
        print(
          outcome === 'kept'
            ? `kept ${name}: it exists already; use --replace to overwrite it`
            : `${outcome} ${name}`,
        );
      }
    });
}

async function readText(file: string): Promise<string> {
  const bytes =
    file === '-' ? await readStdinUpTo(LIMIT) : await readFileUpTo(file, 'the file to import', LIMIT);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new CliError('the file is not UTF-8 text, and nothing was imported; save it as UTF-8', EXIT.usage);
  }
}

/** @throws CliError naming every entry that could not be stored; values never show. */
function parseEntries(
  text: string,
  format: string,
): readonly { readonly name: string; readonly value: Uint8Array }[] {
  const raw = format === 'json' ? parseJsonObject(text) : format === 'env' ? parseEnv(text) : undefined;
  if (raw === undefined) throw new CliError(`--format is env or json, not ${format}`, EXIT.usage);
  const wrong: string[] = [];
  const entries = Object.entries(raw).map(([name, content]) => {
    const value = Buffer.from(typeof content === 'string' ? content : '', 'utf8');
    try {
      parseSecretName(name);
      SecretValue.parse(value);
      if (LONE_SURROGATE.test(String(content)))
        wrong.push(`${JSON.stringify(name)}: is no text: half of a character is missing`);
    } catch (error) {
      wrong.push(
        `${JSON.stringify(name)}: ${error instanceof DomainError ? error.message : 'is not a string'}`,
      );
    }
    return { name, value };
  });
  if (wrong.length > 0) throw new CliError(`nothing was imported:\n  ${wrong.join('\n  ')}`, EXIT.usage);
  return entries;
}

function parseEnv(text: string): Record<string, string> {
  checkEnvText(text);
  return parseDotenv(text);
}

function parseJsonObject(text: string): Record<string, unknown> {
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed))
      return parsed as Record<string, unknown>;
  } catch {
    // The parser's message quotes the text, which is made of values.
  }
  throw new CliError('the file is not one JSON object of names and strings', EXIT.usage);
}

async function importAll(
  door: Management,
  entries: readonly { readonly name: string; readonly value: Uint8Array }[],
  replace: boolean,
): Promise<{ readonly name: string; readonly outcome: Outcome }[]> {
  const secrets = door.client(SecretsService);
  const sealing = await openSealing(door);
  const importOne = async (name: string, value: Uint8Array): Promise<Outcome> => {
    const request = { name, content: await sealing.seal(TENANT_SCOPE, name, value) };
    try {
      await secrets.addSecret(request, door.options());
      return 'added';
    } catch (error) {
      if (!(error instanceof StatusError) || error.codeName !== 'ALREADY_EXISTS') throw error;
    }
    if (!replace) return 'kept';
    await secrets.replaceSecret(request, door.options());
    return 'replaced';
  };
  const outcomes: { name: string; outcome: Outcome }[] = [];
  for (const { name, value } of entries) {
    try {
      outcomes.push({ name, outcome: await importOne(name, value) });
    } catch (error) {
      note(`${outcomes.length} of ${entries.length} were imported; ${name} was not, nor what comes after it`);
      throw error;
    }
  }
  return outcomes;
}
