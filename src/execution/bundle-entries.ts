/**
 * The entries of a bundle, told apart without parsing values: a bundle of a later revision takes most of them as they
 * are. The plaintext is a serialized ResolveForExecutionResponse with only `secrets` set (execution/bundles.ts).
 */

import type { ResolvedSecret } from '../gen/axiom/secrets/v1/secrets_pb';

/** Field numbers of ResolveForExecutionResponse, of an entry of its map, and of ResolvedSecret (secrets.proto). */
const SECRETS = 1;
const KEY = 1;
const VALUE = 2;
const SECRET_VALUE = 1;
const SECRET_VERSION = 2;
const SECRET_SOURCE = 3;

const VARINT = 0;
const LENGTH_DELIMITED = 2;

/** An entry where it is in the plaintext. */
export interface BundleEntry {
  readonly version: number;
  /** The whole field, tag and length with it; a view of the plaintext. */
  readonly bytes: Uint8Array;
}

/** By name; as the last of a name says. Undefined of bytes that are not a bundle of ours. */
export function entriesIn(plaintext: Uint8Array): ReadonlyMap<string, BundleEntry> | undefined {
  const entries = new Map<string, BundleEntry>();
  // One reader for all of them: a reader and a view for each message take four times as long.
  const reader = new Reader(plaintext);
  try {
    while (!reader.isAtEnd) {
      const start = reader.at;
      const end = reader.begin(SECRETS);
      const name = reader.text(KEY);
      const secretEnd = reader.begin(VALUE);
      reader.skip(SECRET_VALUE);
      const version = reader.number(SECRET_VERSION);
      reader.number(SECRET_SOURCE);
      if (reader.at !== end || secretEnd !== end) return undefined;
      entries.set(name, { version, bytes: plaintext.subarray(start, end) });
    }
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
  return entries;
}

/** An entry as the generic writer writes it, in memory of its own, so that it can be wiped. @param version from 1. */
export function entryOf(name: string, value: Uint8Array, version: number, source: number): Uint8Array {
  const nameBytes = Buffer.byteLength(name);
  // What scrubbing left behind has no value, and the generic writer leaves out what is empty.
  const valueBytes = value.byteLength === 0 ? 0 : fieldBytes(value.byteLength);
  const secretBytes = valueBytes + 1 + varintBytes(version) + 1 + varintBytes(source);
  const entryBytes = fieldBytes(nameBytes) + fieldBytes(secretBytes);
  const writer = new Writer(fieldBytes(entryBytes));
  writer.begin(SECRETS, entryBytes);
  writer.begin(KEY, nameBytes);
  writer.put(Buffer.from(name));
  writer.begin(VALUE, secretBytes);
  if (valueBytes > 0) {
    writer.begin(SECRET_VALUE, value.byteLength);
    writer.put(value);
  }
  writer.number(SECRET_VERSION, version);
  writer.number(SECRET_SOURCE, source);
  return writer.bytes;
}

/** A message with these secrets, as the generic writer writes it, which leaves copies of values that nobody can wipe. */
export function serializeSecrets(secrets: Readonly<Record<string, ResolvedSecret>>): Buffer {
  const entries: Uint8Array[] = [];
  try {
    for (const [name, { value, version, source }] of Object.entries(secrets))
      entries.push(entryOf(name, value, Number(version), source));
    return Buffer.concat(entries);
  } finally {
    for (const entry of entries) entry.fill(0);
  }
}

/** Of a length-delimited field with so many bytes in it. */
function fieldBytes(length: number): number {
  return 1 + varintBytes(length) + length;
}

function varintBytes(value: number): number {
  let bytes = 1;
  for (let rest = value; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes++;
  return bytes;
}

class Writer {
  readonly bytes: Uint8Array;
  #at = 0;

  constructor(length: number) {
    this.bytes = new Uint8Array(length);
  }

  begin(field: number, length: number): void {
    this.bytes[this.#at++] = (field << 3) | LENGTH_DELIMITED;
    this.#varint(length);
  }

  number(field: number, value: number): void {
    this.bytes[this.#at++] = (field << 3) | VARINT;
    this.#varint(value);
  }

  put(bytes: Uint8Array): void {
    this.bytes.set(bytes, this.#at);
    this.#at += bytes.byteLength;
  }

  #varint(value: number): void {
    let rest = value;
    for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) this.bytes[this.#at++] = (rest % 0x80) | 0x80;
    this.bytes[this.#at++] = rest;
  }
}

/** Fields in the order in which they are asked for. Each throws a RangeError where another is next, or the bytes end. */
class Reader {
  at = 0;
  readonly #bytes: Buffer;

  constructor({ buffer, byteOffset, byteLength }: Uint8Array) {
    this.#bytes = Buffer.from(buffer, byteOffset, byteLength);
  }

  get isAtEnd(): boolean {
    return this.at === this.#bytes.byteLength;
  }

  /** Goes to the first byte of what is in the field. @returns where that ends. */
  begin(field: number): number {
    this.#tag(field, LENGTH_DELIMITED);
    const length = this.#varint();
    const end = this.at + length;
    if (end > this.#bytes.byteLength) throw notOurs();
    return end;
  }

  skip(field: number): void {
    this.at = this.begin(field);
  }

  text(field: number): string {
    const end = this.begin(field);
    const text = this.#bytes.toString('utf8', this.at, end);
    this.at = end;
    return text;
  }

  number(field: number): number {
    this.#tag(field, VARINT);
    return this.#varint();
  }

  #tag(field: number, wireType: number): void {
    if (this.#bytes[this.at++] !== ((field << 3) | wireType)) throw notOurs();
  }

  #varint(): number {
    let value = 0;
    for (let shift = 1; shift < 2 ** 53; shift *= 0x80) {
      const byte = this.#bytes[this.at++];
      if (byte === undefined) throw notOurs();
      value += (byte & 0x7f) * shift;
      if (byte < 0x80) return value;
    }
    throw notOurs();
  }
}

function notOurs(): RangeError {
  return new RangeError('not an entry of a bundle');
}
