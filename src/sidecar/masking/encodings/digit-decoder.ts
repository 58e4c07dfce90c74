/** Decodes whatever digits a text holds, in every base and from every digit on. */

import { endInText, ScratchStream, type Stream } from '../stream';
import { BASE32_DIGITS, HEX_DIGITS, type DigitTable } from './characters';
import { siftBase64, siftHex, SHORTEST_SIEVED, type Sift, type Sieve } from './digit-sieve';
import {
  decodeBase32,
  decodeBase64,
  DecodedRun,
  decodeFew,
  decodeHex,
  nextRun,
  runEnd,
  type FourRuns,
} from './digits';
import { decodeDecimals, decodeHexNumbers } from './number-lists';
import { findRegions, type Regions } from './regions';

/** A run of fewer digits is the encoding of one value: nothing is before it. */
const SHORTEST_MIXED_RUN = 11;
/** A dump's numbers are two bytes each. */
const LONGEST_NUMBER_BYTES = 2;

/** So much of a run is decoded at once where a match may be, */
const STRETCH = 512;
/** and so many digits on both sides of it: no short value takes more, nor a piece. */
const BESIDE = 32;

/** What was masked already is not decoded but for so many digits beside what was not: a match may end a little late. */
const MARGIN = 4;

type Found = (begin: number, end: number) => void;

/** What is looked for in decoded bytes. */
export interface Matches extends Sieve {
  /** No match has fewer bytes. */
  readonly shortest: number;
  find(decoded: Pick<Stream, 'bytes' | 'view' | 'length'>, found: Found): void;
}

export class DigitDecoder implements Regions {
  readonly #runs: FourRuns = [new DecodedRun(), new DecodedRun(), new DecodedRun(), new DecodedRun()];
  readonly #numbers = new ScratchStream();
  /** Of the run that is being matched: the digit's place from which it was decoded, and how many bits a digit has. */
  #begin = 0;
  #bits = 0;
  #stream: Stream | undefined;
  #shortest = 0;
  #masked: Uint8Array | undefined;
  #isText = true;
  #matches: Matches | undefined;
  #found: Found = () => undefined;

  /**
   * @param masked by place in the stream, what was found already and is not decoded; undefined where nothing was.
   * @param isText whether the stream is the text itself. Of one that was decoded from it only what escapes are within
   * is decoded, for the rest was before.
   * @param found is told of matches in the text's own places.
   */
  decode(
    stream: Stream,
    matches: Matches,
    masked: Uint8Array | undefined,
    isText: boolean,
    found: Found,
  ): void {
    const { bytes, length } = stream;
    for (const run of this.#runs) run.reset(length);
    this.#stream = stream;
    const { shortest } = matches;
    this.#matches = matches;
    this.#shortest = shortest;
    this.#masked = masked;
    this.#isText = isText;
    this.#found = found;
    findRegions(bytes, length, this.#fewest(6), Math.ceil(shortest / LONGEST_NUMBER_BYTES), this);
    this.#stream = undefined;
    this.#matches = undefined;
  }

  run(begin: number, end: number, minus: boolean): void {
    if (this.#wasDecoded(begin, end)) return;
    const masked = this.#masked;
    if (masked === undefined) return this.#decodeRun(begin, end, minus);
    const fewest = this.#fewest(6);
    for (let at = begin; at < end; at++) {
      while (at < end && masked[at] === 1) at++;
      const first = at;
      while (at < end && masked[at] === 0) at++;
      if (at - first >= fewest)
        this.#decodeRun(Math.max(begin, first - MARGIN), Math.min(end, at + MARGIN), minus);
    }
  }

  list(begin: number, end: number): void {
    if (this.#wasDecoded(begin, end)) return;
    this.#decodeHexNumbers(begin, end);
    const { bytes } = this.#stream as Stream;
    decodeDecimals(bytes, begin, end, this.#numbers);
    this.#matchNumbers();
  }

  wipe(): void {
    for (const run of this.#runs) run.wipe();
    this.#numbers.wipe();
  }

  /** The fewest digits that write a match. */
  #fewest(bits: number): number {
    return Math.ceil((this.#shortest * 8) / bits);
  }

  /**
   * Whether the stream is another one than the text, which has the same bytes in a row, and in front of them nothing that
   * is a digit there only: the end of an escape.
   */
  #wasDecoded(begin: number, end: number): boolean {
    if (this.#isText) return false;
    const stream = this.#stream as Stream;
    const place = stream.from[begin] as number;
    if (endInText(stream, end) - place !== end - begin) return false;
    return place === (begin === 0 ? 0 : (stream.from[begin - 1] as number) + 1);
  }

  /** Digits of base64, and among them those of base32 and hex. */
  #decodeRun(begin: number, end: number, minus: boolean): void {
    const { bytes } = this.#stream as Stream;
    if (end - begin < SHORTEST_MIXED_RUN) {
      decodeFew(bytes, begin, end, this.#runs[0]);
      this.#matchRun(this.#runs[0], 6, begin);
    } else this.#eachStretch(siftBase64, begin, end, this.#decodeBase64);
    this.#eachRun(BASE32_DIGITS, 5, begin, end, this.#decodeBase32);
    this.#eachRun(HEX_DIGITS, 4, begin, end, this.#decodeHex);
    // C#'s BitConverter: `73-6B-2D`, all of it digits of base64.
    if (minus) this.#decodeHexNumbers(begin, end);
  }

  /** Whatever of a run of digits may write a match. */
  #eachStretch(sift: Sift, begin: number, end: number, decode: (begin: number, end: number) => void): void {
    const shortest = this.#shortest;
    if (shortest < SHORTEST_SIEVED) return decode(begin, end);
    const { bytes } = this.#stream as Stream;
    const matches = this.#matches as Matches;
    for (let from = begin; ; from += STRETCH) {
      from = sift(bytes, begin, from, end, shortest, matches);
      if (from === end) return;
      decode(Math.max(begin, from - BESIDE), Math.min(end, from + STRETCH + BESIDE));
    }
  }

  readonly #decodeBase64 = (begin: number, end: number): void => {
    decodeBase64((this.#stream as Stream).bytes, begin, end, this.#runs);
    this.#matchRun(this.#runs[0], 6, begin);
    this.#matchRun(this.#runs[1], 6, begin + 1);
    this.#matchRun(this.#runs[2], 6, begin + 2);
    this.#matchRun(this.#runs[3], 6, begin + 3);
  };

  readonly #decodeBase32 = (begin: number, end: number): void => {
    this.#decodeFromEach(8, 5, begin, end, decodeBase32);
  };

  readonly #decodeHex = (begin: number, end: number): void => {
    this.#eachStretch(siftHex, begin, end, this.#decodeHexStretch);
  };

  readonly #decodeHexStretch = (begin: number, end: number): void => {
    this.#decodeFromEach(2, 4, begin, end, decodeHex);
  };

  /** Runs among digits of another base, as far as they may write a match. */
  #eachRun(
    digits: DigitTable,
    bits: number,
    begin: number,
    end: number,
    decode: (begin: number, end: number) => void,
  ): void {
    const { bytes } = this.#stream as Stream;
    const fewest = this.#fewest(bits);
    for (let at = begin; ;) {
      const first = nextRun(bytes, at, end, digits, fewest);
      if (first === end) return;
      at = runEnd(bytes, first + fewest, end, digits);
      decode(first, at);
    }
  }

  /** @param period a value may begin at any digit of a run; so many digits further it begins alike. */
  #decodeFromEach(
    period: number,
    bits: number,
    begin: number,
    end: number,
    decode: (bytes: Uint8Array, begin: number, end: number, out: DecodedRun) => void,
  ): void {
    const { bytes } = this.#stream as Stream;
    const [decoded] = this.#runs;
    const skips = end - begin < SHORTEST_MIXED_RUN ? 1 : period;
    for (let skip = 0; skip < skips; skip++) {
      decode(bytes, begin + skip, end, decoded);
      this.#matchRun(decoded, bits, begin + skip);
    }
  }

  #matchRun(decoded: DecodedRun, bits: number, begin: number): void {
    this.#begin = begin;
    this.#bits = bits;
    (this.#matches as Matches).find(decoded, this.#foundInRun);
  }

  #decodeHexNumbers(begin: number, end: number): void {
    decodeHexNumbers((this.#stream as Stream).bytes, begin, end, this.#numbers);
    this.#matchNumbers();
  }

  #matchNumbers(): void {
    const numbers = this.#numbers;
    if (numbers.length >= this.#shortest) (this.#matches as Matches).find(numbers, this.#foundInNumbers);
  }

  readonly #foundInRun = (begin: number, end: number): void => {
    const stream = this.#stream as Stream;
    const first = this.#begin + Math.floor((begin * 8) / this.#bits);
    const last = this.#begin + Math.floor((end * 8 - 1) / this.#bits);
    this.#found(stream.from[first] as number, endInText(stream, last + 1));
  };

  readonly #foundInNumbers = (begin: number, end: number): void => {
    const numbers = this.#numbers;
    const stream = this.#stream as Stream;
    const { bytes, from } = stream;
    let last = (numbers.from[end - 1] as number) + 1;
    while (last < stream.length && (HEX_DIGITS[bytes[last] as number] as number) >= 0) last++;
    this.#found(from[numbers.from[begin] as number] as number, endInText(stream, last));
  };
}
