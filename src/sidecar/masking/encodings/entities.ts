/** Character references of HTML and XML: `&amp;`, `&#39;`, `&#x27;`. */

import type { ScratchStream } from '../stream';
import { AMPERSAND, HEX_DIGITS, LOWER_X, NO_ESCAPE, SEMICOLON } from './characters';
import { pushCodePoint } from './code-points';
import { NO_WHOLE_ESCAPE, wholeCodePoint } from './whole-escape';

const HASH = 0x23;
/** Between `&` and `;`. */
const LONGEST = 9;
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

/** The reference that an `&` in front of `at` begins. */
export function afterAmpersand(bytes: Uint8Array, at: number, length: number): number {
  const codePoint = numberedOrNamed(bytes, at, Math.min(length, at + 1 + LONGEST));
  if (codePoint < 0) return NO_WHOLE_ESCAPE;
  let end = at;
  while (bytes[end] !== SEMICOLON) end++;
  return wholeCodePoint(codePoint, end + 1 - at);
}

/** Takes back the reference that the last `;` ends. @returns its code point where that is ASCII, WRITTEN or NO_ESCAPE. */
export function reference(out: ScratchStream): number {
  const { bytes, length } = out;
  const least = Math.max(0, length - 2 - LONGEST);
  let begin = length - 2;
  while (begin > least && bytes[begin] !== AMPERSAND) begin--;
  if (begin < 0 || bytes[begin] !== AMPERSAND) return NO_ESCAPE;
  const codePoint = numberedOrNamed(bytes, begin + 1, length);
  if (codePoint < 0) return NO_ESCAPE;
  out.cut(begin);
  return pushCodePoint(codePoint, out);
}

/** The code point of the reference whose `&` is in front of `begin`, or -1. */
function numberedOrNamed(bytes: Uint8Array, begin: number, length: number): number {
  return bytes[begin] === HASH ? numbered(bytes, begin + 1, length) : named(bytes, begin, length);
}

/** The code point of the name that begins at `begin`, or -1. */
function named(bytes: Uint8Array, begin: number, length: number): number {
  let state = 0;
  for (let i = begin; i < length; i++) {
    const byte = bytes[i] as number;
    const next = byte < 128 ? (NAMES[state * 128 + byte] as number) : 0;
    if (next === 0) return -1;
    if (byte === SEMICOLON) return next;
    state = next;
  }
  return -1;
}

/** The code point that the number at `begin` writes, or -1. */
function numbered(bytes: Uint8Array, begin: number, length: number): number {
  const isHex = begin < length && (bytes[begin] === LOWER_X || bytes[begin] === UPPER_X);
  const base = isHex ? 16 : 10;
  const first = isHex ? begin + 1 : begin;
  let codePoint = 0;
  for (let i = first; i < length; i++) {
    const byte = bytes[i] as number;
    if (byte === SEMICOLON && i > first) return codePoint;
    const digit = HEX_DIGITS[byte] as number;
    if (digit < 0 || digit >= base) return -1;
    codePoint = codePoint * base + digit;
  }
  return -1;
}
