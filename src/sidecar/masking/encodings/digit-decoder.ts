/** Decodes whatever digits a text holds, in every base and from every digit on. */

import { ScratchStream, type Stream } from '../stream';
import { BASE64_DIGITS, HEX_DIGITS } from './characters';
import { BASES, DigitRun, nextRun, runEnd, type Base } from './digits';
import { decodeDecimals, decodeHexNumbers } from './number-lists';
import { findRegions, type Regions } from './regions';

/** A run of fewer digits holds nothing beside a value. */
const SHORTEST_MIXED_RUN = 11;
/** A dump's numbers are two bytes each. */
const LONGEST_NUMBER_BYTES = 2;

/** What was masked already is not decoded but for so many digits beside what was not: a match may end a little late. */
const MARGIN = 4;

/** Takes bytes and tells of the matches in them. */
export type Match = (bytes: Uint8Array, length: number, found: (begin: number, end: number) => void) => void;

export class DigitDecoder implements Regions {
  readonly #run = new DigitRun();
  readonly #numbers = new ScratchStream();
  #decoded = new Uint8Array(0);
  /** How much of it was ever written since it was wiped. */
  #used = 0;
  /** Of the run that is being matched. */
  #bits = 0;
  #skip = 0;
  #stream: Stream | undefined;
  #shortest = 0;
  #masked: Uint8Array | undefined;
  #match: Match = () => undefined;
  #found: (begin: number, end: number) => void = () => undefined;

  /**
   * @param shortest no match has fewer bytes.
   * @param masked by place in the text, what was found already and is not decoded; undefined for a stream that was
   * decoded from the text: of that, only what escapes are within is decoded, for the rest was before.
   * @param found is told of matches in the text's own places.
   */
  decode(
    stream: Stream,
    shortest: number,
    masked: Uint8Array | undefined,
    match: Match,
    found: (begin: number, end: number) => void,
  ): void {
    const { bytes, length } = stream;
    this.#run.reset(length);
    if (this.#decoded.length < length) this.#decoded = new Uint8Array(length);
    this.#stream = stream;
    this.#shortest = shortest;
    this.#masked = masked;
    this.#match = match;
    this.#found = found;
    const digits = Math.ceil((shortest * 8) / 6);
    findRegions(bytes, length, digits, Math.ceil(shortest / LONGEST_NUMBER_BYTES), this);
    this.#stream = undefined;
  }

  run(begin: number, end: number, lines: boolean, minus: boolean): void {
    const masked = this.#masked;
    if (masked === undefined) {
      if (!this.#wasDecoded(begin, end)) this.#decodeRegion(begin, end, lines, minus);
      return;
    }
    const fewest = Math.ceil((this.#shortest * 8) / 6);
    for (let at = begin; at < end; at++) {
      while (at < end && masked[at] === 1) at++;
      const first = at;
      while (at < end && masked[at] === 0) at++;
      if (at - first < fewest) continue;
      if (lines) return this.#decodeRegion(begin, end, lines, minus);
      this.#decodeRegion(Math.max(begin, first - MARGIN), Math.min(end, at + MARGIN), lines, minus);
    }
  }

  list(begin: number, end: number): void {
    if (this.#masked === undefined && this.#wasDecoded(begin, end)) return;
    this.#decodeHexNumbers(begin, end);
    const { bytes } = this.#stream as Stream;
    decodeDecimals(bytes, begin, end, this.#numbers);
    this.#matchNumbers();
  }

  wipe(): void {
    this.#run.wipe();
    this.#numbers.wipe();
    this.#decoded.fill(0, 0, this.#used);
    this.#used = 0;
  }

  /** Whether the text has the same bytes in a row. */
  #wasDecoded(begin: number, end: number): boolean {
    const { from } = this.#stream as Stream;
    return (from[end] as number) - (from[begin] as number) === end - begin;
  }

  #decodeRegion(begin: number, end: number, lines: boolean, minus: boolean): void {
    const { bytes } = this.#stream as Stream;
    for (const base of BASES) {
      if (base.digits !== BASE64_DIGITS) this.#decodeRuns(base, begin, end);
      else {
        if (lines) this.#run.readLines(bytes, begin, end, base.digits);
        else this.#run.read(bytes, begin, end, base.digits);
        this.#decodeRun(base);
      }
    }
    // C#'s BitConverter: `73-6B-2D`, all of it digits of base64.
    if (minus) this.#decodeHexNumbers(begin, end);
  }

  #decodeRuns(base: Base, begin: number, end: number): void {
    const { bytes } = this.#stream as Stream;
    const fewest = Math.ceil((this.#shortest * 8) / base.bits);
    for (let at = begin; ;) {
      const first = nextRun(bytes, at, end, base.digits, fewest);
      if (first === end) return;
      at = runEnd(bytes, first + fewest, end, base.digits);
      this.#run.read(bytes, first, at, base.digits);
      this.#decodeRun(base);
    }
  }

  #decodeRun({ bits, period }: Base): void {
    const run = this.#run;
    this.#bits = bits;
    // A short run is the encoding of one value: nothing is before it.
    const skips = run.length < SHORTEST_MIXED_RUN ? 1 : period;
    for (let skip = 0; skip < skips; skip++) {
      this.#skip = skip;
      const length = run.decode(bits, skip, this.#decoded);
      this.#used = Math.max(this.#used, length);
      this.#match(this.#decoded, length, this.#foundInRun);
    }
  }

  #decodeHexNumbers(begin: number, end: number): void {
    decodeHexNumbers((this.#stream as Stream).bytes, begin, end, this.#numbers);
    this.#matchNumbers();
  }

  #matchNumbers(): void {
    const numbers = this.#numbers;
    if (numbers.length >= this.#shortest) this.#match(numbers.bytes, numbers.length, this.#foundInNumbers);
  }

  readonly #foundInRun = (begin: number, end: number): void => {
    const { from } = this.#stream as Stream;
    const last = this.#run.lastPlaceOf(end - 1, this.#bits, this.#skip);
    const first = this.#run.placeOf(begin, this.#bits, this.#skip);
    this.#found(from[first] as number, from[last + 1] as number);
  };

  readonly #foundInNumbers = (begin: number, end: number): void => {
    const numbers = this.#numbers;
    const { bytes, from } = this.#stream as Stream;
    let last = (numbers.from[end - 1] as number) + 1;
    while (last < bytes.length && (HEX_DIGITS[bytes[last] as number] as number) >= 0) last++;
    this.#found(from[numbers.from[begin] as number] as number, from[last] as number);
  };
}
