/** Values for `axiom run --secrets-file`, read and judged as an import is. They go nowhere but to the node. */

import { textOf } from './import/file-text';
import { readImportFile } from './import/import-file';
import { readFileUpTo } from './read-input';

const LIMIT = { bytes: 2 * 1024 * 1024, reason: 'a tenant has no more secrets' };

/** @throws CliError naming every line that is wrong, never with a value. */
export async function readSecretsFile(path: string): Promise<ReadonlyMap<string, Uint8Array>> {
  const text = textOf(await readFileUpTo(path, 'the file that --secrets-file names', LIMIT));
  const format = text.trimStart().startsWith('{') ? 'json' : 'env';
  const { entries } = readImportFile(text, { format, isChoice: false, skipEmpty: true });
  return new Map(entries.map(({ name, value }) => [name, value]));
}
