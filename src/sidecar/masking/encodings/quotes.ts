/** Quotes within quotes: `'\''` and `'"'"'` in shells, `''` in SQL and YAML, `""` in CSV. */

import type { ScratchStream, Stream } from '../stream';

const SINGLE = 0x27;
const DOUBLE = 0x22;
const BACKSLASH = 0x5c;

/** @returns whether anything was decoded. */
export function decodeQuotes({ bytes, from, length }: Stream, out: ScratchStream): boolean {
  if (!hasPair(bytes, length)) return false;
  out.reset(length);
  let decoded = false;
  for (let i = 0; i < length;) {
    const width = quoteAt(bytes, i, length);
    out.push(bytes[i] as number, from[i] as number);
    decoded ||= width > 1;
    i += width;
  }
  out.close(from[length] as number);
  return decoded;
}

function hasPair(bytes: Uint8Array, length: number): boolean {
  for (const quote of [SINGLE, DOUBLE]) {
    const first = bytes.indexOf(quote);
    if (first < 0 || first >= length) continue;
    const second = bytes.indexOf(quote, first + 1);
    if (second >= 0 && second < length) return true;
  }
  return false;
}

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
