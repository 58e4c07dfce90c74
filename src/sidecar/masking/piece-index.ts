/**
 * Finds pieces of long values: any 12 bytes in a row that some value holds, in time linear
 * in the text whatever the values are.
 *
 * A piece of 12 bytes is 5 overlapping windows of 8, so a set of all windows of 8 that the
 * values hold is enough: where 5 follow one another in a text, they are on a piece of a
 * value. The set is a blocked Bloom filter (three bits in one 32-bit word), which forgets
 * no window and takes 2 to 4 bytes for each. It says yes wrongly about once in 100, and five times in
 * a row, which would mask what is not a piece, about once in 10^10. One of 5 windows in a row
 * begins at a multiple of 5, so text that holds nothing is looked at once in 5 bytes.
 *
 * All four bytes in a row of the values are in a set of their own: digits are not decoded where they write none.
 *
 * Windows that are not secret by themselves (the first line of every PEM file, a URL's host)
 * are in a second set. They are masked with what they are beside, and never alone.
 */

import { GramSet, gramSetBytes } from './gram-set';
import { FILTER_SEED } from './seed';
import type { Stream } from './stream';
import { PIECE_NS, WINDOW_NS, type Work } from './work';

/** The shortest piece that is found, in bytes. */
export const PIECE_BYTES = 12;
const WINDOW = 8;
// What is imported is looked up in the module that exports it, each time.
const HELD = WINDOW_NS;
const FOUND = PIECE_NS;
const BYTE_NS = 1;
/** So many are in a core's cache; a look-up among more waits for memory. */
const WORDS_AT_HAND = 2 ** 17;
const WINDOWS = PIECE_BYTES - WINDOW + 1;
/** So many windows of a piece must be secret ones: one or two at its edge may be there by chance. */
const SECRET_WINDOWS = 3;
const BITS_PER_WINDOW = 16;

/** A part of a value that is not secret by itself. */
export interface Range {
  readonly begin: number;
  readonly end: number;
}

/** How many bytes an index takes for values of so many, of which some is not secret. */
export function pieceIndexBytes(valueBytes: number): number {
  return valueBytes === 0 ? 0 : 2 * filterWords(valueBytes) * 4 + gramSetBytes(valueBytes) + 256;
}

export class PieceIndex {
  readonly #secret: Int32Array;
  readonly #shift: number;
  /** All four bytes in a row, as big-endian words. */
  readonly grams: GramSet;
  /** By byte: 1 where a value has it. */
  readonly alphabet = new Uint8Array(256);
  /** By byte: 1 where a value has a window of nothing else. */
  readonly #repeated = new Uint8Array(256);
  #plain: Int32Array | undefined;

  readonly work: Work;
  /** How many times as long a look-up takes as in a set that a core's cache holds. */
  readonly waits: number;

  /**
   * @param valueBytes the length of all values that will be added.
   * @param work what each search is paid from: one ends where nothing is left.
   */
  constructor(valueBytes: number, work: Work) {
    this.work = work;
    const words = filterWords(valueBytes);
    this.waits = words > WORDS_AT_HAND ? 3 : 1;
    this.#secret = new Int32Array(words);
    this.#shift = 32 - Math.log2(words);
    this.grams = new GramSet(valueBytes);
  }

  /** What it takes to look at a byte of a text that holds nothing. */
  get byteNs(): number {
    return this.waits * BYTE_NS;
  }

  get shortest(): number {
    return PIECE_BYTES;
  }

  /** @param plain the value's parts that are not secret by themselves, in order. */
  add(value: Uint8Array, plain: readonly Range[] = []): void {
    const view = new DataView(value.buffer, value.byteOffset, value.length);
    for (const { begin, end } of plain) {
      this.#plain ??= new Int32Array(this.#secret.length);
      this.#addWindows(this.#plain, view, begin, end);
    }
    this.#addWindows(this.#secret, view, 0, value.length);
    for (const byte of value) this.alphabet[byte] = 1;
    this.grams.addAll(value);
  }

  /**
   * Tells of every piece that the text has from `from` to `to`, in the order of where they begin; two may overlap.
   * @returns `to`, or in front of what place all were told of where nothing is left.
   */
  find(
    { bytes, view }: Pick<Stream, 'bytes' | 'view'>,
    from: number,
    to: number,
    found: (begin: number, end: number) => void,
  ): number {
    const secret = this.#secret;
    const shift = this.#shift;
    const alphabet = this.alphabet;
    const { work } = this;
    const held = HELD * this.waits;
    const last = to - WINDOW;
    for (let at = from; at <= last; at += WINDOWS) {
      // No window has a byte that no value has: the next one may begin after it, and is seen as many further as others are.
      if (alphabet[bytes[at + WINDOW - 1] as number] === 0) {
        at += WINDOW - 1;
        continue;
      }
      if (!holds(secret, shift, view, at)) continue;
      if ((work.left -= held) < 0) return at;
      let begin = at;
      while (begin > from && at - begin < WINDOWS && holds(secret, shift, view, begin - 1)) begin--;
      const end = this.#runEnd(view, begin, at, last);
      if (end - begin >= WINDOWS && this.#isPiece(view, begin, end) && this.#hasSecret(view, begin, end)) {
        work.left -= FOUND;
        found(begin, end - 1 + WINDOW);
      }
      // On to the first multiple at which the next run can be seen.
      at += Math.floor((end - 1 - at) / WINDOWS) * WINDOWS;
    }
    return to;
  }

  wipe(): void {
    this.#secret.fill(0);
    this.#plain?.fill(0);
    this.grams.wipe();
    this.alphabet.fill(0);
    this.#repeated.fill(0);
  }

  /** Where the run of windows that begins at `begin` and holds `at` ends. */
  #runEnd(view: DataView, begin: number, at: number, last: number): number {
    const secret = this.#secret;
    const shift = this.#shift;
    let end = at + 1;
    while (end <= last && end - begin < WINDOWS && holds(secret, shift, view, end)) end++;
    if (end - begin < WINDOWS) return end;
    // A byte that is not of the piece is in 8 windows: one of them is seen at every fifth.
    while (end - 1 + WINDOWS <= last && holds(secret, shift, view, end - 1 + WINDOWS)) end += WINDOWS;
    while (end <= last && holds(secret, shift, view, end)) end++;
    return end;
  }

  /**
   * Whether as many windows as a piece has may be values'. Those of a line of one character are all the same, and what the
   * filter says wrongly of one it says of all: of these it is known which values hold.
   */
  #isPiece(view: DataView, begin: number, end: number): boolean {
    let held = 0;
    for (let at = begin; at < end && held < WINDOWS; at++) {
      const isHeld = !isOneByte(view, at) || this.#repeated[view.getUint8(at)] === 1;
      held = isHeld ? held + 1 : 0;
    }
    return held === WINDOWS;
  }

  #hasSecret(view: DataView, begin: number, end: number): boolean {
    const plain = this.#plain;
    if (plain === undefined) return true;
    const shift = this.#shift;
    let secret = 0;
    // Of a run not every window was looked up: what only follows one that is not secret is not in a value.
    for (let at = begin; at < end && secret < SECRET_WINDOWS; at++)
      if (!holds(plain, shift, view, at) && holds(this.#secret, shift, view, at)) secret++;
    return secret >= SECRET_WINDOWS;
  }

  #addWindows(filter: Int32Array, view: DataView, begin: number, end: number): void {
    for (let at = begin; at + WINDOW <= end; at++) {
      const hash = windowHash(view.getInt32(at), view.getInt32(at + 4));
      const word = hash >>> this.#shift;
      filter[word] = (filter[word] as number) | windowBits(hash);
      if (isOneByte(view, at)) this.#repeated[view.getUint8(at)] = 1;
    }
  }
}

/** Whether a window is one byte again and again. */
function isOneByte(view: DataView, at: number): boolean {
  const word = view.getInt32(at);
  return word === view.getInt32(at + 1) && word === view.getInt32(at + 4);
}

function holds(filter: Int32Array, shift: number, view: DataView, at: number): boolean {
  const hash = windowHash(view.getInt32(at), view.getInt32(at + 4));
  const bits = windowBits(hash);
  return ((filter[hash >>> shift] as number) & bits) === bits;
}

function filterWords(windows: number): number {
  return 2 ** Math.max(2, Math.ceil(Math.log2((windows * BITS_PER_WINDOW) / 32)));
}

/** Two rounds of multiply and fold over 8 bytes (after Murmur3's finalizer). */
function windowHash(high: number, low: number): number {
  let hash = Math.imul(high ^ FILTER_SEED, 0x9e3779b1);
  hash ^= hash >>> 15;
  hash = Math.imul(hash ^ low, 0x85ebca6b);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}

/** Three bits of a word, from the part of the hash that does not choose the word. */
function windowBits(hash: number): number {
  return (1 << (hash & 31)) | (1 << ((hash >>> 5) & 31)) | (1 << ((hash >>> 10) & 31));
}
