/** Values for `axiom run --secrets-file`: lines of NAME=value, or a JSON object of texts. They go nowhere but to the node. */

import { parse } from 'dotenv';
import { parseSecretName } from '../domain/ids';
import { checkEnvText } from './env-text';
import { EXIT } from './exit-codes';
import { CliError } from './failure';
import { readFileUpTo } from './read-input';

const LIMIT = { bytes: 2 * 1024 * 1024, reason: 'a tenant has no more secrets' };

/** @throws CliError that says what is wrong, never with a value. */
export async function readSecretsFile(path: string): Promise<ReadonlyMap<string, Uint8Array>> {
  const text = (await readFileUpTo(path, 'the file that --secrets-file names', LIMIT)).toString('utf8');
  const entries = text.trimStart().startsWith('{') ? fromJson(text) : fromLines(text);
  return new Map(
    entries.map(([name, value]) => [
      parseSecretName(name, '--secrets-file'),
      Buffer.from(value, 'utf8') as Uint8Array,
    ]),
  );
}

function fromLines(text: string): [string, string][] {
  checkEnvText(text);
  return Object.entries(parse(text));
}

function fromJson(text: string): [string, string][] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw new CliError('--secrets-file begins as JSON and is not; give {"NAME":"value"}', EXIT.usage);
  }
  const entries = Object.entries(parsed as Record<string, unknown>);
  const wrong = entries.find(([, value]) => typeof value !== 'string');
  if (wrong !== undefined)
    throw new CliError(
      `the value of ${wrong[0]} in --secrets-file is not a text; put it in quotes`,
      EXIT.usage,
    );
  return entries as [string, string][];
}
