/** Digits of a base that is a power of two, and the bytes that they write: base64, base32, hex (RFC 4648). */

import { BASE32_DIGITS, BASE64_DIGITS, HEX_DIGITS, type DigitTable } from './characters';

/** What the digits of a run write, from one digit on. */
export class DecodedRun {
  bytes = new Uint8Array(0);
  view = new DataView(this.bytes.buffer);
  length = 0;
  /** How much of it was ever written since it was wiped. */
  #used = 0;

  /** Makes room for what `digits` digits write. */
  reset(digits: number): void {
    // More is written at once.
    if (this.bytes.length >= digits + 8) return;
    this.bytes = new Uint8Array(digits + 8);
    this.view = new DataView(this.bytes.buffer);
  }

  end(length: number): void {
    this.length = length;
    if (length > this.#used) this.#used = length;
  }

  wipe(): void {
    if (this.#used === 0) return;
    this.bytes.fill(0, 0, this.#used);
    this.#used = 0;
  }
}

/** The run that begins at `begin`. @returns where it ends. */
export function runEnd(bytes: Uint8Array, begin: number, end: number, digits: DigitTable): number {
  let at = begin;
  while (at < end && (digits[bytes[at] as number] as number) >= 0) at++;
  return at;
}

/** Where the next run of at least `fewest` digits begins; `end` where none does. Of others it looks at few, from the last one on. */
export function nextRun(
  bytes: Uint8Array,
  begin: number,
  end: number,
  digits: DigitTable,
  fewest: number,
): number {
  for (let first = begin; first + fewest <= end;) {
    let at = first + fewest - 1;
    while (at >= first && (digits[bytes[at] as number] as number) >= 0) at--;
    if (at < first) return first;
    first = at + 1;
  }
  return end;
}

/** The 32 bits that begin at a bit of the run of digits, which has so many more. */
export function wordAt(
  bytes: Uint8Array,
  digits: DigitTable,
  bits: number,
  begin: number,
  bit: number,
): number {
  const whole = Math.floor(bit / bits);
  let at = begin + whole;
  let held = bits - (bit - bits * whole);
  let word = (digits[bytes[at] as number] as number) & ((1 << held) - 1);
  while (held < 32) {
    const digit = digits[bytes[++at] as number] as number;
    const taken = Math.min(bits, 32 - held);
    word = (word << taken) | (digit >> (bits - taken));
    held += taken;
  }
  return word;
}

/** Digits of base32; a last one that is less than a byte is left out. */
export function decodeBase32(bytes: Uint8Array, begin: number, end: number, out: DecodedRun): void {
  const decoded = out.bytes;
  let word = 0;
  let held = 0;
  let length = 0;
  for (let at = begin; at < end; at++) {
    word = (word << 5) | (BASE32_DIGITS[bytes[at] as number] as number);
    held += 5;
    if (held < 8) continue;
    held -= 8;
    decoded[length++] = word >> held;
    word &= 0xff;
  }
  out.end(length);
}

/** Two digits, one byte. */
export function decodeHex(bytes: Uint8Array, begin: number, end: number, out: DecodedRun): void {
  const decoded = out.bytes;
  let length = 0;
  for (let at = begin; at + 1 < end; at += 2) {
    const high = HEX_DIGITS[bytes[at] as number] as number;
    decoded[length++] = (high << 4) | (HEX_DIGITS[bytes[at + 1] as number] as number);
  }
  out.end(length);
}

/** Four runs, of which each begins one digit later. */
export type FourRuns = readonly [DecodedRun, DecodedRun, DecodedRun, DecodedRun];

/** Digits of base64, four at least, from each of the first four on: in one pass, by far the most that there is to decode. */
export function decodeBase64(bytes: Uint8Array, begin: number, end: number, runs: FourRuns): void {
  const [{ view: first }, { view: second }, { view: third }, { view: fourth }] = runs;
  let word = 0;
  let at = begin;
  for (; at < begin + 3; at++) word = nextDigit(word, bytes, at);
  // Four digits are three bytes; the fourth byte is written over.
  let length = 0;
  for (; at + 3 < end; at += 4, length += 3) {
    word = nextDigit(word, bytes, at);
    first.setInt32(length, word << 8);
    word = nextDigit(word, bytes, at + 1);
    second.setInt32(length, word << 8);
    word = nextDigit(word, bytes, at + 2);
    third.setInt32(length, word << 8);
    word = nextDigit(word, bytes, at + 3);
    fourth.setInt32(length, word << 8);
  }
  // Zeros follow the last digit.
  const [run0, run1, run2, run3] = runs;
  for (let i = 0; i < 2; i++, at += 4, length += 3) {
    word = nextOrZero(word, bytes, at, end);
    first.setInt32(length, word << 8);
    word = nextOrZero(word, bytes, at + 1, end);
    second.setInt32(length, word << 8);
    word = nextOrZero(word, bytes, at + 2, end);
    third.setInt32(length, word << 8);
    word = nextOrZero(word, bytes, at + 3, end);
    fourth.setInt32(length, word << 8);
  }
  const digits = end - begin;
  run0.end((digits * 6) >> 3);
  run1.end(((digits - 1) * 6) >> 3);
  run2.end(((digits - 2) * 6) >> 3);
  run3.end(((digits - 3) * 6) >> 3);
}

/** A few digits of base64 from the first on. */
export function decodeFew(bytes: Uint8Array, begin: number, end: number, run: DecodedRun): void {
  const { view } = run;
  let length = 0;
  for (let at = begin; at < end; at += 4, length += 3) {
    let word = nextDigit(0, bytes, at);
    for (let i = 1; i < 4; i++) word = nextOrZero(word, bytes, at + i, end);
    view.setInt32(length, word << 8);
  }
  run.end(((end - begin) * 6) >> 3);
}

function nextOrZero(word: number, bytes: Uint8Array, at: number, end: number): number {
  return at < end ? nextDigit(word, bytes, at) : word << 6;
}

function nextDigit(word: number, bytes: Uint8Array, at: number): number {
  return (word << 6) | (BASE64_DIGITS[bytes[at] as number] as number);
}
