/**
 * How much a text may cost beside values that make it dear. Most bytes of a text lead from row to row of an automaton or are
 * not looked up at all; what else a byte may cost is counted in steps. Where they are too many, what is left of the text is
 * masked whole: what cannot be looked through at its price is not handed on.
 */

/** A text may take so many steps whatever its length, */
const FREE_STEPS = 256;
/** and one for so many bytes of it. */
const BYTES_PER_STEP = 8;

/** The steps of one search through a text, and where it had none left. */
export class Work {
  left = 0;
  #spentAt = Infinity;

  /** Allows what a text of so many bytes may take. */
  allow(bytes: number): void {
    this.left = FREE_STEPS + Math.floor(bytes / BYTES_PER_STEP);
  }

  /** Forgets where steps were missing. */
  reset(): void {
    this.#spentAt = Infinity;
  }

  /** In front of it all texts were looked through; Infinity where there were steps enough. */
  get spentAt(): number {
    return this.#spentAt;
  }

  /** Tells that what the text has from `place` on was not looked through, where no steps are left. @returns whether that is so. */
  isSpent(place: number): boolean {
    if (this.left >= 0) return false;
    if (place < this.#spentAt) this.#spentAt = place;
    return true;
  }
}
