/**
 * Tells where in a text a short value may begin, by the few bytes in a row that it begins with: the automaton that finds
 * values is asked there only. Where all values have six bytes and more, a text that holds nothing is looked at once in
 * a few bytes.
 */

import { isAlphanumeric } from './encodings/characters';
import { GramSet, gramSetBytes, mayHold } from './gram-set';
import type { Stream } from './stream';

/** A value, as far as it matters where it begins. */
export interface Beginning {
  /** Two or more. */
  readonly bytes: Uint8Array;
  /** None begins after a letter or a digit. */
  readonly bounded: boolean;
}

type Searched = Pick<Stream, 'bytes' | 'view'>;

const GRAM_BYTES = 4;
/** Four bytes that none begins with are in their set once in some 300 times. */
const BITS_PER_BEGINNING = 32;
/** Of a value four bytes in a row are known that begin with one of so many, at most: each takes memory. */
const MOST_APART = 12;
/** A look-up of four bytes takes as long as going through so many, or a little less. */
const LEAST_APART = 3;
/** Where an index is a beginning's for so many times, each so near the last one, the automaton goes through the text faster. */
const MOST_MISSES = 4;
const NEAR = 8;
/** So many bytes in a row are a beginning, fewer where a value has no more. */
export const MOST_TOGETHER = 4;
/** By how many they are: so many bits of an index each byte moves those before it, at most. */
const MOST_MOVED = [0, 8, 6, 5, 4];

/** By a beginning's index: whether values that begin so are bounded, or some are not. */
const BOUNDED = 1;
const ANYWHERE = 2;

/** How many bytes the beginnings of so many values take, at most. */
export function beginningsBytes(values: number): number {
  return (
    2 ** (MOST_TOGETHER * movedBy(MOST_TOGETHER, values)) +
    gramSetBytes(values, BITS_PER_BEGINNING) +
    gramSetBytes(values * MOST_APART)
  );
}

export class Beginnings {
  /** A value that begins goes on for so many bytes at least. */
  readonly together: number;
  readonly #moved: number;
  readonly #table: Uint8Array;
  /** The first four bytes of each value, where they have as many: an index of the table is that of many. */
  readonly #first: GramSet | undefined;
  /** Four bytes in a row that a value has near its beginning: some are at every `#apart` bytes of a text that has it. */
  readonly #grams: GramSet | undefined;
  readonly #apart: number;

  constructor(values: readonly Beginning[]) {
    const shortest = values.reduce((least, { bytes }) => Math.min(least, bytes.length), Infinity);
    this.together = Math.min(MOST_TOGETHER, shortest);
    this.#moved = movedBy(this.together, values.length);
    this.#table = new Uint8Array(2 ** (this.#moved * this.together));
    if (this.together === GRAM_BYTES) this.#first = new GramSet(values.length, BITS_PER_BEGINNING);
    for (const value of values) this.#add(value);
    this.#apart = Math.min(MOST_APART, shortest - GRAM_BYTES + 1);
    if (this.#apart < LEAST_APART) return;
    this.#grams = new GramSet(values.length * this.#apart);
    for (const { bytes } of values) this.#grams.addAll(bytes.subarray(0, this.#apart + GRAM_BYTES - 1));
  }

  /** What it takes to look at a byte where none begins. */
  get byteNs(): number {
    return this.#grams === undefined ? 2 : 1;
  }

  /** The first place from `from` on at which a value may begin; `end` where none does. */
  next(text: Searched, from: number, end: number): number {
    if (this.#grams === undefined) return this.#nextOf(text, from, end, end);
    const { view } = text;
    const { words, shift } = this.#grams;
    const apart = this.#apart;
    for (let at = from + apart - 1; at <= end - GRAM_BYTES; at += apart) {
      if (!mayHold(words, shift, view.getInt32(at))) continue;
      const begin = this.#nextOf(text, at - apart + 1, at + GRAM_BYTES, end);
      if (begin < end) return begin;
    }
    return end;
  }

  wipe(): void {
    this.#table.fill(0);
    this.#first?.wipe();
    this.#grams?.wipe();
  }

  #add({ bytes, bounded }: Beginning): void {
    let index = 0;
    for (let at = 0; at < this.together; at++) index = (index << this.#moved) ^ (bytes[at] as number);
    this.#first?.addAll(bytes.subarray(0, GRAM_BYTES));
    index &= this.#table.length - 1;
    if (this.#table[index] !== ANYWHERE) this.#table[index] = bounded ? BOUNDED : ANYWHERE;
  }

  /** Looks at each byte from `from` to `end`. @returns `none` where no value may begin. */
  #nextOf({ bytes, view }: Searched, from: number, end: number, none: number): number {
    const table = this.#table;
    const mask = table.length - 1;
    const moved = this.#moved;
    const together = this.together;
    const beginnings = this.#first;
    let misses = 0;
    let missed = from - NEAR;
    const first = from + together;
    let index = 0;
    for (let at = from; at < end;) {
      do index = (index << moved) ^ (bytes[at++] as number);
      while (table[index & mask] === 0 && at < end);
      const begins = table[index & mask] as number;
      if (begins === 0 || at < first) continue;
      const begin = at - together;
      if (begins === BOUNDED && begin > 0 && isAlphanumeric(bytes[begin - 1])) continue;
      if (beginnings === undefined || mayHold(beginnings.words, beginnings.shift, view.getInt32(begin)))
        return begin;
      misses = begin - missed < NEAR ? misses + 1 : 0;
      missed = begin;
      if (misses === MOST_MISSES) return begin;
    }
    return none;
  }
}

/** How many bits of an index each byte moves those before it: one index in 500 is a beginning's, or more where that is the most. */
function movedBy(together: number, values: number): number {
  return Math.min(MOST_MOVED[together] as number, Math.ceil(Math.log2(values * 500) / together));
}
