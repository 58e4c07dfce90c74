/**
 * How much a text may cost. Most bytes of a text lead from row to row of an automaton, are copied, or are not looked at by
 * themselves at all; what else a text may cost is counted in steps, of some 25 ns each. Where they are too many, what is left of
 * the text is masked whole: what cannot be looked through at its price is not handed on.
 */

/** A text may take so many steps whatever its length, */
const FREE_STEPS = 1_024;
/** one for so many bytes as it is: where that is dear, decoding it is dearer; */
const BYTES_OF_STEP = 8;
/** and one for so many bytes in all that it is decoded to. */
const BYTES_OF_DECODING_STEP = 3;
/** Each reading has one for so many bytes, whatever was left by those before it: a text's beginning is shown as far as it is cheap. */
const BYTES_OF_RESERVE = 16;

/** An automaton's look-up that was not made a while ago, and a value that ends. */
export const LOOK_UP_STEPS = 4;
export const END_STEPS = 2;

/** The steps of one search through a text, and where it had none left. */
export class Work {
  left = 0;
  #end = 0;
  #isSpent = false;

  /** Begins with a text of so many bytes as it is. */
  begin(bytes: number): void {
    this.left = FREE_STEPS + Math.floor(bytes / BYTES_OF_STEP);
    this.#end = bytes;
    this.#isSpent = false;
  }

  /** Allows whatever it takes: values are read once. */
  beginUnbounded(): void {
    this.left = Infinity;
  }

  /** Begins with what the text is decoded to, as far as it was looked through. */
  beginDecoding(): void {
    this.left = Math.max(this.left, 0) + Math.floor(this.#end / BYTES_OF_DECODING_STEP);
  }

  /** Begins the next reading of what it is decoded to. */
  beginReading(): void {
    this.left = Math.max(this.left, Math.floor(this.#end / BYTES_OF_RESERVE));
  }

  /** Whether steps were missing. */
  get isSpent(): boolean {
    return this.#isSpent;
  }

  /** In front of it all readings went through the text. */
  get end(): number {
    return this.#end;
  }

  /** Tells that a reading ended at `place`, for no step was left. */
  endAt(place: number): void {
    this.#isSpent = true;
    if (place < this.#end) this.#end = place;
  }
}
