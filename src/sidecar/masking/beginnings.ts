/**
 * Tells where in a text a short value may begin, by a few bytes in a row: the automaton that finds values is asked
 * there only. Of a text that holds nothing, values of six bytes and more have it looked at once in a few bytes.
 */

import { GramSet, gramSetBytes, mayHold } from './gram-set';
import type { Stream } from './stream';

export interface Beginnings {
  /** What may begin goes on for so many bytes at least, or is none. */
  readonly together: number;
  /** From where one may begin, the automaton has to read so many bytes until it knows. */
  readonly least: number;
  /** The first place from `from` on at which a value may begin; the text's length where none does. */
  next(text: Pick<Stream, 'bytes' | 'view' | 'length'>, from: number): number;
  wipe(): void;
}

/** @param values of two bytes or more each. */
export function beginningsOf(values: readonly Uint8Array[]): Beginnings {
  const shortest = values.reduce((least, { length }) => Math.min(least, length), Infinity);
  const apart = Math.min(MOST_APART, shortest - GRAM_BYTES + 1);
  return apart < LEAST_APART ? new EachByte(values, shortest) : new NowAndThen(values, apart);
}

/** How many bytes they take for so many values, at most. */
export function beginningsBytes(values: number): number {
  return Math.max(2 ** (MOST_TOGETHER * movedBy(MOST_TOGETHER, values)), gramSetBytes(values * MOST_APART));
}

const GRAM_BYTES = 4;
/** Four bytes are looked up at every so many: of a value of 15 bytes four in a row that begin with one of them. */
const MOST_APART = 12;
/** A look-up takes as long as going through so many bytes, or a little less. */
const LEAST_APART = 3;

/** Of values by which four bytes in a row they begin with, or which follow a few bytes later. */
class NowAndThen implements Beginnings {
  readonly together = GRAM_BYTES;
  readonly least: number;
  readonly #apart: number;
  readonly #grams: GramSet;

  constructor(values: readonly Uint8Array[], apart: number) {
    this.#apart = apart;
    this.least = apart - 1 + GRAM_BYTES;
    this.#grams = new GramSet(values.length * apart);
    for (const value of values) this.#grams.addAll(value.subarray(0, this.least));
  }

  next({ view, length }: Pick<Stream, 'view' | 'length'>, from: number): number {
    const { words, shift } = this.#grams;
    const apart = this.#apart;
    for (let at = from + apart - 1; at <= length - GRAM_BYTES; at += apart)
      if (mayHold(words, shift, view.getInt32(at))) return at - apart + 1;
    return length;
  }

  wipe(): void {
    this.#grams.wipe();
  }
}

/** So many bytes in a row are looked up, fewer where a value has no more. */
const MOST_TOGETHER = 4;
/** By how many are looked up: so many bits of an index each byte moves those before it, at most. */
const MOST_MOVED = [0, 8, 6, 5, 4];

/** Of values some of which are so short that each byte of a text has to be looked at. */
class EachByte implements Beginnings {
  readonly together: number;
  readonly least: number;
  readonly #moved: number;
  /** By an index that a few bytes in a row make: 1 where a value may begin with them. */
  readonly #table: Uint8Array;

  constructor(values: readonly Uint8Array[], shortest: number) {
    this.together = Math.min(MOST_TOGETHER, shortest);
    this.least = this.together;
    this.#moved = movedBy(this.together, values.length);
    this.#table = new Uint8Array(2 ** (this.#moved * this.together));
    for (const value of values) {
      let index = 0;
      for (let at = 0; at < this.together; at++) index = (index << this.#moved) ^ (value[at] as number);
      this.#table[index & (this.#table.length - 1)] = 1;
    }
  }

  next({ bytes, length }: Pick<Stream, 'bytes' | 'length'>, from: number): number {
    const table = this.#table;
    const mask = table.length - 1;
    const moved = this.#moved;
    const first = from + this.together;
    let index = 0;
    for (let at = from; at < length;) {
      do index = (index << moved) ^ (bytes[at++] as number);
      while (table[index & mask] === 0 && at < length);
      if (table[index & mask] === 1 && at >= first) return at - this.together;
    }
    return length;
  }

  wipe(): void {
    this.#table.fill(0);
  }
}

/** How many bits of an index each byte moves those before it: one index in 500 is a beginning's, or more where that is the most. */
function movedBy(together: number, values: number): number {
  return Math.min(MOST_MOVED[together] as number, Math.ceil(Math.log2(values * 500) / together));
}
