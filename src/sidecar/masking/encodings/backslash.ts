/**
 * Escapes that begin with a backslash, as JSON (RFC 8259 §7), C, Go's %q, Python's repr,
 * Rust's {:?} and shells write them.
 */

import type { ScratchStream } from '../stream';
import {
  BACKSLASH,
  CLOSING_BRACE,
  HEX_DIGITS,
  hexNumber,
  LOWER_X,
  NO_ESCAPE,
  twoHexDigits,
} from './characters';
import { pushCodePoint } from './code-points';
import { NO_WHOLE_ESCAPE, wholeByte, wholeCodePoint } from './whole-escape';

const LOWER_U = 0x75;
const UPPER_U = 0x55;
const OPENING_BRACE = 0x7b;
const LONGEST_IN_BRACES = 6;

const LETTERS: Readonly<Record<string, number>> = {
  ...{ n: 10, t: 9, r: 13, b: 8, f: 12, v: 11, a: 7, e: 27 },
};

/** The character after the backslash is the beginning of an escape of several. */
export const LONGER_ESCAPE = -1;
/** By the character after a backslash: what both stand for, be it LONGER_ESCAPE. Before what escapes nothing a backslash is nothing. */
export const AFTER_BACKSLASH = Int16Array.from({ length: 256 }, (_, byte) => byte);
for (const [letter, byte] of Object.entries(LETTERS)) AFTER_BACKSLASH[letter.charCodeAt(0)] = byte;
for (const letter of 'xuU01234567') AFTER_BACKSLASH[letter.charCodeAt(0)] = LONGER_ESCAPE;

/** The escape that a backslash in front of `at` begins, where it is one with digits. */
export function afterBackslash(bytes: Uint8Array, at: number, length: number): number {
  if (at + 2 >= length) return NO_WHOLE_ESCAPE;
  const letter = bytes[at];
  if (letter === LOWER_X) return wholeByte(twoHexDigits(bytes, at + 1), 3);
  if (letter === LOWER_U) {
    if (bytes[at + 1] === OPENING_BRACE) return afterBrace(bytes, at + 2, length);
    if (at + 4 >= length) return NO_WHOLE_ESCAPE;
    return wholeCodePoint((twoHexDigits(bytes, at + 1) << 8) | twoHexDigits(bytes, at + 3), 5);
  }
  if (letter === UPPER_U) return wholeCodePoint(hexNumber(bytes, at + 1, 8, length), 9);
  return wholeByte(octalNumber(bytes, at), 3);
}

/** What is left of `\u{2b}` after its brace. */
function afterBrace(bytes: Uint8Array, begin: number, length: number): number {
  let codePoint = 0;
  let at = begin;
  for (const most = Math.min(length, begin + LONGEST_IN_BRACES); at < most; at++) {
    const digit = HEX_DIGITS[bytes[at] as number] as number;
    if (digit < 0) break;
    codePoint = codePoint * 16 + digit;
  }
  const isWhole = at > begin && at < length && bytes[at] === CLOSING_BRACE;
  return isWhole ? wholeCodePoint(codePoint, at + 3 - begin) : NO_WHOLE_ESCAPE;
}

/** Takes back the escape that the last digit ends: `\x2b`, `\053`, `\u002b`, `\U0000002b`. @returns a byte, WRITTEN or NO_ESCAPE. */
export function backslashNumber(out: ScratchStream): number {
  const { bytes, length } = out;
  if (beginsWith(bytes, length - 4, LOWER_X)) return byteEscape(out, hexNumber(bytes, length - 2, 2, length));
  if (length >= 4 && bytes[length - 4] === BACKSLASH) return byteEscape(out, octalNumber(bytes, length - 3));
  if (beginsWith(bytes, length - 6, LOWER_U)) return codePointEscape(out, length - 6, 4);
  if (beginsWith(bytes, length - 10, UPPER_U)) return codePointEscape(out, length - 10, 8);
  return NO_ESCAPE;
}

/** Takes back `\u{2b}`, which the last brace ends. @returns WRITTEN or NO_ESCAPE. */
export function bracedNumber(out: ScratchStream): number {
  const { bytes, length } = out;
  let begin = length - 2;
  while (
    begin > 0 &&
    length - 2 - begin < LONGEST_IN_BRACES &&
    (HEX_DIGITS[bytes[begin] as number] as number) >= 0
  )
    begin--;
  if (bytes[begin] !== OPENING_BRACE || !beginsWith(bytes, begin - 2, LOWER_U) || begin === length - 2)
    return NO_ESCAPE;
  const codePoint = hexNumber(bytes, begin + 1, length - 2 - begin, length);
  out.cut(begin - 2);
  return pushCodePoint(codePoint, out);
}

function beginsWith(bytes: Uint8Array, at: number, letter: number): boolean {
  return at >= 0 && bytes[at] === BACKSLASH && bytes[at + 1] === letter;
}

/** The last four characters write a byte, be it a part of a character. */
function byteEscape(out: ScratchStream, byte: number): number {
  if (byte < 0) return NO_ESCAPE;
  out.cut(out.length - 4);
  return byte;
}

function codePointEscape(out: ScratchStream, begin: number, digits: number): number {
  const codePoint = hexNumber(out.bytes, begin + 2, digits, out.length);
  if (codePoint < 0) return NO_ESCAPE;
  out.cut(begin);
  return pushCodePoint(codePoint, out);
}

/** Three octal digits of one byte, or -1. */
function octalNumber(bytes: Uint8Array, at: number): number {
  let byte = 0;
  for (let i = at; i < at + 3; i++) {
    const digit = (bytes[i] as number) - 0x30;
    if (digit < 0 || digit > 7) return -1;
    byte = byte * 8 + digit;
  }
  return byte < 256 ? byte : -1;
}
