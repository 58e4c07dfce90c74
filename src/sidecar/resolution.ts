/**
 * What ResolveForExecution answered, read without copying a value: each one is a view into
 * the message's own bytes, so that zeroing the message leaves none behind.
 */

import { fromBinary } from '@bufbuild/protobuf';
import { BinaryReader } from '@bufbuild/protobuf/wire';
import { inspect } from 'node:util';
import { REDACTED } from '../domain/secret-value';
import { ResolutionReceiptSchema, type ResolutionReceipt } from '../gen/axiom/secrets/v1/secrets_pb';

/** The answer's names and values. Prints [REDACTED]. */
export class Resolution {
  readonly #message: Buffer;
  readonly #values: ReadonlyMap<string, Uint8Array>;

  private constructor(
    message: Buffer,
    values: ReadonlyMap<string, Uint8Array>,
    readonly receipt: ResolutionReceipt,
  ) {
    this.#message = message;
    this.#values = values;
  }

  /**
   * Reads a serialized ResolveForExecutionResponse. The answer is scopes' messages
   * concatenated: the last entry of a name wins whole, as protobuf says for map fields.
   * @throws Error where it is not such a message or has no receipt; the message says nothing of its bytes.
   */
  static parse(message: Buffer): Resolution {
    try {
      return Resolution.#read(message);
    } catch (error) {
      message.fill(0);
      throw error;
    }
  }

  static #read(message: Buffer): Resolution {
    const values = new Map<string, Uint8Array>();
    let receipt: ResolutionReceipt | undefined;
    const reader = new BinaryReader(message);
    while (reader.pos < reader.len) {
      const [field, wireType] = reader.tag();
      if (field === 1) addEntry(values, reader.bytes());
      else if (field === 2) receipt = fromBinary(ResolutionReceiptSchema, reader.bytes());
      else reader.skip(wireType);
    }
    if (receipt === undefined) throw new Error('the answer has no receipt');
    return new Resolution(message, values, receipt);
  }

  /** How many bytes the answer has. */
  get byteLength(): number {
    return this.#message.length;
  }

  /** Views into the message; gone after `wipe`. */
  values(): ReadonlyMap<string, Uint8Array> {
    return this.#values;
  }

  /** Zeroes the whole message, values that an override replaced included. */
  wipe(): void {
    this.#message.fill(0);
  }

  toJSON(): string {
    return REDACTED;
  }

  [inspect.custom](): string {
    return REDACTED;
  }
}

// A map<string, ResolvedSecret> entry: 1 = the name, 2 = the secret, whose 1 = the value.
function addEntry(values: Map<string, Uint8Array>, entry: Uint8Array): void {
  const fields = lengthDelimitedFields(entry);
  const name = new TextDecoder('utf-8', { fatal: true }).decode(fields.get(1) ?? new Uint8Array());
  const value = lengthDelimitedFields(fields.get(2) ?? new Uint8Array()).get(1) ?? new Uint8Array();
  values.set(name, value);
}

function lengthDelimitedFields(message: Uint8Array): Map<number, Uint8Array> {
  const fields = new Map<number, Uint8Array>();
  const reader = new BinaryReader(message);
  while (reader.pos < reader.len) {
    const [field, wireType] = reader.tag();
    if (wireType === 2) fields.set(field, reader.bytes());
    else reader.skip(wireType);
  }
  return fields;
}
