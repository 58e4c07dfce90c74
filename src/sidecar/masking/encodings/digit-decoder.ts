/** Decodes whatever digits a text holds, in every base and from every digit on. */

import { ScratchStream, type Stream } from '../stream';
import { BASE64_DIGITS, HEX_DIGITS } from './characters';
import { BASES, DigitRun, runEnd, type Base } from './digits';
import { decodeDecimals, decodeHexNumbers } from './number-lists';
import { findRegions, type Regions } from './regions';

const MINUS = 0x2d;
/** A run of fewer digits holds nothing beside a value. */
const SHORTEST_MIXED_RUN = 11;
/** A dump's numbers are two bytes each. */
const LONGEST_NUMBER_BYTES = 2;

/** Takes bytes and tells of the matches in them. */
export type Match = (bytes: Uint8Array, length: number, found: (begin: number, end: number) => void) => void;

export class DigitDecoder implements Regions {
  readonly #run = new DigitRun();
  readonly #numbers = new ScratchStream();
  #decoded = new Uint8Array(0);
  /** How much of it was ever written since it was wiped. */
  #used = 0;
  #stream: Stream | undefined;
  #shortest = 0;
  #match: Match = () => undefined;
  #found: (begin: number, end: number) => void = () => undefined;

  /**
   * @param shortest no match has fewer bytes.
   * @param found is told of matches in the text's own places.
   */
  decode(stream: Stream, shortest: number, match: Match, found: (begin: number, end: number) => void): void {
    const { bytes, length } = stream;
    this.#run.reset(length);
    if (this.#decoded.length < length) this.#decoded = new Uint8Array(length);
    this.#stream = stream;
    this.#shortest = shortest;
    this.#match = match;
    this.#found = found;
    const digits = Math.ceil((shortest * 8) / 6);
    findRegions(bytes, length, digits, Math.ceil(shortest / LONGEST_NUMBER_BYTES), this);
    this.#stream = undefined;
  }

  run(begin: number, end: number, lines: boolean): void {
    const { bytes } = this.#stream as Stream;
    for (const base of BASES) {
      if (lines && base.digits === BASE64_DIGITS) {
        this.#run.readLines(bytes, begin, end, base.digits);
        this.#decodeRun(base);
      } else {
        this.#decodeRuns(base, begin, end);
      }
    }
    // C#'s BitConverter: `73-6B-2D`, all of it digits of base64.
    if (bytes.subarray(begin, end).includes(MINUS)) this.#decodeHexNumbers(begin, end);
  }

  list(begin: number, end: number): void {
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

  #decodeRuns(base: Base, begin: number, end: number): void {
    const { bytes } = this.#stream as Stream;
    const fewest = Math.ceil((this.#shortest * 8) / base.bits);
    for (let at = begin; at < end; at++) {
      const first = at;
      at = runEnd(bytes, first, end, base.digits);
      if (at - first < fewest) continue;
      this.#run.read(bytes, first, at, base.digits);
      this.#decodeRun(base);
    }
  }

  #decodeRun({ bits, period }: Base): void {
    const { from } = this.#stream as Stream;
    const run = this.#run;
    // A short run is the encoding of one value: nothing is before it.
    const skips = run.length < SHORTEST_MIXED_RUN ? 1 : period;
    for (let skip = 0; skip < skips; skip++) {
      const length = run.decode(bits, skip, this.#decoded);
      this.#used = Math.max(this.#used, length);
      this.#match(this.#decoded, length, (begin, end) => {
        const last = run.lastPlaceOf(end - 1, bits, skip);
        this.#found(from[run.placeOf(begin, bits, skip)] as number, from[last + 1] as number);
      });
    }
  }

  #decodeHexNumbers(begin: number, end: number): void {
    decodeHexNumbers((this.#stream as Stream).bytes, begin, end, this.#numbers);
    this.#matchNumbers();
  }

  #matchNumbers(): void {
    const numbers = this.#numbers;
    if (numbers.length < this.#shortest) return;
    const { bytes, from } = this.#stream as Stream;
    this.#match(numbers.bytes, numbers.length, (begin, end) => {
      let last = (numbers.from[end - 1] as number) + 1;
      while (last < bytes.length && (HEX_DIGITS[bytes[last] as number] as number) >= 0) last++;
      this.#found(from[numbers.from[begin] as number] as number, from[last] as number);
    });
  }
}
