/** Character references of HTML and XML: `&amp;`, `&#39;`, `&#x27;`, encoded again (`&amp;#39;`) or not. */

import type { ScratchStream, Stream } from '../stream';
import { AMPERSAND, HEX_DIGITS } from './characters';

const SEMICOLON = 0x3b;
const HASH = 0x23;
/** Between `&` and `;`. */
const LONGEST = 9;
const LOWER_X = 0x78;
const UPPER_X = 0x58;

// Those that encoders write: XML's five (XML 1.0 §4.6), and what Go's, Java's and PHP's add.
const NAMED: Readonly<Record<string, number>> = {
  ...{ amp: 0x26, lt: 0x3c, gt: 0x3e, quot: 0x22, apos: 0x27, plus: 0x2b, equals: 0x3d, sol: 0x2f },
  ...{ nbsp: 0xa0, Tab: 9, NewLine: 10, grave: 0x60, lbrace: 0x7b, rbrace: 0x7d, num: 0x23, excl: 0x21 },
};

/** The names as a trie over ASCII: by state * 128 + byte the state that follows, after `;` the code point. */
const NAMES = new Uint8Array(64 * 128);
let states = 1;
for (const [name, codePoint] of Object.entries(NAMED)) {
  let state = 0;
  for (const letter of Buffer.from(name)) {
    if (NAMES[state * 128 + letter] === 0) NAMES[state * 128 + letter] = states++;
    state = NAMES[state * 128 + letter] as number;
  }
  NAMES[state * 128 + SEMICOLON] = codePoint;
}

/** Where the last reference that was read ends. */
let referenceEnd = 0;

/** Adds what is written from the `&` at `at` on. @returns where the text goes on. */
export function referenced({ bytes, from, length }: Stream, at: number, out: ScratchStream): number {
  let codePoint = AMPERSAND;
  let end = at + 1;
  while (codePoint === AMPERSAND) {
    const next =
      bytes[end] === HASH && end < length ? numbered(bytes, end + 1, length) : named(bytes, end, length);
    if (next < 0) break;
    codePoint = next;
    end = referenceEnd;
  }
  if (end === at + 1) out.push(AMPERSAND, from[at] as number);
  else out.pushDecoded(codePoint, from[at] as number);
  return end;
}

/** The code point of the name that begins at `begin`, or -1. */
function named(bytes: Uint8Array, begin: number, length: number): number {
  let state = 0;
  for (let i = begin; i < length; i++) {
    const byte = bytes[i] as number;
    const next = byte < 128 ? (NAMES[state * 128 + byte] as number) : 0;
    if (next === 0) return -1;
    if (byte === SEMICOLON) {
      referenceEnd = i + 1;
      return next;
    }
    state = next;
  }
  return -1;
}

/** The code point that the number at `begin` writes, or -1. */
function numbered(bytes: Uint8Array, begin: number, length: number): number {
  const isHex = begin < length && (bytes[begin] === LOWER_X || bytes[begin] === UPPER_X);
  const base = isHex ? 16 : 10;
  const first = isHex ? begin + 1 : begin;
  const last = Math.min(length, begin + LONGEST);
  let codePoint = 0;
  for (let i = first; i < last; i++) {
    const byte = bytes[i] as number;
    if (byte === SEMICOLON && i > first) {
      referenceEnd = i + 1;
      return codePoint;
    }
    const digit = HEX_DIGITS[byte] as number;
    if (digit < 0 || digit >= base) return -1;
    codePoint = codePoint * base + digit;
  }
  return -1;
}
