/** The parts of a text that are masked, gathered in any order and joined where they overlap. */

import { REDACTED } from '../../domain/secret-value';

/** A span's place among those that were added, beside where it begins in one number that sorts. */
const PLACES = 2 ** 26;

/** Filled for one text, then emptied. */
export class Spans {
  #begins = new Int32Array(64);
  #ends = new Int32Array(64);
  #count = 0;
  #inOrder = true;
  #masked = new Uint8Array(0);
  #length = 0;

  /** Makes room for a text of `length` bytes. */
  reset(length: number): void {
    if (this.#masked.length <= length) this.#masked = new Uint8Array(length + 1);
    else if (this.#count > 0) this.#masked.fill(0, 0, this.#length + 1);
    this.#length = length;
    this.#count = 0;
    this.#inOrder = true;
  }

  get empty(): boolean {
    return this.#count === 0;
  }

  /** By place 1 where a span is. Of spans that begin before one that was added earlier, a part may be missing. */
  get masked(): Uint8Array {
    return this.#masked;
  }

  add(begin: number, end: number): void {
    for (let at = end - 1; at >= begin && this.#masked[at] === 0; at--) this.#masked[at] = 1;
    const last = this.#count - 1;
    if (last >= 0) {
      const lastBegin = this.#begins[last] as number;
      const lastEnd = this.#ends[last] as number;
      if (begin >= lastBegin && begin < lastEnd) {
        if (end > lastEnd) this.#ends[last] = end;
        return;
      }
      if (begin < lastBegin) this.#inOrder = false;
    }
    if (this.#count === this.#begins.length) this.#grow();
    this.#begins[this.#count] = begin;
    this.#ends[this.#count++] = end;
  }

  /**
   * The bytes up to `limit` as text, each span replaced; one that begins before the limit is replaced whole.
   * @param from what is in front of it is left out, and of a span that begins there all.
   */
  redact(bytes: Buffer, length: number, limit: number, from = 0): string {
    if (!this.#inOrder) this.#sort();
    let text = '';
    let shown = characterBegin(bytes, from, length);
    for (let i = 0; i < this.#count;) {
      const begin = this.#begins[i] as number;
      if (begin >= limit) break;
      let end = this.#ends[i++] as number;
      for (; i < this.#count && (this.#begins[i] as number) < end; i++)
        end = Math.max(end, this.#ends[i] as number);
      if (begin < from) {
        shown = Math.max(shown, characterEnd(bytes, end, length));
        continue;
      }
      text += bytes.toString('utf8', shown, Math.max(shown, characterBegin(bytes, begin, length))) + REDACTED;
      shown = characterEnd(bytes, end, length);
    }
    return shown < limit ? text + bytes.toString('utf8', shown, characterBegin(bytes, limit, length)) : text;
  }

  #sort(): void {
    const count = this.#count;
    const order = Float64Array.from(
      { length: count },
      (_, i) => (this.#begins[i] as number) * PLACES + i,
    ).sort();
    const ends = this.#ends.slice(0, count);
    for (let i = 0; i < count; i++) {
      const key = order[i] as number;
      this.#begins[i] = Math.floor(key / PLACES);
      this.#ends[i] = ends[key % PLACES] as number;
    }
  }

  #grow(): void {
    const begins = new Int32Array(2 * this.#count);
    begins.set(this.#begins);
    this.#begins = begins;
    const ends = new Int32Array(2 * this.#count);
    ends.set(this.#ends);
    this.#ends = ends;
  }
}

/** A span that begins or ends within a character takes all of it. */
function characterBegin(bytes: Uint8Array, at: number, length: number): number {
  let begin = at;
  while (begin > 0 && begin < length && isContinuation(bytes[begin])) begin--;
  return begin;
}

function characterEnd(bytes: Uint8Array, at: number, length: number): number {
  let end = at;
  while (end < length && isContinuation(bytes[end])) end++;
  return end;
}

function isContinuation(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0xc0) === 0x80;
}
