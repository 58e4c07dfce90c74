/** What an execution's values look like when they are looked for: their pieces, and short values whole. */

import { PIECE_BYTES, PieceIndex, pieceIndexBytes, type Range } from './piece-index';
import { secretParts, SHORTEST_IN_PIECES } from './secret-parts';
import { automatonBytes, SHORTEST_BYTES, shortValue, ShortValues, type ShortValue } from './short-values';

/** Short parts of long values take memory for each byte; beyond so many of an execution they are not taken. */
const MOST_SHORT_PARTS = 1_000;

export type Found = (begin: number, end: number) => void;

/** At most so many bytes for values of `valueBytes`, of which `shortBytes` are in values of fewer than 16 bytes. */
export function matcherBytes(valueBytes: number, shortBytes: number): number {
  return (
    pieceIndexBytes(2 * valueBytes) * 2 + automatonBytes(shortBytes + MOST_SHORT_PARTS * SHORTEST_IN_PIECES)
  );
}

/** A slice of the work ends after so many bytes of values. */
const SLICE_BYTES = 32_768;

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
    const long: { bytes: Buffer; plain: readonly Range[] }[] = [];
    let parts = 0;
    let sliced = 0;
    for (const bytes of values) {
      const value = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      if (value.length < SHORTEST_BYTES) matcher.#tiny.push(Buffer.from(value));
      else if (value.length < SHORTEST_IN_PIECES) addShort(short, value);
      else {
        const { whole, decoded, plain } = secretParts(value);
        long.push({ bytes: value, plain }, ...decoded.map((part) => ({ bytes: part, plain: [] })));
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
    if (long.length > 0) yield* matcher.#addPieces(long);
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

  *#addPieces(long: readonly { bytes: Buffer; plain: readonly Range[] }[]): Generator<void, void> {
    const pieces = new PieceIndex(long.reduce((sum, { bytes }) => sum + bytes.length, 0));
    let sliced = 0;
    for (const { bytes, plain } of long) {
      pieces.add(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length), plain);
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

function addShort(short: ShortValue[], value: Uint8Array): void {
  const one = shortValue(value);
  if (one !== undefined) short.push(one);
}
