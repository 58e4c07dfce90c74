/**
 * How much a text may cost. Most bytes of a text lead from row to row of an automaton, are copied, or are not looked at by
 * themselves at all; what else a text may cost is counted in steps, of some 25 ns each. Where they are too many, what is left of
 * the text is masked whole: what cannot be looked through at its price is not handed on.
 */

/** A text may take so many steps whatever its length, */
const FREE_STEPS = 1_024;
/** and three for so many bytes of it, in all its readings together. */
const BYTES_OF_THREE_STEPS = 8;
/** Each reading has one for so many bytes, whatever was left by those before it: a text's beginning is shown as far as it is cheap. */
const BYTES_OF_RESERVE = 16;

/** A look-up that is likely to wait for memory, or to be foreseen by no processor. */
export const LOOK_UP_STEPS = 2;

/** The steps of one search through a text, and where it had none left. */
export class Work {
  left = 0;
  #end = 0;
  #isSpent = false;

  /** Begins with a text of so many bytes. */
  begin(bytes: number): void {
    this.left = FREE_STEPS + Math.floor((3 * bytes) / BYTES_OF_THREE_STEPS);
    this.#end = bytes;
    this.#isSpent = false;
  }

  /** Allows what values may take: they are read once. */
  beginUnbounded(): void {
    this.begin(Infinity);
  }

  /** Begins the next reading of the text. */
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
