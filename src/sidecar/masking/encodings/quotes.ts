/** Quotes within quotes: `'\''` and `'"'"'` in shells, `''` in SQL and YAML, `""` in CSV. */

import type { ScratchStream, Stream } from '../stream';
import { BACKSLASH, DOUBLE_QUOTE, SINGLE_QUOTE } from './characters';

/** Whether the quote at `at` may be one of several that write one. */
export function isDoubled(bytes: Uint8Array, at: number, length: number): boolean {
  if (at + 1 >= length) return false;
  const quote = bytes[at];
  const next = bytes[at + 1];
  return next === quote || (quote === SINGLE_QUOTE && (next === BACKSLASH || next === DOUBLE_QUOTE));
}

/** Adds the quote that those from `at` on write. @returns where the text goes on. */
export function quoted({ bytes, from, length }: Stream, at: number, out: ScratchStream): number {
  const quote = bytes[at] as number;
  out.pushQuote(quote, from[at] as number);
  let end = at + 1;
  while (end < length && bytes[end] === quote) end++;
  if (end > at + 1 || quote !== SINGLE_QUOTE) return end;
  if (at + 3 < length && bytes[at + 1] === BACKSLASH && bytes[at + 2] === quote && bytes[at + 3] === quote)
    return at + 4;
  const isShells =
    at + 4 < length &&
    bytes[at + 1] === DOUBLE_QUOTE &&
    bytes[at + 2] === quote &&
    bytes[at + 3] === DOUBLE_QUOTE &&
    bytes[at + 4] === quote;
  return isShells ? at + 5 : end;
}
