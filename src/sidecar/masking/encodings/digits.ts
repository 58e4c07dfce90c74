/** Digits of a base that is a power of two, and the bytes that they write: base64, base32, hex (RFC 4648). */

import { BASE32_DIGITS, BASE64_DIGITS, HEX_DIGITS, type DigitTable } from './characters';

export interface Base {
  readonly digits: DigitTable;
  readonly bits: number;
  /** A value may begin at any digit of a run; so many digits further it begins alike. */
  readonly period: number;
}

export const BASES: readonly Base[] = [
  { digits: BASE64_DIGITS, bits: 6, period: 4 },
  { digits: BASE32_DIGITS, bits: 5, period: 8 },
  { digits: HEX_DIGITS, bits: 4, period: 2 },
];

/** A run of digits, each with its place in a stream. */
export class DigitRun {
  #values = new Uint8Array(0);
  /** Of a run in lines; else the digits follow one another from `#begin`. */
  #places = new Int32Array(0);
  #inLines = false;
  #begin = 0;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  reset(capacity: number): void {
    this.#length = 0;
    if (this.#values.length >= capacity) return;
    this.#values = new Uint8Array(capacity);
    this.#places = new Int32Array(capacity);
  }

  /** Reads what is a run already, from `begin` to `end`. */
  read(bytes: Uint8Array, begin: number, end: number, digits: DigitTable): void {
    const values = this.#values;
    for (let at = begin; at < end; at++) values[at - begin] = digits[bytes[at] as number] as number;
    this.#begin = begin;
    this.#length = end - begin;
    this.#inLines = false;
  }

  /** Reads every digit between two places, whatever is between them. */
  readLines(bytes: Uint8Array, begin: number, end: number, digits: DigitTable): void {
    const values = this.#values;
    const places = this.#places;
    let length = 0;
    for (let at = begin; at < end; at++) {
      const value = digits[bytes[at] as number] as number;
      if (value < 0) continue;
      values[length] = value;
      places[length++] = at;
    }
    this.#length = length;
    this.#inLines = true;
  }

  /** Writes the bytes that the digits from `skip` on stand for. @returns how many. */
  decode(bits: number, skip: number, out: Uint8Array): number {
    if (bits === 6) return decode64(this.#values, skip, this.#length, out);
    if (bits === 4) return decode16(this.#values, skip, this.#length, out);
    return decodeBits(bits, this.#values, skip, this.#length, out);
  }

  /** The place of the digit in which a decoded byte begins. */
  placeOf(byte: number, bits: number, skip: number): number {
    return this.#place(skip + Math.floor((byte * 8) / bits));
  }

  /** The place of the digit in which a decoded byte ends. */
  lastPlaceOf(byte: number, bits: number, skip: number): number {
    return this.#place(skip + Math.floor((byte * 8 + 7) / bits));
  }

  wipe(): void {
    this.#values.fill(0, 0, this.#length);
    this.#length = 0;
  }

  #place(digit: number): number {
    return this.#inLines ? (this.#places[digit] as number) : this.#begin + digit;
  }
}

/** The run that begins at `begin`. @returns where it ends. */
export function runEnd(bytes: Uint8Array, begin: number, end: number, digits: DigitTable): number {
  let at = begin;
  while (at < end && (digits[bytes[at] as number] as number) >= 0) at++;
  return at;
}

/** Where the next run of at least `fewest` digits begins; `end` where none does. Looks at one byte in `fewest` of others. */
export function nextRun(
  bytes: Uint8Array,
  begin: number,
  end: number,
  digits: DigitTable,
  fewest: number,
): number {
  for (let at = begin + fewest - 1; at < end; at += fewest) {
    if ((digits[bytes[at] as number] as number) < 0) continue;
    let first = at;
    while (first > begin && (digits[bytes[first - 1] as number] as number) >= 0) first--;
    if (runEnd(bytes, at, Math.min(end, first + fewest), digits) === first + fewest) return first;
  }
  return end;
}

function decodeBits(bits: number, values: Uint8Array, from: number, to: number, out: Uint8Array): number {
  let word = 0;
  let held = 0;
  let length = 0;
  for (let i = from; i < to; i++) {
    word = (word << bits) | (values[i] as number);
    held += bits;
    if (held >= 8) {
      held -= 8;
      out[length++] = word >> held;
      word &= 0xff;
    }
  }
  return length;
}

function decode16(values: Uint8Array, from: number, to: number, out: Uint8Array): number {
  let length = 0;
  for (let i = from; i + 1 < to; i += 2)
    out[length++] = ((values[i] as number) << 4) | (values[i + 1] as number);
  return length;
}

/** Four digits, three bytes at once: base64 is by far the most that there is to decode. */
function decode64(values: Uint8Array, from: number, to: number, out: Uint8Array): number {
  let length = 0;
  let i = from;
  for (; i + 3 < to; i += 4) {
    const word =
      ((values[i] as number) << 18) |
      ((values[i + 1] as number) << 12) |
      ((values[i + 2] as number) << 6) |
      (values[i + 3] as number);
    out[length] = word >> 16;
    out[length + 1] = word >> 8;
    out[length + 2] = word;
    length += 3;
  }
  if (i + 1 < to) out[length++] = ((values[i] as number) << 2) | ((values[i + 1] as number) >> 4);
  if (i + 2 < to) out[length++] = ((values[i + 1] as number) << 4) | ((values[i + 2] as number) >> 2);
  return length;
}
