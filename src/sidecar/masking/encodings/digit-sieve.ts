/**
 * Tells where a run of digits may write something that is looked for, without writing what it does.
 *
 * Where in a byte a digit of the run begins is not known, and there are as many ways to read it as may be. Of each, four
 * bytes are looked up now and then: so often that four of every match are, whichever way it was written.
 */

import { BASE64_DIGITS, HEX_DIGITS } from './characters';

/** No match has fewer bytes where this is used: one has two windows of four bytes, and both are asked for. */
export const SHORTEST_SIEVED = 5;
const WINDOW_BYTES = 4;

/** Tells of four bytes in a row, as a big-endian word, whether a match may hold them. */
export interface Sieve {
  mayHold(word: number): boolean;
}

/**
 * Where a run of digits has the next ones that a match may write; `end` where none may.
 * @param begin the run's, which is looked through from `from` on.
 * @param shortest no match has fewer bytes.
 */
export type Sift = (
  bytes: Uint8Array,
  begin: number,
  from: number,
  end: number,
  shortest: number,
  sieve: Sieve,
) => number;

export const siftBase64: Sift = (bytes, begin, from, end, shortest, sieve) => {
  // A byte begins fewer than 8 bits after any digit does.
  const step = Math.floor((8 * (shortest - WINDOW_BYTES + 1)) / 6);
  for (let at = from; at <= end - 6; at += step) {
    const word = base64Word(bytes, at);
    const rest = base64Rest(bytes, at, end);
    if (
      (sieve.mayHold(word) ||
        sieve.mayHold(shifted(word, rest, 2)) ||
        sieve.mayHold(shifted(word, rest, 4)) ||
        sieve.mayHold(shifted(word, rest, 6))) &&
      isHeldAt(bytes, begin, end, at, sieve)
    )
      return at;
  }
  return end;
};

export const siftHex: Sift = (bytes, begin, from, end, shortest, sieve) => {
  const step = 2 * (shortest - WINDOW_BYTES + 1);
  for (let at = from; at <= end - 8; at += step) {
    const word = hexWord(bytes, at);
    if (sieve.mayHold(word) && isBesideHex(bytes, begin, end, at, sieve)) return at;
    if (at + 9 > end) break;
    const next = (word << 4) | hexDigit(bytes, at + 8);
    if (sieve.mayHold(next) && isBesideHex(bytes, begin, end, at + 1, sieve)) return at;
  }
  return end;
};

/** Whether a match may hold what the digits at `at` write and also the four bytes that begin one byte further, or one less. */
function isHeldAt(bytes: Uint8Array, begin: number, end: number, at: number, sieve: Sieve): boolean {
  const mayHold = (digit: number, shift: number): boolean =>
    digit >= begin &&
    digit <= end - 6 &&
    sieve.mayHold(shifted(base64Word(bytes, digit), base64Rest(bytes, digit, end), shift));
  return [0, 2, 4, 6].some(
    (shift) => mayHold(at, shift) && (mayHold(at + 1, shift + 2) || mayHold(at - 2, shift + 4)),
  );
}

function isBesideHex(bytes: Uint8Array, begin: number, end: number, at: number, sieve: Sieve): boolean {
  return (
    (at + 10 <= end && sieve.mayHold(hexWord(bytes, at + 2))) ||
    (at - 2 >= begin && sieve.mayHold(hexWord(bytes, at - 2)))
  );
}

/** The 32 bits that begin `shift` bits after a word's, of which 10 more are given. */
function shifted(word: number, rest: number, shift: number): number {
  return (word << shift) | (rest >> (10 - shift));
}

/** The first 32 bits of the 36 that six digits write. */
function base64Word(bytes: Uint8Array, at: number): number {
  return (
    (base64Digit(bytes, at) << 26) |
    (base64Digit(bytes, at + 1) << 20) |
    (base64Digit(bytes, at + 2) << 14) |
    (base64Digit(bytes, at + 3) << 8) |
    (base64Digit(bytes, at + 4) << 2) |
    (base64Digit(bytes, at + 5) >> 4)
  );
}

/** The last 4 bits of these, and a seventh digit's 6; after the last digit zeros. */
function base64Rest(bytes: Uint8Array, at: number, end: number): number {
  const seventh = at + 6 < end ? base64Digit(bytes, at + 6) : 0;
  return ((base64Digit(bytes, at + 5) & 15) << 6) | seventh;
}

function base64Digit(bytes: Uint8Array, at: number): number {
  return BASE64_DIGITS[bytes[at] as number] as number;
}

/** What eight digits write. */
function hexWord(bytes: Uint8Array, at: number): number {
  return (
    (hexDigit(bytes, at) << 28) |
    (hexDigit(bytes, at + 1) << 24) |
    (hexDigit(bytes, at + 2) << 20) |
    (hexDigit(bytes, at + 3) << 16) |
    (hexDigit(bytes, at + 4) << 12) |
    (hexDigit(bytes, at + 5) << 8) |
    (hexDigit(bytes, at + 6) << 4) |
    hexDigit(bytes, at + 7)
  );
}

function hexDigit(bytes: Uint8Array, at: number): number {
  return HEX_DIGITS[bytes[at] as number] as number;
}
