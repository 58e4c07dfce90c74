/** The sets of three bytes in a row that short values hold: tells that a text holds none before it is decoded. */

import { TABLE_MULTIPLIER } from './seed';

const GRAM_BYTES = 3;
const GRAM = 0xff_ff_ff;
/** One bit in so many is set at most, up to a size that a core's cache holds. */
const BITS_PER_GRAM = 32;
const MOST_BITS = 19;

/** How many bytes a set takes for values of so many. */
export function gramSetBytes(valueBytes: number): number {
  return valueBytes === 0 ? 0 : 2 ** (32 - shiftFor(valueBytes)) / 8;
}

export class GramSet {
  readonly #bits: Uint8Array;
  readonly #shift: number;

  /** @param valueBytes the length of all values that will be added. */
  constructor(valueBytes: number) {
    this.#bits = new Uint8Array(gramSetBytes(valueBytes));
    this.#shift = shiftFor(valueBytes);
  }

  add(value: Uint8Array): void {
    let word = 0;
    for (const [i, byte] of value.entries()) {
      word = (word << 8) | byte;
      if (i < GRAM_BYTES - 1) continue;
      const bit = this.#bitOf(word);
      this.#bits[bit >>> 3] = (this.#bits[bit >>> 3] as number) | (1 << (bit & 7));
    }
  }

  /** Whether a value may hold the last three bytes of `word`. */
  holds(word: number): boolean {
    const bit = this.#bitOf(word);
    return (((this.#bits[bit >>> 3] as number) >> (bit & 7)) & 1) === 1;
  }

  wipe(): void {
    this.#bits.fill(0);
  }

  #bitOf(word: number): number {
    return Math.imul(word & GRAM, TABLE_MULTIPLIER) >>> this.#shift;
  }
}

function shiftFor(valueBytes: number): number {
  return 32 - Math.min(MOST_BITS, Math.ceil(Math.log2(valueBytes * BITS_PER_GRAM)));
}
