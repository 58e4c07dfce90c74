/** Sets of a few bytes or digits in a row that values hold: tell that a text has none of a value before more of it is looked at. */

import { FILTER_SEED, TABLE_MULTIPLIER } from './seed';

// What is imported is looked up in the module that exports it, each time.
const SEED = FILTER_SEED;
const MULTIPLIER = TABLE_MULTIPLIER;

const GRAM_BYTES = 4;
const BITS_PER_GRAM = 16;

/** How many bytes a set takes for so many grams. */
export function gramSetBytes(grams: number, bitsPerGram = BITS_PER_GRAM): number {
  return grams === 0 ? 0 : wordsFor(grams, bitsPerGram) * 4;
}

/** A blocked Bloom filter: two bits in one word for each gram. It forgets none, and says yes wrongly about once in 100. */
export class GramSet {
  readonly words: Int32Array;
  /** So many bits of a hash do not choose the word. */
  readonly shift: number;

  /**
   * @param grams so many will be added at most.
   * @param bitsPerGram twice as many, and a quarter as often it says yes wrongly.
   */
  constructor(grams: number, bitsPerGram = BITS_PER_GRAM) {
    const words = wordsFor(grams, bitsPerGram);
    this.words = new Int32Array(words);
    this.shift = 32 - Math.log2(words);
  }

  /** Every four bytes in a row, each as a big-endian word. */
  addAll(value: Uint8Array): void {
    let gram = 0;
    for (let i = 0; i < value.length; i++) {
      gram = (gram << 8) | (value[i] as number);
      if (i >= GRAM_BYTES - 1) this.add(gram);
    }
  }

  add(gram: number): void {
    const hash = gramHash(gram);
    const word = hash >>> this.shift;
    // A shift takes the last five bits of what it is told.
    this.words[word] = (this.words[word] as number) | (1 << hash) | (1 << (hash >>> 5));
  }

  wipe(): void {
    this.words.fill(0);
  }
}

/** Whether a set's words may hold a gram. A function of words in hand: a loop that asks for each digit reads no fields. */
export function mayHold(words: Int32Array, shift: number, gram: number): boolean {
  const hash = gramHash(gram);
  const word = words[hash >>> shift] as number;
  return ((word >>> hash) & (word >>> (hash >>> 5)) & 1) === 1;
}

function wordsFor(grams: number, bitsPerGram: number): number {
  return 2 ** Math.max(2, Math.ceil(Math.log2((grams * bitsPerGram) / 32)));
}

/** One round of multiply and fold: the first bits choose a word, the last ten two of its bits. */
function gramHash(gram: number): number {
  const hash = Math.imul(gram ^ SEED, MULTIPLIER);
  return hash ^ (hash >>> 15);
}
