/** A secret's value where nothing prints it: no logger, inspector, template string or JSON encoder. */

import { inspect } from 'node:util';

const REDACTED = '[REDACTED]';

export class SecretText {
  readonly #bytes: Buffer;

  /** Takes the bytes of UTF-8 text; does not copy them. */
  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** The text, byte for byte as it was saved. For the handler that asked for it, and nobody else. */
  expose(): string {
    return this.#bytes.toString('utf8');
  }

  /** Overwrites the bytes with zeros. */
  wipe(): void {
    this.#bytes.fill(0);
  }

  toString(): string {
    return REDACTED;
  }

  toJSON(): string {
    return REDACTED;
  }

  [inspect.custom](): string {
    return REDACTED;
  }
}
