/**
 * Tells where a run of digits may write a piece of a value, without writing what the digits do.
 *
 * Where in a byte a digit of the run begins is not known, and there are as many ways to read it as may be. Of each, four
 * bytes are looked up now and then: so often that four of every piece are, whichever way it was written.
 */

import { mayHold, type GramSet } from '../gram-set';
import type { Work } from '../work';
import { BASE32_DIGITS, BASE64_DIGITS, HEX_DIGITS, type DigitTable } from './characters';
import { wordAt } from './digits';

/** Looking at what is beside four bytes that a piece may have. */
const BESIDE_NS = 60;

const WINDOW_BYTES = 4;
const WINDOW_BITS = 8 * WINDOW_BYTES;

/** What is known of pieces. */
export interface Sieve {
  /** No piece has fewer bytes. */
  readonly shortest: number;
  /** All four bytes in a row that any piece has, as big-endian words. */
  readonly grams: GramSet;
  /** By byte: 1 where any piece has it, else 0. */
  readonly alphabet: Uint8Array;
  /** How many times as long a look-up takes as in a set that a core's cache holds. */
  readonly waits: number;
  /** What looking for them is paid from. */
  readonly work: Work;
}

/**
 * Where a run of digits has the next ones that a piece may write, or where nothing is left; `end` where none may.
 * @param begin the run's, which is looked through from `from` on.
 */
export type Sift = (bytes: Uint8Array, begin: number, from: number, end: number, sieve: Sieve) => number;

export const siftBase64: Sift = (bytes, begin, from, end, sieve) => {
  const {
    alphabet,
    grams: { words, shift },
  } = sieve;
  // A byte begins fewer than 8 bits after any digit does.
  const step = stepOf(sieve, 6);
  for (let at = from; at <= end - 6; at += step) {
    const word = base64Word(bytes, at);
    const rest = base64Rest(bytes, at, end);
    if (
      (mayBeOf(alphabet, words, shift, word) ||
        mayBeOf(alphabet, words, shift, shifted(word, rest, 2, 10)) ||
        mayBeOf(alphabet, words, shift, shifted(word, rest, 4, 10)) ||
        mayBeOf(alphabet, words, shift, shifted(word, rest, 6, 10))) &&
      isPiece(bytes, BASE64, begin, end, at, sieve)
    )
      return at;
  }
  return end;
};

export const siftBase32: Sift = (bytes, begin, from, end, sieve) => {
  const {
    alphabet,
    grams: { words, shift },
  } = sieve;
  const step = stepOf(sieve, 5);
  for (let at = from; at <= end - 7; at += step) {
    const word = base32Word(bytes, at);
    const rest = base32Rest(bytes, at, end);
    if (
      (mayBeOf(alphabet, words, shift, word) ||
        mayBeOf(alphabet, words, shift, shifted(word, rest, 1, 8)) ||
        mayBeOf(alphabet, words, shift, shifted(word, rest, 2, 8)) ||
        mayBeOf(alphabet, words, shift, shifted(word, rest, 3, 8)) ||
        mayBeOf(alphabet, words, shift, shifted(word, rest, 4, 8)) ||
        mayBeOf(alphabet, words, shift, shifted(word, rest, 5, 8)) ||
        mayBeOf(alphabet, words, shift, shifted(word, rest, 6, 8)) ||
        mayBeOf(alphabet, words, shift, shifted(word, rest, 7, 8))) &&
      isPiece(bytes, BASE32, begin, end, at, sieve)
    )
      return at;
  }
  return end;
};

export const siftHex: Sift = (bytes, begin, from, end, sieve) => {
  const {
    alphabet,
    grams: { words, shift },
  } = sieve;
  const step = stepOf(sieve, 4);
  for (let at = from; at <= end - 8; at += step) {
    const word = hexWord(bytes, at);
    const ninth = at + 8 < end ? hexDigit(bytes, at + 8) : 0;
    if (
      (mayBeOf(alphabet, words, shift, word) || mayBeOf(alphabet, words, shift, (word << 4) | ninth)) &&
      isPiece(bytes, HEX, begin, end, at, sieve)
    )
      return at;
  }
  return end;
};

/** Whether a piece may have the four bytes of a word: most of what digits write are bytes that no value has, which takes no hash to tell. */
function mayBeOf(alphabet: Uint8Array, words: Int32Array, shift: number, word: number): boolean {
  return (
    ((alphabet[word >>> 24] as number) &
      (alphabet[(word >>> 16) & 0xff] as number) &
      (alphabet[(word >>> 8) & 0xff] as number) &
      (alphabet[word & 0xff] as number)) ===
      1 && mayHold(words, shift, word)
  );
}

/** The 32 bits that begin `shift` bits after a word's, of which `more` are given. */
function shifted(word: number, rest: number, shift: number, more: number): number {
  return (word << shift) | (rest >> (more - shift));
}

/** A base, and how many bits there are between two ways in which a byte may begin. */
interface Base {
  readonly digits: DigitTable;
  readonly bits: number;
  readonly apart: number;
}
const BASE64: Base = { digits: BASE64_DIGITS, bits: 6, apart: 2 };
const BASE32: Base = { digits: BASE32_DIGITS, bits: 5, apart: 1 };
const HEX: Base = { digits: HEX_DIGITS, bits: 4, apart: 4 };

/** Every so many digits a piece has four bytes that begin with one of them, or fewer than 8 bits after. */
function stepOf({ shortest }: Sieve, bits: number): number {
  return Math.floor((8 * (shortest - WINDOW_BYTES + 1)) / bits);
}

/** Whether all that a piece would have beside the digit at `at` may be held too, in any way to read it; or nothing is left. */
function isPiece(
  bytes: Uint8Array,
  base: Base,
  begin: number,
  end: number,
  at: number,
  sieve: Sieve,
): boolean {
  if ((sieve.work.left -= BESIDE_NS * sieve.waits) < 0) return true;
  const first = base.bits * (at - begin);
  for (let bit = first; bit < first + 8; bit += base.apart)
    if (isPieceAt(bytes, base, begin, end, bit, sieve)) return true;
  return false;
}

/** Whether the four bytes that begin at a bit of the run are among so many in a row as a piece has. */
function isPieceAt(
  bytes: Uint8Array,
  base: Base,
  begin: number,
  end: number,
  bit: number,
  { shortest, grams: { words, shift } }: Sieve,
): boolean {
  const last = base.bits * (end - begin) - WINDOW_BITS;
  let missing = shortest - WINDOW_BYTES + 1;
  for (let at = bit; missing > 0; at += 8, missing--)
    if (at > last || !mayHold(words, shift, wordAt(bytes, base.digits, base.bits, begin, at))) {
      if (at === bit) return false;
      break;
    }
  for (let at = bit - 8; missing > 0; at -= 8, missing--)
    if (at < 0 || !mayHold(words, shift, wordAt(bytes, base.digits, base.bits, begin, at))) return false;
  return true;
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

/** The first 32 bits of the 35 that seven digits write. */
function base32Word(bytes: Uint8Array, at: number): number {
  return (
    (base32Digit(bytes, at) << 27) |
    (base32Digit(bytes, at + 1) << 22) |
    (base32Digit(bytes, at + 2) << 17) |
    (base32Digit(bytes, at + 3) << 12) |
    (base32Digit(bytes, at + 4) << 7) |
    (base32Digit(bytes, at + 5) << 2) |
    (base32Digit(bytes, at + 6) >> 3)
  );
}

/** The last 3 bits of these, and an eighth digit's 5; after the last digit zeros. */
function base32Rest(bytes: Uint8Array, at: number, end: number): number {
  const eighth = at + 7 < end ? base32Digit(bytes, at + 7) : 0;
  return ((base32Digit(bytes, at + 6) & 7) << 5) | eighth;
}

function base32Digit(bytes: Uint8Array, at: number): number {
  return BASE32_DIGITS[bytes[at] as number] as number;
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
