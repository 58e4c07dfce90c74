/** The parts of a text that are masked, gathered in any order and joined where they overlap. */

import { REDACTED } from '../../domain/secret-value';

/** Filled for one text, then emptied. */
export class Spans {
  #opens = new Int32Array(0);
  #closes = new Int32Array(0);
  #masked = new Uint8Array(0);
  #length = 0;
  #empty = true;

  /** Makes room for a text of `length` bytes. */
  reset(length: number): void {
    if (this.#opens.length <= length) {
      this.#opens = new Int32Array(length + 1);
      this.#closes = new Int32Array(length + 1);
      this.#masked = new Uint8Array(length + 1);
    } else if (!this.#empty) {
      this.#opens.fill(0, 0, this.#length + 1);
      this.#closes.fill(0, 0, this.#length + 1);
      this.#masked.fill(0, 0, this.#length + 1);
    }
    this.#length = length;
    this.#empty = true;
  }

  get empty(): boolean {
    return this.#empty;
  }

  /** By place 1 where a span is. Of spans that begin before one that was added earlier, a part may be missing. */
  get masked(): Uint8Array {
    return this.#masked;
  }

  add(begin: number, end: number): void {
    this.#opens[begin] = (this.#opens[begin] as number) + 1;
    this.#closes[end] = (this.#closes[end] as number) + 1;
    this.#empty = false;
    for (let at = end - 1; at >= begin && this.#masked[at] === 0; at--) this.#masked[at] = 1;
  }

  /** The first `limit` bytes as text, each span replaced; one that begins before the limit is replaced whole. */
  redact(bytes: Buffer, limit: number): string {
    const parts: string[] = [];
    let depth = 0;
    let shown = 0;
    for (let at = 0; at <= this.#length && shown < limit; at++) {
      const closing = this.#closes[at] as number;
      if (closing > 0) {
        depth -= closing;
        if (depth === 0) shown = characterEnd(bytes, at);
      }
      const opening = this.#opens[at] as number;
      if (opening > 0) {
        if (depth === 0 && at < limit) {
          const begin = Math.max(shown, characterBegin(bytes, at));
          parts.push(bytes.toString('utf8', shown, begin), REDACTED);
        }
        depth += opening;
        shown = at;
      }
    }
    if (depth === 0 && shown < limit) parts.push(bytes.toString('utf8', shown, characterBegin(bytes, limit)));
    return parts.join('');
  }
}

/** A span that begins or ends within a character takes all of it. */
function characterBegin(bytes: Buffer, at: number): number {
  let begin = at;
  while (begin > 0 && begin < bytes.length && isContinuation(bytes[begin])) begin--;
  return begin;
}

function characterEnd(bytes: Buffer, at: number): number {
  let end = at;
  while (end < bytes.length && isContinuation(bytes[end])) end++;
  return end;
}

function isContinuation(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0xc0) === 0x80;
}
