/**
 * Escapes that begin with a backslash, as JSON (RFC 8259 §7), C, Go's %q, Python's repr,
 * Rust's {:?} and shells write them. Escaped again, a backslash becomes two and four: a run of
 * them reads as one. Before punctuation it is dropped; before a letter that escapes nothing it stays.
 */

import type { ScratchStream, Stream } from '../stream';
import { AMPERSAND, BACKSLASH, HEX_DIGITS, hexNumber, isAlphanumeric, PERCENT } from './characters';

const LOWER_U = 0x75;
const UPPER_U = 0x55;
const LOWER_X = 0x78;
const OPENING_BRACE = 0x7b;
const CLOSING_BRACE = 0x7d;

const LETTERS: Readonly<Record<string, number>> = {
  ...{ n: 10, t: 9, r: 13, b: 8, f: 12, v: 11, a: 7, e: 27 },
};
const CONTROL = new Int16Array(256).fill(-1);
for (const [letter, byte] of Object.entries(LETTERS)) CONTROL[letter.charCodeAt(0)] = byte;

/** Adds what is written from the backslash at `at` on. @returns where the text goes on. */
export function backslashed({ bytes, from, length }: Stream, at: number, out: ScratchStream): number {
  const begin = from[at] as number;
  const letterAt = runEnd(bytes, at, length);
  if (letterAt === length) {
    out.push(BACKSLASH, begin);
    return length;
  }
  const letter = bytes[letterAt] as number;
  if (letter === LOWER_U) {
    const end = unicodeEscape(bytes, letterAt, length, out, begin);
    if (end > 0) return end;
  } else if (letter === UPPER_U || letter === LOWER_X) {
    const digits = letter === UPPER_U ? 8 : 2;
    const codePoint = hexNumber(bytes, letterAt + 1, digits, length);
    if (codePoint >= 0) {
      // \x writes a byte, be it a part of a character.
      if (letter === UPPER_U) out.pushDecoded(codePoint, begin);
      else out.pushDecodedByte(codePoint, begin);
      return letterAt + 1 + digits;
    }
  } else {
    const byte = octalByte(bytes, letterAt, length);
    if (byte >= 0) {
      out.pushDecodedByte(byte, begin);
      return letterAt + 3;
    }
  }
  // What begins another escape is read with it.
  if (letter === AMPERSAND || letter === PERCENT) return letterAt;
  const control = CONTROL[letter] as number;
  if (control < 0 && isAlphanumeric(letter)) {
    out.push(BACKSLASH, begin);
    out.push(letter, begin);
  } else out.pushDecodedByte(control < 0 ? letter : control, begin);
  return letterAt + 1;
}

/** Where a run of backslashes ends. */
function runEnd(bytes: Uint8Array, at: number, length: number): number {
  let end = at;
  while (end < length && bytes[end] === BACKSLASH) end++;
  return end;
}

/** `u002B`, a surrogate pair of two of these, or `u{1F600}`. @returns where the text goes on, or 0. */
function unicodeEscape(
  bytes: Uint8Array,
  at: number,
  length: number,
  out: ScratchStream,
  begin: number,
): number {
  if (at + 1 < length && bytes[at + 1] === OPENING_BRACE) {
    let codePoint = 0;
    let i = at + 2;
    for (; i < length && i < at + 8 && (HEX_DIGITS[bytes[i] as number] as number) >= 0; i++)
      codePoint = codePoint * 16 + (HEX_DIGITS[bytes[i] as number] as number);
    if (i === length || bytes[i] !== CLOSING_BRACE || i === at + 2) return 0;
    out.pushDecoded(codePoint, begin);
    return i + 1;
  }
  const unit = hexNumber(bytes, at + 1, 4, length);
  if (unit < 0) return 0;
  let end = at + 5;
  let codePoint = unit;
  if (unit >= 0xd800 && unit < 0xdc00) {
    const next = runEnd(bytes, end, length);
    const low =
      next > end && next < length && bytes[next] === LOWER_U ? hexNumber(bytes, next + 1, 4, length) : -1;
    if (low >= 0xdc00 && low < 0xe000) {
      codePoint = 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
      end = next + 5;
    }
  }
  out.pushDecoded(codePoint, begin);
  return end;
}

/** Three octal digits of one byte, or -1. */
function octalByte(bytes: Uint8Array, at: number, length: number): number {
  if (at + 3 > length) return -1;
  let byte = 0;
  for (let i = at; i < at + 3; i++) {
    const digit = (bytes[i] as number) - 0x30;
    if (digit < 0 || digit > 7) return -1;
    byte = byte * 8 + digit;
  }
  return byte < 256 ? byte : -1;
}
