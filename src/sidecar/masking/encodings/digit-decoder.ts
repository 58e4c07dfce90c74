/** Decodes whatever digits a text holds, in every base and from every digit on. */

import { endInText, type Stream } from '../stream';
import type { Work } from '../work';
import { BASE32_DIGITS, HEX_DIGITS, type DigitTable } from './characters';
import { siftBase32, siftBase64, siftHex, type Sift, type Sieve } from './digit-sieve';
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
import { decodeDecimals, decodeHexNumbers, DecodedNumbers } from './number-lists';
import { findRegions, RUNS_TOLD, type Regions } from './regions';
import { IN_BASE32, IN_BASE64, IN_HEX, type ShortDigitsOfEachBase } from './short-digits';

/** A run of fewer digits is the encoding of one value: nothing is before it. */
const SHORTEST_MIXED_RUN = 11;

/** So much of a run is decoded at once where a match may be: at first, and at most where more of them follow. */
const FIRST_STRETCH = 64;
const LONGEST_STRETCH = 512;
/** The same where a short value may be: most of what is looked up wrongly is alone. */
const FIRST_OF_SHORT = 8;
/** So many digits are decoded on both sides of it: no piece takes more. */
const BESIDE = 32;

/** What was masked already is not decoded but for so many digits beside what was not: a match may end a little late. */
const MARGIN = 4;

/** What a run of few digits takes to be decoded, and a number of a list for each byte. */
const FEW_NS = 80;
const NUMBER_NS = 40;
const HEX_NUMBER_NS = 5;
/** What it takes to begin to look at a run in one base. */
const RUN_NS = 15;
/** What so many runs of few digits take to be told apart. */
const FEW_RUNS_NS = 24 * RUNS_TOLD;

type Found = (begin: number, end: number) => void;

type Decoded = Pick<Stream, 'bytes' | 'view' | 'length'>;

/** Something that is looked for in decoded bytes. */
interface Finder {
  /** Tells of what `decoded` has from `from` to `to`. */
  find(decoded: Decoded, from: number, to: number, found: Found): void;
}

/** All that is looked for. */
export interface Matches extends Finder {
  /** No match has fewer bytes. */
  readonly shortest: number;
  /** What looking for them is paid from. */
  readonly work: Work;
  readonly pieces: (Finder & Sieve) | undefined;
  readonly shortValues: (Finder & { readonly digits: ShortDigitsOfEachBase }) | undefined;
}

type ShortFinder = NonNullable<Matches['shortValues']>;

/** How the digits of a base are told and decoded. */
interface Base {
  readonly place: typeof IN_BASE64 | typeof IN_BASE32 | typeof IN_HEX;
  readonly bits: number;
  /** A value may begin at any digit, and so many digits further its bytes begin alike. */
  readonly period: number;
  /** What a digit takes to be decoded from each of so many, and how many bytes that writes. */
  readonly digitNs: number;
  readonly digitBytes: number;
  /** What a digit takes to be looked up for pieces. */
  readonly siftNs: number;
  readonly sift: Sift;
}
const BASE64: Base = {
  place: IN_BASE64,
  bits: 6,
  period: 4,
  digitNs: 4,
  digitBytes: 3,
  siftNs: 3,
  sift: siftBase64,
};
const BASE32: Base = {
  place: IN_BASE32,
  bits: 5,
  period: 8,
  digitNs: 30,
  digitBytes: 5,
  siftNs: 5,
  sift: siftBase32,
};
const HEX: Base = { place: IN_HEX, bits: 4, period: 2, digitNs: 4, digitBytes: 1, siftNs: 2, sift: siftHex };
const BASES = [BASE64, BASE32, HEX];

export class DigitDecoder implements Regions {
  readonly #runs: FourRuns = [new DecodedRun(), new DecodedRun(), new DecodedRun(), new DecodedRun()];
  readonly #numbers = new DecodedNumbers();
  /** Of the run that is being matched: the digit's place from which it was decoded, and how many bits a digit has. */
  #begin = 0;
  #bits = 0;
  #decodedLength = 0;
  /** Whether the run goes on in front of the stretch that is being matched, and after it. */
  #cutBefore = false;
  #cutAfter = false;
  #stream: Stream | undefined;
  #shortest = 0;
  /** By the bits of a digit: the fewest that write a match. */
  readonly #fewest = new Int32Array(7);
  #masked: Uint8Array | undefined;
  #isText = true;
  #matches: Matches | undefined;
  #found: Found = () => undefined;

  /**
   * @param masked by place in the stream, not 0 where something was found: that is not decoded. Undefined where nothing was.
   * @param isText whether the stream is the text itself. Of one that was decoded from it only what escapes are within
   * is decoded, for the rest was before.
   * @param found is told of matches in the text's own places.
   * @returns a place in front of which the stream has no escape and no plus: each of its characters is looked at for that.
   * No more digits are decoded where nothing is left, and the work is told where they begin.
   */
  decode(
    stream: Stream,
    matches: Matches,
    masked: Uint8Array | undefined,
    isText: boolean,
    found: Found,
  ): number {
    const { bytes, length } = stream;
    for (const run of this.#runs) run.reset(length);
    this.#stream = stream;
    const { shortest } = matches;
    this.#matches = matches;
    this.#shortest = shortest;
    for (const { bits } of BASES) this.#fewest[bits] = Math.ceil((shortest * 8) / bits);
    this.#masked = masked;
    this.#isText = isText;
    this.#found = found;
    const firstEscape = findRegions(bytes, length, this.#fewest[6] as number, shortest, this);
    this.#stream = undefined;
    this.#matches = undefined;
    return firstEscape;
  }

  fewRuns(toldUntil: number): boolean {
    // Few are left where escapes were decoded.
    if (!this.#isText) return true;
    (this.#matches as Matches).work.left -= FEW_RUNS_NS;
    return this.#goesOn(toldUntil);
  }

  run(begin: number, end: number, minus: boolean, toldUntil: number): boolean {
    if (!this.#wasDecoded(begin, end)) this.#decodeUnmasked(begin, end, minus);
    return this.#goesOn(toldUntil);
  }

  #decodeUnmasked(begin: number, end: number, minus: boolean): void {
    const masked = this.#masked;
    if (masked === undefined) return this.#decodeRun(begin, end, minus);
    const fewest = this.#fewest[6] as number;
    for (let at = begin; at < end; at++) {
      while (at < end && masked[at] !== 0) at++;
      const first = at;
      while (at < end && masked[at] === 0) at++;
      if (at - first >= fewest)
        this.#decodeRun(Math.max(begin, first - MARGIN), Math.min(end, at + MARGIN), minus);
    }
  }

  list(begin: number, end: number, most: number): boolean {
    if (!this.#wasDecoded(begin, end)) {
      const { work } = this.#matches as Matches;
      work.left -= most * NUMBER_NS;
      if (work.left < 0) return this.#goesOn(begin);
      this.#decodeHexNumbers(begin, end);
      const { bytes } = this.#stream as Stream;
      decodeDecimals(bytes, begin, end, this.#numbers);
      this.#matchNumbers();
    }
    return this.#goesOn(begin);
  }

  /** Whether something is left; where not, the text was looked through as far as `begin`. */
  #goesOn(begin: number): boolean {
    const { work } = this.#matches as Matches;
    if (work.left >= 0) return true;
    work.endAt((this.#stream as Stream).from[begin] as number);
    return false;
  }

  wipe(): void {
    for (const run of this.#runs) run.wipe();
    this.#numbers.wipe();
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
    this.#eachStretch(BASE64, begin, end);
    this.#eachRun(BASE32, BASE32_DIGITS, begin, end);
    this.#eachRun(HEX, HEX_DIGITS, begin, end);
    // C#'s BitConverter: `73-6B-2D`, all of it digits of base64.
    if (!minus) return;
    const { work } = this.#matches as Matches;
    work.left -= (end - begin) * HEX_NUMBER_NS;
    if (work.left >= 0) this.#decodeHexNumbers(begin, end);
  }

  /** Runs among digits of another base, as far as they may write a match. */
  #eachRun(base: Base, digits: DigitTable, begin: number, end: number): void {
    const { bytes } = this.#stream as Stream;
    const { work } = this.#matches as Matches;
    const fewest = this.#fewest[base.bits] as number;
    for (let at = begin; work.left >= 0;) {
      const first = nextRun(bytes, at, end, digits, fewest);
      if (first === end) return;
      at = runEnd(bytes, first + fewest, end, digits);
      this.#eachStretch(base, first, at);
    }
  }

  /** Decodes whatever of a run may write a match. */
  #eachStretch(base: Base, begin: number, end: number): void {
    const { pieces, shortValues, work } = this.#matches as Matches;
    work.left -= RUN_NS;
    if (end - begin < SHORTEST_MIXED_RUN) {
      if (shortValues !== undefined) this.#decodeFew(base, begin, end, shortValues);
      return;
    }
    if (pieces !== undefined && (end - begin) * base.bits >= 8 * pieces.shortest)
      this.#eachPiece(base, begin, end, pieces);
    if (shortValues !== undefined) this.#eachShortValue(base, begin, end, shortValues);
  }

  /** So few digits that what they write begins at the first one. */
  #decodeFew({ place, bits }: Base, begin: number, end: number, short: ShortFinder): void {
    const { bytes } = this.#stream as Stream;
    (this.#matches as Matches).work.left -= (end - begin) * short.digits[place].digitNs;
    if (short.digits[place].next(bytes, begin, begin, end) === end) return;
    (this.#matches as Matches).work.left -= FEW_NS;
    const [decoded] = this.#runs;
    if (bits === 6) decodeFew(bytes, begin, end, decoded);
    else if (bits === 5) decodeBase32(bytes, begin, end, decoded);
    else decodeHex(bytes, begin, end, decoded);
    this.#matchRun(decoded, bits, begin, short, this.#foundInRun);
  }

  #eachPiece(base: Base, begin: number, end: number, pieces: Finder & Sieve): void {
    const { bytes } = this.#stream as Stream;
    const { work } = this.#matches as Matches;
    work.left -= (end - begin) * base.siftNs * pieces.waits;
    let length = FIRST_STRETCH;
    for (let from = begin; from < end && work.left >= 0;) {
      const at = base.sift(bytes, begin, from, end, pieces);
      if (at === end) return;
      length = stretch(length, at - from, FIRST_STRETCH);
      from = at + length;
      const last = Math.min(end, from + BESIDE);
      this.#decodeFromEach(base, Math.max(begin, at - BESIDE), last, pieces, this.#foundInRun);
    }
  }

  #eachShortValue(base: Base, begin: number, end: number, short: ShortFinder): void {
    const { bytes } = this.#stream as Stream;
    const { work } = this.#matches as Matches;
    const digits = short.digits[base.place];
    work.left -= (end - begin) * digits.digitNs;
    let length = FIRST_OF_SHORT;
    for (let from = begin; from < end && work.left >= 0;) {
      const at = digits.next(bytes, begin, from, end);
      if (at === end) return;
      length = stretch(length, at - from, FIRST_OF_SHORT);
      from = at + length;
      const first = Math.max(begin, at - digits.beside);
      const last = Math.min(end, from + digits.beside);
      this.#cutBefore = first > begin;
      this.#cutAfter = last < end;
      this.#decodeFromEach(base, first, last, short, this.#foundInStretch);
    }
  }

  /** Decodes from each digit of a period on. */
  #decodeFromEach(base: Base, begin: number, end: number, finder: Finder, found: Found): void {
    const { bits, period, digitNs, digitBytes } = base;
    const { bytes } = this.#stream as Stream;
    const runs = this.#runs;
    const { work } = this.#matches as Matches;
    work.left -= (end - begin) * (digitNs + digitBytes * work.byteNs);
    if (bits === 6) {
      decodeBase64(bytes, begin, end, runs);
      for (let skip = 0; skip < 4; skip++) this.#matchRun(runs[skip as 0], bits, begin + skip, finder, found);
      return;
    }
    const [decoded] = runs;
    for (let skip = 0; skip < period; skip++) {
      if (bits === 5) decodeBase32(bytes, begin + skip, end, decoded);
      else decodeHex(bytes, begin + skip, end, decoded);
      this.#matchRun(decoded, bits, begin + skip, finder, found);
    }
  }

  #matchRun(decoded: DecodedRun, bits: number, begin: number, finder: Finder, found: Found): void {
    this.#begin = begin;
    this.#bits = bits;
    this.#decodedLength = decoded.length;
    finder.find(decoded, 0, decoded.length, found);
  }

  #decodeHexNumbers(begin: number, end: number): void {
    decodeHexNumbers((this.#stream as Stream).bytes, begin, end, this.#numbers);
    this.#matchNumbers();
  }

  #matchNumbers(): void {
    const numbers = this.#numbers;
    if (numbers.length >= this.#shortest)
      (this.#matches as Matches).find(numbers, 0, numbers.length, this.#foundInNumbers);
  }

  readonly #foundInRun = (begin: number, end: number): void => {
    const stream = this.#stream as Stream;
    const first = this.#begin + Math.floor((begin * 8) / this.#bits);
    const last = this.#begin + Math.floor((end * 8 - 1) / this.#bits);
    this.#found(stream.from[first] as number, endInText(stream, last + 1));
  };

  /** What is beside a match at a stretch's edge is not known, and the match is found in the stretch beside it too. */
  readonly #foundInStretch = (begin: number, end: number): void => {
    if ((begin === 0 && this.#cutBefore) || (end === this.#decodedLength && this.#cutAfter)) return;
    this.#foundInRun(begin, end);
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

/** How much is decoded where a match may be, which is `apart` digits after what was decoded before that. */
function stretch(length: number, apart: number, first: number): number {
  return apart < length ? Math.min(2 * length, LONGEST_STRETCH) : first;
}
