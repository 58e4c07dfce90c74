/**
 * Escapes that begin with a backslash, as JSON (RFC 8259 §7), C, Go's %q, Python's repr,
 * Rust's {:?} and shells write them. A backslash before any other character is dropped.
 */

import type { ScratchStream, Stream } from '../stream';
import { HEX_DIGITS, hexNumber } from './characters';
import type { EscapeSyntax } from './escape-syntax';

const BACKSLASH = 0x5c;
const LETTERS: Readonly<Record<string, number>> = {
  ...{ n: 10, t: 9, r: 13, b: 8, f: 12, v: 11, a: 7, e: 27 },
};
const CONTROL = new Int16Array(256).fill(-1);
for (const [letter, byte] of Object.entries(LETTERS)) CONTROL[letter.charCodeAt(0)] = byte;

export const BACKSLASHES: EscapeSyntax = {
  begins: '\\',
  decode(input, begin, end, out) {
    const { bytes, from } = input;
    for (let i = begin; i < end;) {
      const byte = bytes[i] as number;
      if (byte !== BACKSLASH || i + 1 === end) {
        out.push(byte, from[i] as number);
        i++;
      } else {
        i = decodeOne(input, i, end, out);
      }
    }
  },
};

/** @returns where the text goes on. */
function decodeOne({ bytes, from }: Stream, at: number, length: number, out: ScratchStream): number {
  const letter = bytes[at + 1] as number;
  const begin = from[at] as number;
  switch (letter) {
    case 0x75: {
      const [codePoint, end] = unicodeEscape(bytes, at, length);
      if (codePoint >= 0) {
        out.pushCharacter(codePoint, begin);
        return end;
      }
      break;
    }
    case 0x55: {
      const codePoint = hexNumber(bytes, at + 2, 8, length);
      if (codePoint >= 0) {
        out.pushCharacter(codePoint, begin);
        return at + 10;
      }
      break;
    }
    case 0x78: {
      const byte = hexNumber(bytes, at + 2, 2, length);
      if (byte >= 0) {
        out.push(byte, begin);
        return at + 4;
      }
      break;
    }
    default: {
      const byte = octalByte(bytes, at + 1, length);
      if (byte >= 0) {
        out.push(byte, begin);
        return at + 4;
      }
    }
  }
  const control = CONTROL[letter] as number;
  out.push(control >= 0 ? control : letter, begin);
  return at + 2;
}

/** `\u002B`, a surrogate pair of two of these, or `\u{1F600}`. */
function unicodeEscape(bytes: Uint8Array, at: number, length: number): [codePoint: number, end: number] {
  if (bytes[at + 2] === 0x7b) {
    let codePoint = 0;
    let i = at + 3;
    for (; i < length && i < at + 9 && (HEX_DIGITS[bytes[i] as number] as number) >= 0; i++)
      codePoint = codePoint * 16 + (HEX_DIGITS[bytes[i] as number] as number);
    return bytes[i] === 0x7d && i > at + 3 && i < length ? [codePoint, i + 1] : [-1, at];
  }
  const unit = hexNumber(bytes, at + 2, 4, length);
  if (unit < 0xd800 || unit >= 0xdc00) return [unit, at + 6];
  const low =
    bytes[at + 6] === BACKSLASH && bytes[at + 7] === 0x75 ? hexNumber(bytes, at + 8, 4, length) : -1;
  if (low < 0xdc00 || low >= 0xe000) return [unit, at + 6];
  return [0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00), at + 12];
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
