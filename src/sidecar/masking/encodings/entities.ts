/** Character references of HTML and XML: `&amp;`, `&#39;`, `&#x27;`. */

import { HEX_DIGITS } from './characters';
import type { EscapeSyntax } from './escape-syntax';

const AMPERSAND = 0x26;
const SEMICOLON = 0x3b;
const LONGEST = 10;

// Those that encoders write: XML's five (XML 1.0 §4.6), and what Go's, Java's and PHP's add.
const NAMED: Readonly<Record<string, number>> = {
  ...{ amp: 0x26, lt: 0x3c, gt: 0x3e, quot: 0x22, apos: 0x27, plus: 0x2b, equals: 0x3d, sol: 0x2f },
  ...{ nbsp: 0xa0, Tab: 9, NewLine: 10, grave: 0x60, lbrace: 0x7b, rbrace: 0x7d, num: 0x23, excl: 0x21 },
};

export const ENTITIES: EscapeSyntax = {
  begins: '&',
  decode({ bytes, from }, begin, end, out) {
    for (let i = begin; i < end;) {
      const byte = bytes[i] as number;
      const last = byte === AMPERSAND ? endOfReference(bytes, i, end) : -1;
      const codePoint = last < 0 ? -1 : referenced(bytes, i + 1, last);
      if (codePoint >= 0) out.pushCharacter(codePoint, from[i] as number);
      else out.push(byte, from[i] as number);
      i = codePoint >= 0 ? last + 1 : i + 1;
    }
  },
};

function endOfReference(bytes: Uint8Array, at: number, length: number): number {
  const last = Math.min(length, at + LONGEST);
  for (let i = at + 1; i < last; i++) if (bytes[i] === SEMICOLON) return i;
  return -1;
}

/** What is between `&` and `;`, as a code point, or -1. */
function referenced(bytes: Uint8Array, begin: number, end: number): number {
  if (bytes[begin] !== 0x23) {
    const name = String.fromCharCode(...bytes.subarray(begin, end));
    return Object.hasOwn(NAMED, name) ? (NAMED[name] as number) : -1;
  }
  const hex = bytes[begin + 1] === 0x78 || bytes[begin + 1] === 0x58;
  const base = hex ? 16 : 10;
  const first = begin + (hex ? 2 : 1);
  if (first >= end) return -1;
  let codePoint = 0;
  for (let i = first; i < end; i++) {
    const digit = HEX_DIGITS[bytes[i] as number] as number;
    if (digit < 0 || digit >= base) return -1;
    codePoint = codePoint * base + digit;
  }
  return codePoint;
}
