/**
 * Bytes written one by one: in hex (`<Buffer 73 6b>`, `73:6b`, `73-6B`, `0x73, 0x6b`, a dump's
 * `736b 2d54`) and in decimal (`[115 107]` in Go, `[115, 107]` elsewhere, `[-61, -87]` in Java,
 * `{"0":115,"1":107}` of a Uint8Array in JSON).
 */

import type { ScratchStream } from '../stream';
import { DOUBLE_QUOTE, HEX_DIGITS, isAlphanumeric, isDigit } from './characters';

/** Between two numbers of a list: the next line's indentation. */
export const MOST_BETWEEN = 64;
const COLON = 0x3a;
const MINUS = 0x2d;
const SEPARATORS = Array.from(' ,:-\n\r\t', (character) => character.charCodeAt(0));
const IS_SEPARATOR = Uint8Array.from({ length: 256 }, (_, byte) => (SEPARATORS.includes(byte) ? 1 : 0));

/** Hex numbers with an even count of digits, each byte with its place. */
export function decodeHexNumbers(bytes: Uint8Array, begin: number, end: number, out: ScratchStream): void {
  out.reset(end - begin);
  for (let at = begin; at < end;) {
    if ((HEX_DIGITS[bytes[at] as number] as number) < 0) {
      at++;
      continue;
    }
    const first = at;
    while (at < end && (HEX_DIGITS[bytes[at] as number] as number) >= 0) at++;
    // The 0 of 0x is not a digit.
    if (at - first === 1 && bytes[at] === 0x78) continue;
    // Go's %#v and Rust's {:x?} leave a leading zero away.
    if (at - first === 1) out.push(HEX_DIGITS[bytes[first] as number] as number, first);
    if ((at - first) % 2 === 1) continue;
    for (let i = first; i < at; i += 2) {
      const high = HEX_DIGITS[bytes[i] as number] as number;
      out.push(high * 16 + (HEX_DIGITS[bytes[i + 1] as number] as number), i);
    }
  }
  out.close(end);
}

/** Decimal numbers of one byte each, below zero too; where anything else is between them, a 0 does. */
export function decodeDecimals(bytes: Uint8Array, begin: number, end: number, out: ScratchStream): void {
  out.reset(end - begin);
  let last = begin;
  let nextKey = 0;
  for (let at = begin; at < end;) {
    if (!isDigit(bytes[at])) {
      at++;
      continue;
    }
    const first = at;
    let number = 0;
    for (; at < end && isDigit(bytes[at]); at++) number = number * 10 + (bytes[at] as number) - 0x30;
    if ((number === nextKey || number === 0) && isKey(bytes, at, end)) {
      // The quotes around it are left out where they were decoded.
      if (areNeighbours(bytes, last, Math.max(last, first - 1))) last = at + (bytes[at] === COLON ? 1 : 2);
      nextKey = number + 1;
      continue;
    }
    const negative = first > begin && bytes[first - 1] === MINUS;
    const place = negative ? first - 1 : first;
    const isByte = at - first <= 3 && number <= (negative ? 128 : 255) && !isAlphanumeric(bytes[at]);
    if (!isByte || !areNeighbours(bytes, last, place)) out.push(0, place);
    if (isByte) out.push(negative ? 256 - number : number, place);
    last = at;
  }
  out.close(end);
}

/** Whether the number that ends at `at` is the index of one. */
function isKey(bytes: Uint8Array, at: number, end: number): boolean {
  const colon = bytes[at] === DOUBLE_QUOTE ? at + 1 : at;
  return colon < end && bytes[colon] === COLON;
}

function areNeighbours(bytes: Uint8Array, end: number, begin: number): boolean {
  if (begin - end > MOST_BETWEEN) return false;
  for (let i = end; i < begin; i++) if (IS_SEPARATOR[bytes[i] as number] === 0) return false;
  return true;
}
