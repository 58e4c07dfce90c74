/** What an execution's values look like when they are looked for: their pieces, and short values whole. */

import { BACKSLASH, EscapeDecoder, foldPluses } from './encodings';
import { PIECE_BYTES, PieceIndex, pieceIndexBytes, type Range } from './piece-index';
import { secretParts, SHORTEST_IN_PIECES } from './secret-parts';
import { automatonBytes, SHORTEST_BYTES, shortValue, ShortValues, type ShortValue } from './short-values';
import { textStream } from './stream';

/** Short parts of long values take memory for each byte; beyond so many of an execution they are not taken. */
const MOST_SHORT_PARTS = 1_000;

export type Found = (begin: number, end: number) => void;

/** Beside an escape in a value, so many bytes are indexed as they read with it decoded: more than a piece's windows take. */
const AROUND_IN_VALUES = 16;

/** A value that reads as fewer bytes reads as a word like any other. */
const SHORTEST_READING = 6;

const escapes = new EscapeDecoder();

/** At most so many bytes for values of `valueBytes`, of which `shortBytes` are in values of fewer than 16 bytes. */
export function matcherBytes(valueBytes: number, shortBytes: number): number {
  return (
    pieceIndexBytes(2 * valueBytes) * 2 + automatonBytes(shortBytes + MOST_SHORT_PARTS * SHORTEST_IN_PIECES)
  );
}

/** A slice of the work ends after so many bytes of values. */
const SLICE_BYTES = 32_768;

interface LongValue {
  readonly bytes: Buffer;
  readonly plain: readonly Range[];
  /** Made here, and zeroed when it was indexed. */
  readonly made?: boolean;
}

export class Matcher {
  #pieces: PieceIndex | undefined;
  #short: ShortValues | undefined;
  /** Values of fewer than 4 bytes. */
  readonly #tiny: Buffer[] = [];
  #shortest = PIECE_BYTES;

  /** Makes one, in slices: a tenant's 2 MiB take longer than others should wait. */
  static *of(values: Iterable<Uint8Array>): Generator<void, Matcher> {
    const matcher = new Matcher();
    const short: ShortValue[] = [];
    const long: LongValue[] = [];
    let longBytes = 0;
    let parts = 0;
    let sliced = 0;
    for (const bytes of values) {
      const value = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      if (value.length < SHORTEST_BYTES) matcher.#tiny.push(Buffer.from(value));
      else if (value.length < SHORTEST_IN_PIECES) addShort(short, value);
      else {
        const { whole, decoded, plain } = secretParts(value);
        longBytes += value.length;
        addLong(long, value, plain);
        for (const part of decoded) addLong(long, part, []);
        addShortReadings(short, value);
        for (const part of whole) if (parts++ < MOST_SHORT_PARTS) addShort(short, part);
      }
      sliced += value.length;
      if (sliced >= SLICE_BYTES) {
        yield;
        sliced = 0;
      }
    }
    if (short.length > 0) matcher.#short = new ShortValues(short);
    yield;
    if (long.length > 0) yield* matcher.#addPieces(long, 2 * longBytes);
    matcher.#shortest = short.reduce((least, { bytes }) => Math.min(least, bytes.length), PIECE_BYTES);
    return matcher;
  }

  /** No match has fewer bytes. */
  get shortest(): number {
    return this.#shortest;
  }

  /** Whether the text as a whole is a value that is too short to be looked for within text. */
  isTinyValue(text: Uint8Array): boolean {
    return this.#tiny.some((value) => value.length > 0 && value.equals(text));
  }

  /** Tells of every match; two may overlap. */
  find(bytes: Uint8Array, length: number, found: Found): void {
    this.#pieces?.find(bytes, length, found);
    this.#short?.find(bytes, length, found);
  }

  *#addPieces(long: readonly LongValue[], most: number): Generator<void, void> {
    const bytesOfAll = long.reduce((sum, { bytes }) => sum + bytes.length, 0);
    // Of values that are nothing but escapes within JSON there is more to index: their filter is fuller.
    const pieces = new PieceIndex(Math.min(bytesOfAll, most));
    let sliced = 0;
    for (const { bytes, plain, made } of long) {
      pieces.add(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length), plain);
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
    this.#short?.wipe();
    for (const value of this.#tiny) value.fill(0);
    this.#tiny.length = 0;
  }
}

function addShort(short: ShortValue[], value: Buffer): void {
  const one = shortValue(value);
  if (one === undefined) return;
  short.push(one);
  addShortReadings(short, value);
}

/** What a value reads as where that is too short to be found in pieces. A backslash at its end may be read as part of what follows. */
function addShortReadings(short: ShortValue[], value: Buffer): void {
  const read = unescaped(value, Infinity);
  if (read === undefined || read.length >= SHORTEST_IN_PIECES) return;
  const readings = read.at(-1) === BACKSLASH ? [read, read.subarray(0, -1)] : [read];
  for (const reading of readings) {
    const one = reading.length < SHORTEST_READING ? undefined : shortValue(reading);
    if (one !== undefined) short.push(one);
  }
}

function addLong(long: LongValue[], value: Buffer, plain: readonly Range[]): void {
  long.push({ bytes: value, plain });
  const read = unescaped(value, AROUND_IN_VALUES);
  if (read === undefined) return;
  long.push({ bytes: read, plain: [], made: true });
  for (const { begin, end } of plain) {
    const part = unescaped(value.subarray(begin, end), AROUND_IN_VALUES);
    if (part !== undefined) long.push({ bytes: part, plain: [{ begin: 0, end: part.length }], made: true });
  }
}

/** The value as a text reads after its escapes are decoded; undefined where nothing in it looks like one. */
function unescaped(value: Buffer, around: number): Buffer | undefined {
  const decoded = escapes.decode(textStream(value), around);
  if (decoded === undefined) return undefined;
  foldPluses(decoded);
  const read = Buffer.from(decoded.bytes.subarray(0, decoded.length));
  escapes.wipe();
  return read;
}
