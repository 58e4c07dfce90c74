/** The text of a file of many values: UTF-8, or nothing. */

import { EXIT } from '../exit-codes';
import { CliError } from '../failure';

/** @param bytes overwritten after. @throws CliError for what is not UTF-8: its values would be others. */
export function textOf(bytes: Uint8Array): string {
  // UTF-16 without a mark is UTF-8 of letters and NULs; what a reader of NULs makes of them is anybody's guess.
  const text = bytes.includes(0) ? undefined : decoded(bytes);
  bytes.fill(0);
  if (text !== undefined) return text;
  throw new CliError('the file is not UTF-8 text, and nothing of it was taken; save it as UTF-8', EXIT.usage);
}

function decoded(bytes: Uint8Array): string | undefined {
  try {
    // With its byte order mark: what readers make of that differs.
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
