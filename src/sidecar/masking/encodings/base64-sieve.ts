/**
 * Tells whether a run of digits of base64 may write something that is looked for, without writing what it does: the
 * last 8 bytes are two words into which each digit is shifted.
 *
 * Every digit ends a group of four, and so a byte, in one of the four ways to read the run: of the bytes that are
 * written in that way every third one's end is seen. A match of 5 bytes or more has three bytes in a row that end
 * there, and three one byte further on one side; a piece that is masked has 8 of them, and 8 one byte further on.
 */

import { BASE64_DIGITS } from './characters';

/** No match has fewer bytes where this is used. */
export const SHORTEST_SIEVED = 5;
/** What a run of more digits writes is looked through faster than each of them. */
export const LONGEST_SIEVED = 48;
/** So many digits write 8 bytes. */
const WINDOW_DIGITS = 11;

export interface Sieve {
  /** Whether a short match may hold the last three bytes of `word`. */
  mayHoldGram(word: number): boolean;
  /** Whether a long one may hold the 8 bytes. */
  mayHoldWindow(high: number, low: number): boolean;
}

export function mayWriteMatch(bytes: Uint8Array, begin: number, end: number, sieve: Sieve): boolean {
  const windows = begin + WINDOW_DIGITS - 1;
  let high = 0;
  let low = 0;
  for (let at = begin; at < end; at++) {
    high = (high << 6) | (low >>> 26);
    low = (low << 6) | (BASE64_DIGITS[bytes[at] as number] as number);
    if (sieve.mayHoldGram(low)) {
      if (sieve.mayHoldGram(low >>> 8)) return true;
      if (at + 2 < end && sieve.mayHoldGram((low << 8) | nextByte(bytes, at))) return true;
    }
    if (at >= windows && at + 2 < end && sieve.mayHoldWindow(high, low))
      if (sieve.mayHoldWindow((high << 8) | (low >>> 24), (low << 8) | nextByte(bytes, at))) return true;
  }
  return false;
}

/** The byte that the two digits after `at` begin. */
function nextByte(bytes: Uint8Array, at: number): number {
  const first = BASE64_DIGITS[bytes[at + 1] as number] as number;
  return (first << 2) | ((BASE64_DIGITS[bytes[at + 2] as number] as number) >> 4);
}
