/**
 * How much a text may cost. What is dear in it is counted, at what it takes in nanoseconds on the machine that the prices were
 * measured on: counts decide what is handed on, never a clock. Where a text takes too much, what is left of it is masked
 * whole: what cannot be looked through at its price is not handed on.
 *
 * Each text has a strict price for each of its bytes, and more out of its tenant's credit for as long as there is some: one
 * text cannot tell an honest table from an attack, but nobody honest logs nothing but the dearest texts without end.
 */

/** The strict price of a byte, all in all: some 50 MB/s. */
const STRICT_NS = 17;
/** A text is given so many bytes' price more than it has bytes: what else its record takes is more than that. */
const BYTES_OF_TEXT = 256;
/**
 * Of what the passes that every byte goes through leave of it each reading has so much, and what those before it left: a text's
 * beginning is shown as far as it is cheap, whatever comes after it. Where a text is dear as it is, decoding it is dearer.
 */
export const PARTS = {
  asItIs: 0.2,
  shortValues: 0.05,
  digits: 0.25,
  escapes: 0.25,
  pluses: 0.05,
  digitsBesideEscapes: 0.15,
  decoded: 0.05,
} as const;
/** Out of a credit a text takes the price of so many times its bytes at most: others wait meanwhile. */
const MOST_CREDIT = 8;

/** What it takes to see that a byte is no digit and begins no escape. */
export const TOLD_NS = 2;
/** An automaton's look-up that was not made a while ago, its transition that has no row, and a value that ends. */
export const LOOK_UP_NS = 100;
export const TRANSITION_NS = 25;
export const END_NS = 100;
/** A place where a value may begin. */
export const BEGIN_NS = 15;
/** A window of a long value in a text, and a piece that is found: it is replaced as well. */
export const WINDOW_NS = 25;
export const PIECE_NS = 120;
/** Pluses that are looked through again as spaces, and what is beside them. */
export const FOLD_NS = 100;

/** What a tenant's texts may cost beyond their strict price, in bytes of text at that price. */
export interface Credit {
  /** How much is left. */
  left(): number;
  take(bytes: number): void;
}

/** Whoever looks at it waits for it alone. */
export const UNLIMITED: Credit = { left: () => Infinity, take: () => undefined };

/** What is left for one search through a text, and where nothing was. */
export class Work {
  left = 0;
  /** What it takes to look at a byte for values, where none is. */
  byteNs = 0;
  #rest = 0;
  #length = 0;
  /** So many bytes are paid for. */
  #paid = 0;
  #given = 0;
  #end = 0;
  #isSpent = false;

  /** Begins with a text of so many bytes as it is. */
  begin(bytes: number, credit: number): void {
    this.#length = bytes;
    this.#paid = bytes + BYTES_OF_TEXT + Math.min(credit, MOST_CREDIT * (bytes + BYTES_OF_TEXT));
    this.#end = bytes;
    this.#isSpent = false;
    this.left = 0;
    this.#given = 0;
    this.#rest = STRICT_NS * this.#paid - (this.byteNs + TOLD_NS) * bytes;
    this.beginReading(PARTS.asItIs);
  }

  /** Allows whatever it takes: values are read once. */
  beginUnbounded(): void {
    this.left = 2 ** 30;
  }

  /** Begins the next reading of the text as far as it was looked through. */
  beginReading(part: number): void {
    const given = Math.floor((part * this.#rest * this.#end) / this.#length) - Math.min(this.left, 0);
    this.left += given;
    this.#given += given;
  }

  /** How many bytes of text have the price of what was taken beyond this one's own. */
  get beyond(): number {
    const taken = this.#given - this.left + (this.byteNs + TOLD_NS) * this.#length;
    return Math.max(0, Math.ceil(taken / STRICT_NS) - this.#length - BYTES_OF_TEXT);
  }

  /** Whether something was missing. */
  get isSpent(): boolean {
    return this.#isSpent;
  }

  /** In front of it all readings went through the text. */
  get end(): number {
    return this.#end;
  }

  /** Tells that a reading ended at `place`, for nothing was left. */
  endAt(place: number): void {
    this.#isSpent = true;
    if (place < this.#end) this.#end = place;
  }
}
