/** What an execution's values look like when they are looked for: their pieces, and short values whole. */

import { EscapeDecoder, ShortDigits, shortDigitsBytes, type ShortDigitsOfEachBase } from './encodings';
import { PIECE_BYTES, PieceIndex, pieceIndexBytes, type Range } from './piece-index';
import { mayBeJson, MOST_PARTS, secretParts, SHORTEST_IN_PIECES, SHORTEST_PART } from './secret-parts';
import {
  automatonBytes,
  SHORTEST_BYTES,
  shortReading,
  shortValue,
  ShortValues,
  type ShortReading,
  type ShortValue,
} from './short-values';
import { aroundInText, endInText, valueStream, type Stream } from './stream';
import { PARTS, Work } from './work';

/** Short parts of long values take memory for each byte; beyond so many of an execution they are not taken. */
const MOST_SHORT_PARTS = 1_000;

type Found = (begin: number, end: number) => void;

type Searched = Pick<Stream, 'bytes' | 'view' | 'length'>;

/** Beside an escape in a value, so many bytes are indexed as they read with it decoded: more than a piece's windows take. */
const AROUND_IN_VALUES = 16;

const escapes = new EscapeDecoder();

/** By byte: 1 where a value that has it may have parts that are found alone, or read as other than it is. */
const DIVIDES = new Uint8Array(256);
for (const byte of Buffer.from('\n\r"[{:=&\\%+\'\u001b')) DIVIDES[byte] = 1;

/** How many bytes a matcher takes for values, at most. */
export function matcherBytes(values: Iterable<Uint8Array>): number {
  let long = 0;
  let short = 0;
  let count = 0;
  let parts = 0;
  let partCount = 0;
  let readings = 0;
  let read = 0;
  for (const value of values) {
    const { length } = value;
    if (length < SHORTEST_IN_PIECES) {
      short += length;
      count++;
    } else long += length;
    if (!value.some((byte) => DIVIDES[byte] === 1)) continue;
    readings += Math.min(length, SHORTEST_IN_PIECES);
    read++;
    if (length < SHORTEST_IN_PIECES) continue;
    const taken = partsOfEachByte(value) * length;
    parts += taken;
    // One may be shorter: a URL's password, beside what is around it.
    partCount += Math.min(MOST_PARTS, 1 + Math.ceil(taken / SHORTEST_PART));
  }
  parts = Math.min(MOST_SHORT_PARTS * SHORTEST_IN_PIECES, parts);
  partCount = Math.min(MOST_SHORT_PARTS, partCount);
  return (
    pieceIndexBytes(2 * long) +
    automatonBytes(short + readings + 2 * parts, count + partCount, read + partCount) +
    shortDigitsBytes(count + partCount)
  );
}

/** A line, a string of JSON, a setting, what is in a URL as it is and decoded: of how many parts a byte may be at most. */
function partsOfEachByte(value: Uint8Array): number {
  const has = (characters: string): number =>
    Buffer.from(characters).some((character) => value.includes(character)) ? 1 : 0;
  return has('\n\r') + (mayBeJson(value) ? 1 : 0) + has('=') + 2 * has(':\\');
}

/** A slice of the work ends after so many bytes of values. */
const SLICE_BYTES = 32_768;

interface LongValue {
  readonly bytes: Buffer;
  readonly plain: readonly Range[];
  /** Made here, and zeroed when it was indexed. */
  readonly made?: boolean;
}

/** Values that are found whole, and the digits that write them. */
class ShortMatches {
  readonly digits: ShortDigitsOfEachBase;
  readonly #automaton: ShortValues;

  constructor(values: readonly ShortValue[], automaton: ShortValues, work: Work) {
    this.#automaton = automaton;
    this.digits = ShortDigits.ofEachBase(
      values.map(({ bytes }) => bytes),
      work,
    );
  }

  find(text: Searched, from: number, to: number, found: Found): void {
    this.#automaton.find(text, from, to, found);
  }

  wipe(): void {
    for (const digits of this.digits) digits.wipe();
  }
}

export class Matcher {
  /** What a search is paid from. */
  readonly work = new Work();
  #pieces: PieceIndex | undefined;
  /** Short values, and what values with escapes read as where that is short. */
  #automaton: ShortValues | undefined;
  #shortValues: ShortMatches | undefined;
  /** Whether a value begins or ends with what is left out of its reading: a quote. */
  #quoted = false;
  /** Values of fewer than 4 bytes. */
  readonly #tiny: Buffer[] = [];
  #shortest = PIECE_BYTES;

  /** Makes one, in slices: a tenant's 2 MiB take longer than others should wait. */
  static *of(values: Iterable<Uint8Array>): Generator<void, Matcher> {
    const matcher = new Matcher();
    const short: ShortValue[] = [];
    const readings: ShortReading[] = [];
    const long: LongValue[] = [];
    let longBytes = 0;
    let parts = 0;
    let sliced = 0;
    const addShort = (value: Buffer): void => {
      const one = shortValue(value);
      if (one === undefined) return;
      short.push(one);
      addShortReading(readings, value);
    };
    for (const bytes of values) {
      const value = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      if (value.length < SHORTEST_BYTES) matcher.#tiny.push(Buffer.from(value));
      else if (value.length < SHORTEST_IN_PIECES) addShort(value);
      else {
        const { whole, decoded, plain } = secretParts(value);
        longBytes += value.length;
        addLong(long, value, plain);
        for (const part of decoded) addLong(long, part, []);
        addShortReading(readings, value);
        for (const part of whole) if (parts++ < MOST_SHORT_PARTS) addShort(part);
      }
      matcher.#quoted ||= isQuoted(value);
      sliced += value.length;
      if (sliced >= SLICE_BYTES) {
        yield;
        sliced = 0;
      }
    }
    // Of values that are nothing but escapes within JSON there is more to index: their filters are fuller.
    const longIndexed = Math.min(bytesOf(long), 2 * longBytes);
    if (short.length + readings.length > 0)
      matcher.#automaton = new ShortValues(short, readings, matcher.work);
    if (short.length > 0)
      matcher.#shortValues = new ShortMatches(short, matcher.#automaton as ShortValues, matcher.work);
    for (const { bytes } of readings) bytes.fill(0);
    yield;
    if (long.length > 0) yield* matcher.#addPieces(long, new PieceIndex(longIndexed, matcher.work));
    matcher.work.byteNs = (matcher.#pieces?.byteNs ?? 0) + (matcher.#automaton?.byteNs ?? 0);
    matcher.#shortest = short.reduce((least, { bytes }) => Math.min(least, bytes.length), PIECE_BYTES);
    return matcher;
  }

  /** No match has fewer bytes. */
  get shortest(): number {
    return this.#shortest;
  }

  get pieces(): PieceIndex | undefined {
    return this.#pieces;
  }

  get shortValues(): ShortMatches | undefined {
    return this.#shortValues;
  }

  /** Whether the text as a whole is a value that is too short to be looked for within text. */
  isTinyValue({ bytes, length }: Pick<Stream, 'bytes' | 'length'>): boolean {
    if (length === 0 || length >= SHORTEST_BYTES) return false;
    return this.#tiny.some((value) => value.equals(bytes.subarray(0, length)));
  }

  /** Tells of every match that the text has from `from` to `to`, or of some where nothing is left; two may overlap. */
  find(text: Searched, from: number, to: number, found: Found): void {
    this.#pieces?.find(text, from, to, found);
    this.#automaton?.find(text, from, to, found);
  }

  /** Tells of every match of a text. @returns its length, or in front of what place all were told of where nothing is left. */
  findInText(text: Searched, found: Found): number {
    const end = this.#pieces?.find(text, 0, text.length, found) ?? text.length;
    if (end < text.length) this.work.beginReading(PARTS.shortValues);
    return this.#automaton?.find(text, 0, end, found) ?? end;
  }

  /**
   * Tells of every match that a text has whose escapes were decoded or pluses folded, in the places of the text before that.
   * @returns `to`, or as findInText does.
   */
  findDecoded(text: Stream, from: number, to: number, found: Found): number {
    const inText = (begin: number, end: number): void => {
      if (this.#quoted) found(...aroundInText(text, begin, end));
      else found(text.from[begin] as number, endInText(text, end));
    };
    const end = this.#pieces?.find(text, from, to, inText) ?? to;
    if (end < to) this.work.beginReading(PARTS.shortValues);
    return this.#automaton?.findDecoded(text, from, end, inText) ?? end;
  }

  *#addPieces(long: readonly LongValue[], pieces: PieceIndex): Generator<void, void> {
    let sliced = 0;
    for (const { bytes, plain, made } of long) {
      pieces.add(bytes, plain);
      if (made === true) bytes.fill(0);
      sliced += bytes.length;
      if (sliced >= SLICE_BYTES) {
        yield;
        sliced = 0;
      }
    }
    this.#pieces = pieces;
  }

  wipe(): void {
    this.#pieces?.wipe();
    this.#automaton?.wipe();
    this.#shortValues?.wipe();
    for (const value of this.#tiny) value.fill(0);
    this.#tiny.length = 0;
  }
}

function bytesOf(values: readonly { readonly bytes: Uint8Array }[]): number {
  return values.reduce((sum, { bytes }) => sum + bytes.length, 0);
}

/** What a value reads as where that is too short to be found in pieces. */
function addShortReading(readings: ShortReading[], value: Buffer): void {
  const read = reading(value, value.length);
  if (read === undefined || read.length >= SHORTEST_IN_PIECES) return;
  // A quote or a line break at its edge is no part of what is found.
  const written = endInText(read, read.length) - (read.from[0] as number);
  const one = shortReading(taken(read), written, value.length);
  if (one !== undefined) readings.push(one);
}

function addLong(long: LongValue[], value: Buffer, plain: readonly Range[]): void {
  long.push({ bytes: value, plain });
  const read = reading(value, AROUND_IN_VALUES);
  if (read === undefined) return;
  long.push({ bytes: taken(read), plain: [], made: true });
  for (const { begin, end } of plain) {
    const part = reading(value.subarray(begin, end), AROUND_IN_VALUES);
    if (part !== undefined)
      long.push({ bytes: taken(part), plain: [{ begin: 0, end: part.length }], made: true });
  }
}

function isQuoted(value: Buffer): boolean {
  const read = reading(value, AROUND_IN_VALUES);
  if (read === undefined) return false;
  const { from, leftOut, length } = read;
  // What is in front of the first escape or after the last one is not read.
  const begin = leftOut[0] === 1 ? value.toString('latin1', 0, from[0]) : '';
  const end = from[length] === value.length ? value.toString('latin1', endInText(read, length)) : '';
  const isEmpty = length === 0;
  escapes.wipe();
  return isEmpty || begin.trim() !== '' || end.trim() !== '';
}

/** The value as a text reads after its escapes are decoded; undefined where nothing in it looks like one. */
function reading(value: Buffer, around: number): Stream | undefined {
  const decoded = escapes.decodeValue(valueStream(value), around);
  if (decoded !== undefined) escapes.foldPluses();
  return decoded;
}

/** Its bytes, which are kept, while the decoder's own are wiped. */
function taken({ bytes, length }: Stream): Buffer {
  const copy = Buffer.from(bytes.subarray(0, length));
  escapes.wipe();
  return copy;
}
