/** The parts of a text that are masked, gathered in any order and joined where they overlap. */

import { REDACTED } from '../../domain/secret-value';

// What a place of the text is.
const NOTHING = 0;
/** In a span, and in none that has the place in front of it too. */
const BEGINS = 1;
const GOES_ON = 2;
const FOUR_GO_ON = 0x02020202;

/** Filled for one text, then emptied. */
export class Spans {
  /** By place; one more begins a span, and after it are three that nothing is said of. */
  #masked = new Uint8Array(4);
  #view = new DataView(this.#masked.buffer);
  /** The same as a Buffer, which is searched several times as fast. */
  #searched = Buffer.from(this.#masked.buffer);
  #length = 0;
  #empty = true;
  /** From where to where spans that overlap one another were added last. */
  #lastBegin = 0;
  #lastEnd = 0;

  /** Makes room for a text of `length` bytes. */
  reset(length: number): void {
    if (this.#masked.length < length + 4) {
      this.#masked = new Uint8Array(length + 4);
      this.#view = new DataView(this.#masked.buffer);
      this.#searched = Buffer.from(this.#masked.buffer);
    } else if (this.#empty) this.#masked[this.#length] = NOTHING;
    else this.#masked.fill(NOTHING, 0, this.#length + 1);
    this.#masked[length] = BEGINS;
    this.#length = length;
    this.#empty = true;
    this.#lastBegin = 0;
    this.#lastEnd = 0;
  }

  get empty(): boolean {
    return this.#empty;
  }

  /** By place: 0 where no span is. */
  get masked(): Uint8Array {
    return this.#masked;
  }

  /** A span of one byte or more. */
  add(begin: number, end: number): void {
    const masked = this.#masked;
    let at = this.#lastEnd;
    if (begin < this.#lastBegin || begin >= at) {
      this.#empty = false;
      this.#lastBegin = begin;
      if (masked[begin] === NOTHING) masked[begin] = BEGINS;
      at = begin + 1;
    }
    while (at < end) masked[at++] = GOES_ON;
    this.#lastEnd = at;
  }

  /**
   * The bytes up to `limit` as text, each span replaced; one that begins before the limit is replaced whole.
   * @param from what is in front of it is left out, and of a span that begins there all.
   */
  redact(bytes: Buffer, length: number, limit: number, from = 0): string {
    const masked = this.#masked;
    const searched = this.#searched;
    let text = '';
    let shown = characterBegin(bytes, from, length);
    for (let begin = searched.indexOf(BEGINS); begin < Math.min(limit, length);) {
      const end = this.#endOf(begin);
      if (begin >= from) {
        const cut = characterBegin(bytes, begin, length);
        if (cut > shown) text += bytes.toString('utf8', shown, cut);
        text += REDACTED;
      }
      shown = Math.max(shown, characterEnd(bytes, end, length));
      begin = masked[end] === BEGINS ? end : searched.indexOf(BEGINS, end);
    }
    return shown < limit ? text + bytes.toString('utf8', shown, characterBegin(bytes, limit, length)) : text;
  }

  /** Where the span that begins at `begin` ends. */
  #endOf(begin: number): number {
    const masked = this.#masked;
    const view = this.#view;
    let end = begin + 1;
    while (view.getInt32(end) === FOUR_GO_ON) end += 4;
    while (masked[end] === GOES_ON) end++;
    return end;
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
