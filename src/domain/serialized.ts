/** An answer that is already on its wire form: the adapters send its bytes as they are. */

import { inspect } from 'node:util';
import { REDACTED } from './secret-value';

/** Bytes of a serialized message that hold values, so they cannot be printed. */
export class SerializedMessage {
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** The bytes themselves, for the wire and nothing else. */
  expose(): Uint8Array {
    return this.#bytes;
  }

  /** Once they are sent, or nobody waits for them. */
  wipe(): void {
    this.#bytes.fill(0);
  }

  toJSON(): string {
    return REDACTED;
  }

  toString(): string {
    return REDACTED;
  }

  [inspect.custom](): string {
    return REDACTED;
  }
}
