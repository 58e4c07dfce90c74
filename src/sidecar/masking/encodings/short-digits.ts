/**
 * Tells where a run of digits may write a value that is found whole, without writing what the digits do.
 *
 * Of a value its first few digits in a row are known in each way in which a byte may begin among digits. They are looked
 * up now and then: so often that of every value some are. Where they are a value's, its first four bytes have to be there.
 */

import { GramSet, gramSetBytes, mayHold } from '../gram-set';
import type { Work } from '../work';
import { BASE32_DIGITS, BASE64_DIGITS, HEX_DIGITS, type DigitTable } from './characters';
import { wordAt } from './digits';

interface Base {
  readonly digits: DigitTable;
  readonly bits: number;
  /** So many digits are looked up together. */
  readonly together: number;
  /** They are looked up at every so many digits, at most: each more takes memory for each value. */
  readonly mostApart: number;
  /** Where in a value its first whole digit may begin, in bits. */
  readonly begins: readonly number[];
}

const BASE64: Base = { digits: BASE64_DIGITS, bits: 6, together: 4, mostApart: 6, begins: [0, 2, 4] };
const BASE32: Base = { digits: BASE32_DIGITS, bits: 5, together: 5, mostApart: 3, begins: [0, 1, 2, 3, 4] };
const HEX: Base = { digits: HEX_DIGITS, bits: 4, together: 6, mostApart: 8, begins: [0] };
const BASES = [BASE64, BASE32, HEX];

/** Digits that are none of a value's are in the set once in some 300 times. */
const BITS_PER_GRAM = 32;

/** Looking up what would be a value's first four bytes, in one way in which it may begin. */
const FIRST_BYTES_NS = 12;

/** Digits that write a byte and begin one of the eight in which base32's bytes may begin. */
const BESIDE_VALUE = 10;

/** The fewest bytes of a value, which are looked up together. */
const FIRST_BYTES = 4;

/** How many bytes the sets take for so many values. */
export function shortDigitsBytes(values: number): number {
  return BASES.reduce(
    (sum, { mostApart, begins }) => sum + gramSetBytes(values * mostApart * begins.length, BITS_PER_GRAM),
    gramSetBytes(values, BITS_PER_GRAM),
  );
}

/** Places of the bases among the sets: an array's elements are at hand, where an object's names are looked up for each run. */
export const IN_BASE64 = 0;
export const IN_BASE32 = 1;
export const IN_HEX = 2;
export type ShortDigitsOfEachBase = readonly [ShortDigits, ShortDigits, ShortDigits];

export class ShortDigits {
  /** What a value takes on either side of digits that are its, with a byte beside it in any way to read it. */
  readonly beside: number;
  /** What a digit takes to be looked up. */
  readonly digitNs: number;
  readonly #digits: DigitTable;
  readonly #bits: number;
  readonly #together: number;
  readonly #apart: number;
  readonly #mask: number;
  readonly #grams: GramSet;
  /** The first four bytes of each value, in every base the same. */
  readonly #firstBytes: GramSet;
  /** Where its first digits that are looked up may begin in a value, in bits. */
  readonly #offsets: readonly number[];
  readonly #work: Work;

  private constructor(values: readonly Uint8Array[], firstBytes: GramSet, base: Base, work: Work) {
    this.#work = work;
    const { digits, bits, together, mostApart, begins } = base;
    const shortest = values.reduce((least, { length }) => Math.min(least, length), Infinity);
    const longest = values.reduce((most, { length }) => Math.max(most, length), 0);
    this.beside = Math.ceil((8 * longest) / bits) + BESIDE_VALUE;
    const whole = Math.floor((8 * shortest - Math.max(...begins)) / bits);
    this.#digits = digits;
    this.#bits = bits;
    this.#together = together;
    this.#apart = Math.min(mostApart, whole - together + 1);
    this.digitNs = this.#apart === 1 ? 6 : 4;
    this.#mask = 2 ** (bits * together) - 1;
    this.#grams = new GramSet(values.length * this.#apart * begins.length, BITS_PER_GRAM);
    this.#firstBytes = firstBytes;
    this.#offsets = begins.flatMap((begin) =>
      Array.from({ length: this.#apart }, (_, digit) => begin + digit * bits),
    );
    for (const value of values)
      for (const offset of this.#offsets) this.#grams.add(bitsOf(value, offset, bits * together));
  }

  /**
   * @param values of four bytes or more each.
   * @param work what looking for them is paid from.
   */
  static ofEachBase(values: readonly Uint8Array[], work: Work): ShortDigitsOfEachBase {
    const firstBytes = new GramSet(values.length, BITS_PER_GRAM);
    for (const value of values) firstBytes.addAll(value.subarray(0, FIRST_BYTES));
    return [
      new ShortDigits(values, firstBytes, BASE64, work),
      new ShortDigits(values, firstBytes, BASE32, work),
      new ShortDigits(values, firstBytes, HEX, work),
    ];
  }

  /**
   * Where a run has the next digits that are looked up and may be a value's, or where nothing is left; `end` where none may.
   * @param begin the run's, which is looked through from `from` on.
   */
  next(bytes: Uint8Array, begin: number, from: number, end: number): number {
    const digits = this.#digits;
    const bits = this.#bits;
    const apart = this.#apart;
    const mask = this.#mask;
    const { words, shift } = this.#grams;
    const together = this.#together;
    let gram = 0;
    let at = from;
    if (apart === 1) {
      const first = Math.min(from + together - 1, end);
      while (at < first) gram = (gram << bits) | (digits[bytes[at++] as number] as number);
      while (at < end) {
        gram = (gram << bits) | (digits[bytes[at++] as number] as number);
        if (mayHold(words, shift, gram & mask) && this.#mayBegin(bytes, begin, at - together, end))
          return at - together;
      }
      return end;
    }
    for (let next = from + together; next <= end; next += apart) {
      if (at < next - together) at = next - together;
      do gram = (gram << bits) | (digits[bytes[at++] as number] as number);
      while (at < next);
      if (mayHold(words, shift, gram & mask) && this.#mayBegin(bytes, begin, next - together, end))
        return next - together;
    }
    return end;
  }

  wipe(): void {
    this.#grams.wipe();
    this.#firstBytes.wipe();
  }

  /** Whether a value may begin so that the digits at `at` are its, or nothing is left. */
  #mayBegin(bytes: Uint8Array, begin: number, at: number, end: number): boolean {
    if ((this.#work.left -= this.#offsets.length * FIRST_BYTES_NS) < 0) return true;
    const bits = this.#bits;
    const bit = bits * (at - begin);
    const last = bits * (end - begin) - 8 * FIRST_BYTES;
    const { words, shift } = this.#firstBytes;
    for (const offset of this.#offsets) {
      const first = bit - offset;
      if (first < 0 || first > last) continue;
      if (mayHold(words, shift, wordAt(bytes, this.#digits, bits, begin, first))) return true;
    }
    return false;
  }
}

/** Up to 25 bits of a value as a number. */
function bitsOf(value: Uint8Array, begin: number, count: number): number {
  let number = 0;
  for (let bit = begin; bit < begin + count; bit++)
    number = (number << 1) | (((value[bit >> 3] as number) >> (7 - (bit & 7))) & 1);
  return number;
}
