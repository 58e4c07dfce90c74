/** Quotes within quotes: `'\''` and `'"'"'` in shells, `''` in SQL and YAML, `""` in CSV. */

import type { EscapeSyntax } from './escape-syntax';

const SINGLE = 0x27;
const DOUBLE = 0x22;
const BACKSLASH = 0x5c;

export const QUOTES: EscapeSyntax = {
  begins: `'"`,
  decode({ bytes, from }, begin, end, out) {
    for (let i = begin; i < end;) {
      out.push(bytes[i] as number, from[i] as number);
      i += quoteAt(bytes, i, end);
    }
  },
};

/** How many bytes write the one byte at `at`. */
function quoteAt(bytes: Uint8Array, at: number, length: number): number {
  const quote = bytes[at];
  if ((quote !== SINGLE && quote !== DOUBLE) || at + 1 >= length) return 1;
  const next = bytes[at + 1];
  if (quote === SINGLE && at + 3 < length && next === BACKSLASH && bytes[at + 2] === SINGLE)
    return bytes[at + 3] === SINGLE ? 4 : 1;
  if (quote === SINGLE && at + 4 < length && next === DOUBLE && bytes[at + 2] === SINGLE)
    return bytes[at + 3] === DOUBLE && bytes[at + 4] === SINGLE ? 5 : 1;
  return next === quote ? 2 : 1;
}
