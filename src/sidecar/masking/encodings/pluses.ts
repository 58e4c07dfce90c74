/**
 * In forms `+` is a space (WHATWG URL, application/x-www-form-urlencoded), elsewhere it is a plus: both read as a space
 * where escapes are decoded. Elsewhere a text's own are spaces for as long as what is around them is looked through again.
 */

import type { Stream } from '../stream';
import { PLUS, SPACE } from './characters';

/** Beside a plus: a short value is no longer, nor what of a piece is on one side. */
const BESIDE = 16;

type Text = Pick<Stream, 'bytes' | 'length'>;

/** Places in a text. */
export class Places {
  at = new Int32Array(64);
  count = 0;

  add(place: number): void {
    if (this.count === this.at.length) {
      const more = new Int32Array(2 * this.count);
      more.set(this.at);
      this.at = more;
    }
    this.at[this.count++] = place;
  }
}

/** The pluses of a text around which nothing is decoded. */
export class Pluses {
  readonly #places = new Places();
  readonly #folded = new Places();

  get any(): boolean {
    return this.#places.count > 0;
  }

  clear(): void {
    this.#places.count = 0;
  }

  /** Adds the next one. */
  add(place: number): void {
    this.#places.add(place);
  }

  /** @param look is told from where to where the text is looked through while all pluses there are spaces. */
  fold(text: Text, look: (begin: number, end: number) => void): void {
    const { at, count } = this.#places;
    for (let i = 0, end = 0; i < count;) {
      const begin = Math.max(end, (at[i] as number) - BESIDE);
      do end = (at[i++] as number) + 1 + BESIDE;
      while (i < count && (at[i] as number) - BESIDE <= end);
      this.#foldIn(text, begin, Math.min(end, text.length), look);
    }
  }

  #foldIn({ bytes }: Text, begin: number, end: number, look: (begin: number, end: number) => void): void {
    const folded = this.#folded;
    folded.count = 0;
    for (let place = begin; place < end; place++) {
      if (bytes[place] !== PLUS) continue;
      folded.add(place);
      bytes[place] = SPACE;
    }
    look(begin, end);
    for (let i = 0; i < folded.count; i++) bytes[folded.at[i] as number] = PLUS;
  }
}
