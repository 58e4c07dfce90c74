/**
 * Finds short values whole: an Aho-Corasick automaton (CACM 18:6, 1975) over bytes, in time
 * linear in the text. The states next to the root have all their transitions in a table, by classes of bytes that no
 * value tells apart. Of the others the first child is the state after it, and further ones are in a hash
 * table: about 26 bytes for each byte of a value. It is asked where a value may begin, and for as long as one goes on.
 *
 * What values read as once their escapes are decoded is in the same automaton: a decoded text is looked through once for both.
 */

import { Beginnings, beginningsBytes, MOST_TOGETHER, type Beginning } from './beginnings';
import { isAlphanumeric } from './encodings/characters';
import { TABLE_MULTIPLIER } from './seed';
import { endInText, type Stream } from './stream';
import { BEGIN_NS, END_NS, LOOK_UP_NS, TRANSITION_NS, type Work } from './work';

// What is imported is looked up in the module that exports it, each time.
const LOOK_UP = LOOK_UP_NS;
const TRANSITION = TRANSITION_NS;
const END = END_NS;

/** Values of fewer bytes are not part of another text: masking every `1` or `no` would hide the log and not the value. */
export const SHORTEST_BYTES = 4;
/** Values of fewer bytes are found only between characters that are neither letters nor digits. */
const SHORTEST_WITHIN_WORDS = 8;

/** What is bounded is found only between characters that are neither letters nor digits. */
export type ShortValue = Beginning;

/** What a value reads as once its escapes are decoded: found in decoded text only. */
export interface ShortReading extends Beginning {
  /** So many bytes a text takes to write it, at least. */
  readonly written: number;
}

/** @returns undefined for a value of fewer than 4 bytes. */
export function shortValue(bytes: Uint8Array): ShortValue | undefined {
  return bytes.length < SHORTEST_BYTES ? undefined : { bytes, bounded: isBounded(bytes.length) };
}

/** What a value of `length` bytes reads as. @returns undefined for what is too short to be looked for. */
export function shortReading(bytes: Uint8Array, written: number, length: number): ShortReading | undefined {
  return bytes.length < 2 ? undefined : { bytes, bounded: isBounded(length), written };
}

function isBounded(length: number): boolean {
  return length < SHORTEST_WITHIN_WORDS;
}

type Found = (begin: number, end: number) => void;

/** How many bytes an automaton takes for `count` values and so many readings, of so many bytes together. */
export function automatonBytes(bytes: number, count: number, readings: number): number {
  if (bytes === 0) return 0;
  const states = bytes + 1;
  const rows = Math.min(MOST_IN_ROWS, states * (1 + Math.min(257, states))) * 4;
  const beginnings = beginningsBytes(count) + (readings === 0 ? 0 : beginningsBytes(count + readings));
  return tableSize(states) * 8 + states * 26 + rows + beginnings + REMEMBERED * 8 + 1_024;
}

type Searched = Pick<Stream, 'bytes' | 'view' | 'length'>;

const EMPTY = 0;
/** So many transitions are in rows, those of the states next to the root: a core's cache holds them. */
const MOST_IN_ROWS = 32_768;
/** So many transitions that needed a look-up are remembered: a text in which they repeat does without. */
const REMEMBERED = 1_024;
const REMEMBERED_SHIFT = 32 - Math.log2(REMEMBERED);

/**
 * Where a value may begin so few bytes after the text was left, the automaton goes on for so many more at least: where it
 * goes from row to row, that takes less than to be asked again and again.
 */
const NEAR = 8;
const RUNS_ON = 64;

// What a state is, beside its depth: how many bytes of a value it is.
/** The byte that leads to the state numbered one higher. */
const FIRST_BYTE = 0x1ff;
const NO_BYTE = 0x100;
/** Other bytes lead further too. */
const BRANCHES = 1 << 9;
const HAS_ROW = 1 << 10;
const ENDS_VALUE = 1 << 11;
const ENDS_READING = 1 << 12;
const IS_LEAF = 1 << 13;
const OF_VALUES = ENDS_VALUE | IS_LEAF;
const OF_BOTH = ENDS_VALUE | ENDS_READING | IS_LEAF;
const DEPTH_SHIFT = 14;

export class ShortValues {
  readonly #mask: number;
  readonly #shift: number;
  /** By slot: state * 256 + byte + 1, and the state that follows. */
  readonly #keys: Int32Array;
  readonly #next: Int32Array;
  /** By byte: bytes that no value has are one class. */
  readonly #classes = new Uint16Array(256);
  /** By state: where its row of transitions begins, or 0. Rows are in the order of their states' depths. */
  readonly #rows: Int32Array;
  /**
   * By row and class of the next byte: the row of the state that follows, or below 0 that state where it has none or something
   * ends there. In front of a row is its state.
   */
  #following = new Int32Array(0);
  /** By depth: the first row of a state that has as many bytes of a value, or more. */
  readonly #firstRows: number[] = [];
  readonly #beginnings: Beginnings | undefined;
  /** Of values and readings. */
  readonly #decodedBeginnings: Beginnings | undefined;
  /** By state: all that is asked of one at each byte. */
  readonly #traits: Int32Array;
  /** By slot, as #keys and #next, whatever the transition goes through. */
  readonly #rememberedKeys = new Int32Array(REMEMBERED);
  readonly #rememberedNext = new Int32Array(REMEMBERED);
  /** By state: the longest proper suffix that is a state too. */
  readonly #failure: Int32Array;
  /** By state: the length of the longest unbounded value that ends here, through suffixes too. */
  readonly #ends: Uint8Array;
  /** By state: 1 where a bounded value is exactly this state. */
  readonly #bounded: Uint8Array;
  /** By state that is exactly a reading: how many bytes it is written in, else 0; and 1 where it may be within a word. */
  readonly #written: Int32Array;
  readonly #within: Uint8Array;
  /** By state: the nearest state on its chain of suffixes, itself included, that is exactly one of these; 0 for none. */
  readonly #conditional: Int32Array;
  /** All states of fewer bytes have rows, and some of so many. */
  #deepest = 0;
  #states = 1;
  #classCount = 0;
  readonly #work: Work;

  /** What it takes to look at a byte of a text that holds nothing. */
  readonly byteNs: number;

  /** @param work what each search is paid from: one ends where nothing is left. */
  constructor(values: readonly ShortValue[], readings: readonly ShortReading[], work: Work) {
    this.#work = work;
    const all: readonly Beginning[] = [...values, ...readings];
    const most = all.reduce((sum, { bytes }) => sum + bytes.length, 1);
    const size = tableSize(most);
    this.#mask = size - 1;
    this.#shift = 32 - Math.log2(size);
    this.#keys = new Int32Array(size);
    this.#next = new Int32Array(size);
    this.#traits = new Int32Array(most).fill(NO_BYTE);
    this.#rows = new Int32Array(most);
    this.#failure = new Int32Array(most);
    this.#ends = new Uint8Array(most);
    this.#bounded = new Uint8Array(most);
    this.#written = new Int32Array(most);
    this.#within = new Uint8Array(most);
    this.#conditional = new Int32Array(most);
    this.#beginnings = values.length === 0 ? undefined : new Beginnings(values);
    this.#decodedBeginnings = readings.length === 0 ? this.#beginnings : new Beginnings(all);
    const depths = this.#addAll(values, readings);
    this.byteNs = this.#decodedBeginnings?.byteNs ?? 0;
    this.#link(depths);
    this.#makeRows(depths);
  }

  /**
   * Tells of the values that the text has from `from` to `to`; they may overlap.
   * @returns `to`, or in front of what place no value begins that was not told of.
   */
  find(text: Searched, from: number, to: number, found: Found): number {
    if (this.#beginnings === undefined) return to;
    return this.#find(text, from, to, this.#beginnings, undefined, found);
  }

  /** The same of a text whose escapes were decoded, and of readings. */
  findDecoded(text: Stream, from: number, to: number, found: Found): number {
    if (this.#decodedBeginnings === undefined) return to;
    return this.#find(text, from, to, this.#decodedBeginnings, text, found);
  }

  #find(
    text: Searched,
    from: number,
    to: number,
    beginnings: Beginnings,
    decoded: Stream | undefined,
    found: Found,
  ): number {
    const { together } = beginnings;
    let near = from;
    for (let at = beginnings.next(text, from, to); at < to; at = beginnings.next(text, at, to)) {
      const runsOn = at < near && together <= this.#deepest;
      const least = runsOn ? Math.max(Math.min(at + RUNS_ON, to), at + together) : at + together;
      this.#work.left -= BEGIN_NS;
      at = this.#findFrom(text, at, least, together, decoded, found);
      if (this.#work.left < 0) return at;
      near = at + NEAR;
    }
    return to;
  }

  /** Lets the automaton run from `begin` to `least`, and on while a value does. @returns where the next one may begin. */
  #findFrom(
    { bytes, length }: Searched,
    begin: number,
    least: number,
    together: number,
    decoded: Stream | undefined,
    found: Found,
  ): number {
    const classes = this.#classes;
    const following = this.#following;
    const traits = this.#traits;
    const work = this.#work;
    const shallow = this.#firstRows[together] as number;
    let row = 1;
    for (let i = begin; i < length;) {
      const next = following[row + (classes[bytes[i++] as number] as number)] as number;
      if (next > 0) {
        row = next;
        if (row < shallow && i >= least) return i - this.#depth(following[row - 1] as number);
        continue;
      }
      let state = -next;
      let traitsOf = traits[state] as number;
      for (;;) {
        if ((traitsOf & OF_BOTH) !== 0) {
          work.left -= END;
          state = this.#ended(bytes, length, state, i, decoded, found);
          traitsOf = traits[state] as number;
        }
        if ((traitsOf & HAS_ROW) !== 0 || i === length) break;
        const depth = traitsOf >> DEPTH_SHIFT;
        if (work.left < 0 || (i >= least && depth < together)) return i - depth;
        const byte = bytes[i++] as number;
        if ((traitsOf & FIRST_BYTE) === byte) state++;
        else {
          work.left -= TRANSITION;
          state = this.#step(state, byte);
        }
        traitsOf = traits[state] as number;
      }
      row = this.#rows[state] as number;
      if (i < length && (work.left < 0 || (row < shallow && i >= least)))
        return i - (traitsOf >> DEPTH_SHIFT);
    }
    return length;
  }

  #depth(state: number): number {
    return (this.#traits[state] as number) >> DEPTH_SHIFT;
  }

  wipe(): void {
    this.#keys.fill(0);
    this.#next.fill(0);
    this.#rows.fill(0);
    this.#following.fill(0);
    this.#beginnings?.wipe();
    this.#decodedBeginnings?.wipe();
    this.#rememberedKeys.fill(0);
    this.#rememberedNext.fill(0);
    this.#traits.fill(NO_BYTE);
  }

  /** Tells of what ends at `end`. @returns the state from which the text goes on: nothing does from a leaf itself. */
  #ended(
    bytes: Uint8Array,
    length: number,
    state: number,
    end: number,
    decoded: Stream | undefined,
    found: Found,
  ): number {
    const kind = (this.#traits[state] as number) & (decoded === undefined ? OF_VALUES : OF_BOTH);
    if ((kind & ENDS_VALUE) !== 0) {
      const ends = this.#ends[state] as number;
      if (ends > 0) found(end - ends, end);
    }
    if ((kind & ~IS_LEAF) !== 0 && this.#conditional[state] !== 0)
      this.#findConditional(bytes, length, state, end, decoded, found);
    return (kind & IS_LEAF) === 0 ? state : this.#inner(state);
  }

  /** The longest suffix of a state that is not a leaf. */
  #inner(state: number): number {
    let inner = state;
    while (((this.#traits[inner] as number) & IS_LEAF) !== 0) inner = this.#failure[inner] as number;
    return inner;
  }

  /** At most one for each length, and of readings the longest. */
  #findConditional(
    bytes: Uint8Array,
    length: number,
    state: number,
    end: number,
    decoded: Stream | undefined,
    found: Found,
  ): void {
    const isWithinWord = end < length && isAlphanumeric(bytes[end]);
    for (let at = this.#conditional[state] as number; at !== 0;) {
      const begin = end - this.#depth(at);
      const isWithin = isWithinWord || (begin > 0 && isAlphanumeric(bytes[begin - 1]));
      if (this.#bounded[at] === 1 && !isWithin) found(begin, end);
      else if (decoded !== undefined && (this.#within[at] === 1 || !isWithin)) {
        const written = this.#written[at] as number;
        if (written > 0 && endInText(decoded, end) - (decoded.from[begin] as number) >= written)
          return found(begin, end);
      }
      at = this.#conditional[this.#failure[at] as number] as number;
    }
  }

  #step(state: number, byte: number): number {
    const key = state * 256 + byte + 1;
    const slot = Math.imul(key, TABLE_MULTIPLIER) >>> REMEMBERED_SHIFT;
    if (this.#rememberedKeys[slot] === key) return this.#rememberedNext[slot] as number;
    this.#work.left -= LOOK_UP;
    const next = this.#follow(state, byte);
    this.#rememberedKeys[slot] = key;
    this.#rememberedNext[slot] = next;
    return next;
  }

  #follow(state: number, byte: number): number {
    for (let from = state; ; from = this.#failure[from] as number) {
      const row = this.#rows[from] as number;
      if (row > 0) {
        const next = this.#following[row + (this.#classes[byte] as number)] as number;
        return next > 0 ? (this.#following[next - 1] as number) : -next;
      }
      const next = this.#child(from, byte);
      if (next !== 0 || from === 0) return next;
    }
  }

  #child(state: number, byte: number): number {
    const traits = this.#traits[state] as number;
    if ((traits & FIRST_BYTE) === byte) return state + 1;
    if ((traits & BRANCHES) === 0) return 0;
    const key = state * 256 + byte + 1;
    for (let slot = Math.imul(key, TABLE_MULTIPLIER) >>> this.#shift; ; slot = (slot + 1) & this.#mask) {
      const held = this.#keys[slot] as number;
      if (held === key) return this.#next[slot] as number;
      if (held === EMPTY) return 0;
    }
  }

  #addChild(state: number, byte: number): number {
    const child = this.#states++;
    const traits = this.#traits;
    traits[child] = ((this.#depth(state) + 1) << DEPTH_SHIFT) | NO_BYTE;
    if (child === state + 1) {
      traits[state] = ((traits[state] as number) & ~FIRST_BYTE) | byte;
      return child;
    }
    traits[state] = (traits[state] as number) | BRANCHES;
    const key = state * 256 + byte + 1;
    let slot = Math.imul(key, TABLE_MULTIPLIER) >>> this.#shift;
    while (this.#keys[slot] !== EMPTY) slot = (slot + 1) & this.#mask;
    this.#keys[slot] = key;
    this.#next[slot] = child;
    return child;
  }

  /** @returns by depth, each state with its parent and the byte that leads to it. */
  #addAll(values: readonly ShortValue[], readings: readonly ShortReading[]): Step[][] {
    const depths: Step[][] = [];
    for (const { bytes, bounded } of values) {
      const state = this.#addBytes(bytes, depths);
      if (bounded) this.#bounded[state] = 1;
      else this.#ends[state] = bytes.length;
    }
    for (const { bytes, bounded, written } of readings) {
      const state = this.#addBytes(bytes, depths);
      const known = this.#written[state] as number;
      this.#written[state] = known === 0 ? written : Math.min(written, known);
      if (!bounded) this.#within[state] = 1;
    }
    return depths;
  }

  #addBytes(bytes: Uint8Array, depths: Step[][]): number {
    let state = 0;
    for (let depth = 0; depth < bytes.length; depth++) {
      const byte = bytes[depth] as number;
      if (this.#classes[byte] === 0) this.#classes[byte] = ++this.#classCount;
      let child = this.#child(state, byte);
      if (child === 0) {
        child = this.#addChild(state, byte);
        (depths[depth] ??= []).push([child, state, byte]);
      }
      state = child;
    }
    return state;
  }

  /** Breadth first: a state's suffixes are shorter than it and have their links already. */
  #link(depths: readonly Step[][]): void {
    for (const [depth, steps] of depths.entries()) {
      for (const [state, parent, byte] of steps) {
        const failure = depth === 0 ? 0 : this.#follow(this.#failure[parent] as number, byte);
        this.#failure[state] = failure;
        const isValue = this.#ends[state] !== 0 || this.#bounded[state] !== 0;
        const isReading = this.#written[state] !== 0;
        if (this.#ends[state] === 0) this.#ends[state] = this.#ends[failure] as number;
        this.#conditional[state] =
          this.#bounded[state] !== 0 || isReading ? state : (this.#conditional[failure] as number);
        const traits = this.#traits[state] as number;
        const isLeaf = (traits & (FIRST_BYTE | BRANCHES)) === NO_BYTE;
        this.#traits[state] =
          traits |
          (isValue ? ENDS_VALUE : 0) |
          (isReading ? ENDS_READING : 0) |
          (isLeaf ? IS_LEAF : 0) |
          ((this.#traits[failure] as number) & (ENDS_VALUE | ENDS_READING));
      }
    }
  }

  /** Breadth first too: a state goes on as its longest suffix does, but for its children. */
  #makeRows(depths: readonly Step[][]): void {
    // In front of each is its state.
    const width = 2 + this.#classCount;
    const inner = depths.flat().filter(([state]) => ((this.#traits[state] as number) & IS_LEAF) === 0);
    const most = Math.max(1, Math.floor(MOST_IN_ROWS / width));
    const withRow = [0, ...inner.map(([state]) => state)].slice(0, most);
    this.#deepest = this.#depth(withRow.at(-1) as number);
    this.#following = new Int32Array(withRow.length * width);
    for (const [i, state] of withRow.entries()) this.#addRow(state, 1 + i * width);
    while (this.#firstRows.length <= MOST_TOGETHER) this.#firstRows.push(this.#following.length);
    const following = this.#following;
    following.fill(1, 1, width);
    for (const [depth, steps] of [[], ...depths].entries()) {
      for (const [state] of steps) {
        const row = this.#rows[state] as number;
        const suffix = this.#rows[this.#inner(this.#failure[state] as number)] as number;
        if (row > 0) following.copyWithin(row, suffix, suffix + width - 1);
      }
      for (const [child, parent, byte] of depths[depth] ?? []) {
        const row = this.#rows[parent] as number;
        const isEnd = ((this.#traits[child] as number) & OF_BOTH) !== 0;
        const next = isEnd ? 0 : (this.#rows[child] as number);
        if (row > 0) following[row + (this.#classes[byte] as number)] = next > 0 ? next : -child;
      }
    }
  }

  #addRow(state: number, row: number): void {
    this.#rows[state] = row;
    this.#following[row - 1] = state;
    this.#traits[state] = (this.#traits[state] as number) | HAS_ROW;
    while (this.#firstRows.length <= this.#depth(state)) this.#firstRows.push(row);
  }
}

/** The state that a byte leads to from its parent. */
type Step = [state: number, parent: number, byte: number];

function tableSize(entries: number): number {
  return 2 ** Math.ceil(Math.log2(entries * 2));
}
