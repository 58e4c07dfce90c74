/**
 * Finds short values whole: an Aho-Corasick automaton (CACM 18:6, 1975) over bytes, in time
 * linear in the text. The states next to the root have all their transitions in a table, by classes of bytes that no
 * value tells apart. Of the others the first child is the state after it, and further ones are in a hash
 * table: about 26 bytes for each byte of a value. It is asked where a value may begin, and for as long as one goes on.
 */

import { Beginnings, beginningsBytes, type Beginning } from './beginnings';
import { isAlphanumeric } from './encodings/characters';
import { TABLE_MULTIPLIER } from './seed';
import type { Stream } from './stream';

/** Values of fewer bytes are not part of another text: masking every `1` or `no` would hide the log and not the value. */
export const SHORTEST_BYTES = 4;
/** Values of fewer bytes are found only between characters that are neither letters nor digits. */
const SHORTEST_WITHIN_WORDS = 8;

/** What is bounded is found only between characters that are neither letters nor digits. */
export interface ShortValue extends Beginning {
  /** So many bytes a text takes to write it, at least: more than it has where its escapes are decoded. */
  readonly written: number;
}

/** @returns undefined for a value of fewer than 4 bytes. */
export function shortValue(bytes: Uint8Array): ShortValue | undefined {
  return bytes.length < SHORTEST_BYTES ? undefined : shortReading(bytes, bytes.length, bytes.length);
}

/** What a value of `length` bytes reads as. @returns undefined for what is too short to be looked for. */
export function shortReading(bytes: Uint8Array, written: number, length: number): ShortValue | undefined {
  return bytes.length < 2 ? undefined : { bytes, bounded: length < SHORTEST_WITHIN_WORDS, written };
}

export type FoundValue = (begin: number, end: number, written: number) => void;

/** How many bytes an automaton takes for `count` values of so many bytes. */
export function automatonBytes(valueBytes: number, count: number): number {
  if (valueBytes === 0) return 0;
  const states = valueBytes + 1;
  const rows = Math.min(MOST_IN_ROWS, states * Math.min(256, states)) * 4;
  return tableSize(states) * 8 + states * 27 + rows + beginningsBytes(count) + REMEMBERED * 8 + 1_024;
}

type Searched = Pick<Stream, 'bytes' | 'view' | 'length'>;

const EMPTY = 0;
const NO_BYTE = 256;
/** So many transitions are in rows, those of the states next to the root: a core's cache holds them. */
const MOST_IN_ROWS = 16_384;
/** So many transitions that needed a look-up are remembered: a text in which they repeat does without. */
const REMEMBERED = 1_024;
const REMEMBERED_SHIFT = 32 - Math.log2(REMEMBERED);

// What a state is beside a place in the text.
const IS_END = 1;
const IS_LEAF = 2;

export class ShortValues {
  readonly #mask: number;
  readonly #shift: number;
  /** By slot: state * 256 + byte + 1, and the state that follows. */
  readonly #keys: Int32Array;
  readonly #next: Int32Array;
  /** By byte: bytes that no value has are one class. */
  readonly #classes = new Uint16Array(256);
  /** By state: where its row of transitions begins, or 0. */
  readonly #rows: Int32Array;
  /** By row and class of the next byte: the state that follows. */
  #following = new Int32Array(0);
  readonly #beginnings: Beginnings;
  /** By state: the byte that leads to the state numbered one higher. */
  readonly #firstByte: Uint16Array;
  /** By state: 1 where other bytes lead further too. */
  readonly #branches: Uint8Array;
  /** By state: IS_END, IS_LEAF, both or neither. */
  readonly #kinds: Uint8Array;
  /** By slot, as #keys and #next, whatever the transition goes through. */
  readonly #rememberedKeys = new Int32Array(REMEMBERED);
  readonly #rememberedNext = new Int32Array(REMEMBERED);
  /** By state: how many bytes of a value it is. */
  readonly #depths: Uint8Array;
  /** By state: the longest proper suffix that is a state too. */
  readonly #failure: Int32Array;
  /** By state: the length of the longest unbounded value that ends here, through suffixes too. */
  readonly #ends: Uint8Array;
  /** By state: its own length where a value that is bounded, or written longer, is exactly this state, else 0. */
  readonly #conditionalEnds: Uint8Array;
  /** By state with such an end: 1 where the value may be within a word, and how many bytes it is written in. */
  readonly #within: Uint8Array;
  readonly #written: Int32Array;
  /** By state: the nearest state on its chain of suffixes, itself included, with such an end; 0 for none. */
  readonly #conditional: Int32Array;
  #states = 1;

  constructor(values: readonly ShortValue[]) {
    const most = values.reduce((sum, { bytes }) => sum + bytes.length, 1);
    const size = tableSize(most);
    this.#mask = size - 1;
    this.#shift = 32 - Math.log2(size);
    this.#keys = new Int32Array(size);
    this.#next = new Int32Array(size);
    this.#firstByte = new Uint16Array(most).fill(NO_BYTE);
    this.#branches = new Uint8Array(most);
    this.#kinds = new Uint8Array(most);
    this.#rows = new Int32Array(most);
    this.#depths = new Uint8Array(most);
    this.#failure = new Int32Array(most);
    this.#ends = new Uint8Array(most);
    this.#conditionalEnds = new Uint8Array(most);
    this.#within = new Uint8Array(most);
    this.#written = new Int32Array(most);
    this.#conditional = new Int32Array(most);
    this.#beginnings = new Beginnings(values);
    const depths = this.#addAll(values);
    this.#link(depths);
    this.#makeRows(depths);
  }

  /** Tells of the values that the text has from `from` to `to`; they may overlap. */
  find(text: Searched, from: number, to: number, found: FoundValue): void {
    const beginnings = this.#beginnings;
    for (let at = beginnings.next(text, from, to); at < to; at = beginnings.next(text, at, to))
      at = this.#findFrom(text, at, at + beginnings.together, found);
  }

  /** Lets the automaton run from `begin` to `least`, and on while a value does. @returns where the next one may begin. */
  #findFrom({ bytes, length }: Searched, begin: number, least: number, found: FoundValue): number {
    const classes = this.#classes;
    const rows = this.#rows;
    const following = this.#following;
    const firstByte = this.#firstByte;
    const kinds = this.#kinds;
    const depths = this.#depths;
    const { together } = this.#beginnings;
    let state = 0;
    let i = begin;
    while (i < least || (i < length && (depths[state] as number) >= together)) {
      const byte = bytes[i++] as number;
      const row = rows[state] as number;
      if (row > 0) state = following[row + (classes[byte] as number)] as number;
      else if (firstByte[state] === byte) state++;
      else state = this.#step(state, byte);
      if (kinds[state] !== 0) state = this.#ended(bytes, length, state, i, found);
    }
    return i === length ? length : i - (depths[state] as number);
  }

  wipe(): void {
    this.#keys.fill(0);
    this.#next.fill(0);
    this.#rows.fill(0);
    this.#following.fill(0);
    this.#beginnings.wipe();
    this.#rememberedKeys.fill(0);
    this.#rememberedNext.fill(0);
    this.#firstByte.fill(NO_BYTE);
  }

  /** Tells of what ends at `end`. @returns the state from which the text goes on: nothing does from a leaf itself. */
  #ended(bytes: Uint8Array, length: number, state: number, end: number, found: FoundValue): number {
    const kind = this.#kinds[state] as number;
    if ((kind & IS_END) !== 0) {
      const ends = this.#ends[state] as number;
      if (ends > 0) found(end - ends, end, ends);
      if (this.#conditional[state] !== 0)
        this.#findConditional(bytes, state, end, end < length && isAlphanumeric(bytes[end]), found);
    }
    return (kind & IS_LEAF) === 0 ? state : this.#inner(state);
  }

  /** The longest suffix of a state that is not a leaf. */
  #inner(state: number): number {
    let inner = state;
    while (((this.#kinds[inner] as number) & IS_LEAF) !== 0) inner = this.#failure[inner] as number;
    return inner;
  }

  /** At most one for each length. */
  #findConditional(
    bytes: Uint8Array,
    state: number,
    end: number,
    isWithinWord: boolean,
    found: FoundValue,
  ): void {
    for (let at = this.#conditional[state] as number; at !== 0;) {
      const begin = end - (this.#conditionalEnds[at] as number);
      const written = this.#written[at] as number;
      if (this.#within[at] === 1 || !(isWithinWord || (begin > 0 && isAlphanumeric(bytes[begin - 1]))))
        found(begin, end, written);
      at = this.#conditional[this.#failure[at] as number] as number;
    }
  }

  #step(state: number, byte: number): number {
    const key = state * 256 + byte + 1;
    const slot = Math.imul(key, TABLE_MULTIPLIER) >>> REMEMBERED_SHIFT;
    if (this.#rememberedKeys[slot] === key) return this.#rememberedNext[slot] as number;
    const next = this.#follow(state, byte);
    this.#rememberedKeys[slot] = key;
    this.#rememberedNext[slot] = next;
    return next;
  }

  #follow(state: number, byte: number): number {
    for (let from = state; ; from = this.#failure[from] as number) {
      const row = this.#rows[from] as number;
      if (row > 0) return this.#following[row + (this.#classes[byte] as number)] as number;
      const next = this.#child(from, byte);
      if (next !== 0 || from === 0) return next;
    }
  }

  #child(state: number, byte: number): number {
    if (this.#firstByte[state] === byte) return state + 1;
    if (this.#branches[state] === 0) return 0;
    const key = state * 256 + byte + 1;
    for (let slot = Math.imul(key, TABLE_MULTIPLIER) >>> this.#shift; ; slot = (slot + 1) & this.#mask) {
      const held = this.#keys[slot] as number;
      if (held === key) return this.#next[slot] as number;
      if (held === EMPTY) return 0;
    }
  }

  #addChild(state: number, byte: number): number {
    const child = this.#states++;
    if (child === state + 1) {
      this.#firstByte[state] = byte;
      return child;
    }
    this.#branches[state] = 1;
    const key = state * 256 + byte + 1;
    let slot = Math.imul(key, TABLE_MULTIPLIER) >>> this.#shift;
    while (this.#keys[slot] !== EMPTY) slot = (slot + 1) & this.#mask;
    this.#keys[slot] = key;
    this.#next[slot] = child;
    return child;
  }

  /** @returns by depth, each state with its parent and the byte that leads to it. */
  #addAll(values: readonly ShortValue[]): Step[][] {
    const depths: Step[][] = [];
    let classes = 0;
    for (const { bytes, bounded, written } of values) {
      let state = 0;
      for (let depth = 0; depth < bytes.length; depth++) {
        const byte = bytes[depth] as number;
        if (this.#classes[byte] === 0) this.#classes[byte] = ++classes;
        let child = this.#child(state, byte);
        if (child === 0) {
          child = this.#addChild(state, byte);
          (depths[depth] ??= []).push([child, state, byte]);
          this.#depths[child] = depth + 1;
        }
        state = child;
      }
      if (!bounded && written === bytes.length) this.#ends[state] = bytes.length;
      else this.#addConditional(state, bytes.length, bounded, written);
    }
    return depths;
  }

  #addConditional(state: number, length: number, bounded: boolean, written: number): void {
    const fewest =
      this.#conditionalEnds[state] === 0 ? written : Math.min(written, this.#written[state] as number);
    this.#conditionalEnds[state] = length;
    this.#written[state] = fewest;
    if (!bounded) this.#within[state] = 1;
  }

  /** Breadth first: a state's suffixes are shorter than it and have their links already. */
  #link(depths: readonly Step[][]): void {
    for (const [depth, steps] of depths.entries()) {
      for (const [state, parent, byte] of steps) {
        const failure = depth === 0 ? 0 : this.#follow(this.#failure[parent] as number, byte);
        this.#failure[state] = failure;
        if (this.#ends[state] === 0) this.#ends[state] = this.#ends[failure] as number;
        this.#conditional[state] =
          this.#conditionalEnds[state] !== 0 ? state : (this.#conditional[failure] as number);
        const isEnd = this.#ends[state] !== 0 || this.#conditional[state] !== 0;
        const isLeaf = this.#firstByte[state] === NO_BYTE && this.#branches[state] === 0;
        this.#kinds[state] = (isEnd ? IS_END : 0) | (isLeaf ? IS_LEAF : 0);
      }
    }
  }

  /** Breadth first too: a state goes on as its longest suffix does, but for its children. */
  #makeRows(depths: readonly Step[][]): void {
    const width = 1 + Math.max(...this.#classes);
    const inner = depths.flat().filter(([state]) => ((this.#kinds[state] as number) & IS_LEAF) === 0);
    const count = Math.min(1 + inner.length, Math.max(1, Math.floor(MOST_IN_ROWS / width)));
    this.#following = new Int32Array(1 + count * width);
    const following = this.#following;
    let row = 1;
    const addRow = (state: number): void => {
      this.#rows[state] = row;
      row += width;
    };
    addRow(0);
    const withRow = inner.slice(0, count - 1);
    const rowOf = new Set([0, ...withRow.map(([state]) => state)]);
    for (const [depth, steps] of [[[0, 0, 0] as Step], ...depths].entries()) {
      for (const [state] of steps) {
        if (!rowOf.has(state)) continue;
        if (depth === 0) continue;
        const suffix = this.#rows[this.#inner(this.#failure[state] as number)] as number;
        following.copyWithin(row, suffix, suffix + width);
        addRow(state);
      }
      for (const [child, parent, byte] of depths[depth] ?? []) {
        const at = this.#rows[parent] as number;
        if (at > 0) following[at + (this.#classes[byte] as number)] = child;
      }
    }
  }
}

/** The state that a byte leads to from its parent. */
type Step = [state: number, parent: number, byte: number];

function tableSize(entries: number): number {
  return 2 ** Math.ceil(Math.log2(entries * 2));
}
