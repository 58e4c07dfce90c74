/**
 * Bytes written one by one: in hex (`<Buffer 73 6b>`, `73:6b`, `73-6B`, `0x73, 0x6b`, a dump's
 * `736b 2d54`) and in decimal (`[115 107]` in Go, `[115, 107]` elsewhere, `[-61, -87]` in Java,
 * `{"0":115,"1":107}` of a Uint8Array in JSON).
 */

import { DOUBLE_QUOTE, HEX_DIGITS, isAlphanumeric, twoHexDigits } from './characters';
import { DecodedRun } from './digits';

/** Between two numbers of a list: the next line's indentation. */
export const MOST_BETWEEN = 64;
const COLON = 0x3a;
const MINUS = 0x2d;
const SEPARATORS = Array.from(' ,:-\n\r\t', (character) => character.charCodeAt(0));
const IS_SEPARATOR = Uint8Array.from({ length: 256 }, (_, byte) => (SEPARATORS.includes(byte) ? 1 : 0));

/** The bytes that numbers write, each with the place of its number. */
export class DecodedNumbers extends DecodedRun {
  from = new Int32Array(0);

  /** Makes room for what so many characters write: a number has a byte, and one in front of it may say that others are missing. */
  override reset(characters: number): void {
    super.reset(characters);
    if (this.from.length < this.bytes.length) this.from = new Int32Array(this.bytes.length);
  }
}

/** Hex numbers with an even count of digits, each byte with its place. */
export function decodeHexNumbers(bytes: Uint8Array, begin: number, end: number, out: DecodedNumbers): void {
  out.reset(end - begin);
  const written = out.bytes;
  const places = out.from;
  let length = 0;
  for (let at = begin; at < end;) {
    const first = at;
    const high = HEX_DIGITS[bytes[at++] as number] as number;
    if (high < 0) continue;
    const low = at < end ? (HEX_DIGITS[bytes[at] as number] as number) : -1;
    // Most numbers have two digits.
    if (low >= 0 && (at + 1 === end || (HEX_DIGITS[bytes[at + 1] as number] as number) < 0)) {
      written[length] = (high << 4) | low;
      places[length++] = first;
      at += 2;
      continue;
    }
    while (at < end && (HEX_DIGITS[bytes[at] as number] as number) >= 0) at++;
    if (at - first === 1) {
      // The 0 of 0x is not a digit.
      if (bytes[at] === 0x78) continue;
      // Go's %#v and Rust's {:x?} leave a leading zero away.
      written[length] = high;
      places[length++] = first;
    }
    if ((at - first) % 2 === 1) continue;
    for (let i = first; i < at; i += 2) {
      written[length] = twoHexDigits(bytes, i);
      places[length++] = i;
    }
  }
  out.end(length);
}

/** Decimal numbers of one byte each, below zero too; where anything else is between them, a 0 does. */
export function decodeDecimals(bytes: Uint8Array, begin: number, end: number, out: DecodedNumbers): void {
  out.reset(end - begin);
  const written = out.bytes;
  const places = out.from;
  let length = 0;
  let last = begin;
  let nextKey = 0;
  for (let at = begin; at < end;) {
    const first = at;
    let number = decimalDigit(bytes, at++);
    if (number > 9) continue;
    for (let digit = 0; at < end && (digit = decimalDigit(bytes, at)) <= 9; at++)
      number = number * 10 + digit;
    if ((number === nextKey || number === 0) && isKey(bytes, at, end)) {
      // The quotes around it are left out where they were decoded.
      if (areNeighbours(bytes, last, Math.max(last, first - 1))) last = at + (bytes[at] === COLON ? 1 : 2);
      nextKey = number + 1;
      continue;
    }
    const negative = first > begin && bytes[first - 1] === MINUS;
    const place = negative ? first - 1 : first;
    const isByte = at - first <= 3 && number <= (negative ? 128 : 255) && !isAlphanumeric(bytes[at]);
    if (!isByte || !areNeighbours(bytes, last, place)) {
      written[length] = 0;
      places[length++] = place;
    }
    if (isByte) {
      written[length] = negative ? 256 - number : number;
      places[length++] = place;
    }
    last = at;
  }
  out.end(length);
}

/** Above 9 where it is none. */
function decimalDigit(bytes: Uint8Array, at: number): number {
  return ((bytes[at] as number) - 0x30) & 0xff;
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
