/** The sets of four bytes in a row that values hold: tells that digits write none before they are decoded. */

import { FILTER_SEED, TABLE_MULTIPLIER } from './seed';

const GRAM_BYTES = 4;
const BITS_PER_GRAM = 16;

/** How many bytes a set takes for values of so many. */
export function gramSetBytes(valueBytes: number): number {
  return valueBytes === 0 ? 0 : wordsFor(valueBytes) * 4;
}

/** A blocked Bloom filter: two bits in one word for each four bytes. It forgets none, and says yes wrongly about once in 100. */
export class GramSet {
  readonly #words: Int32Array;
  readonly #shift: number;

  /** @param valueBytes the length of all values that will be added. */
  constructor(valueBytes: number) {
    const words = wordsFor(valueBytes);
    this.#words = new Int32Array(words);
    this.#shift = 32 - Math.log2(words);
  }

  add(value: Uint8Array): void {
    let gram = 0;
    for (let i = 0; i < value.length; i++) {
      gram = (gram << 8) | (value[i] as number);
      if (i < GRAM_BYTES - 1) continue;
      const hash = gramHash(gram);
      const word = hash >>> this.#shift;
      // A shift takes the last five bits of what it is told.
      this.#words[word] = (this.#words[word] as number) | (1 << hash) | (1 << (hash >>> 5));
    }
  }

  /** Whether a value may hold the four bytes of a big-endian word. */
  mayHold(gram: number): boolean {
    const hash = gramHash(gram);
    const word = this.#words[hash >>> this.#shift] as number;
    return ((word >>> hash) & (word >>> (hash >>> 5)) & 1) === 1;
  }

  wipe(): void {
    this.#words.fill(0);
  }
}

function wordsFor(grams: number): number {
  return 2 ** Math.max(2, Math.ceil(Math.log2((grams * BITS_PER_GRAM) / 32)));
}

/** One round of multiply and fold: the first bits choose a word, the last ten two of its bits. */
function gramHash(gram: number): number {
  const hash = Math.imul(gram ^ FILTER_SEED, TABLE_MULTIPLIER);
  return hash ^ (hash >>> 15);
}
