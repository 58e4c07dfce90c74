/** A secret's value: bytes that cannot be printed. */

import { inspect } from 'node:util';
import { invalid } from './errors';

/** The longest value in bytes. */
export const MAX_VALUE_BYTES = 64 * 1024;

export const REDACTED = '[REDACTED]';

/**
 * Holds a value's bytes where no logger, inspector, template string or JSON encoder can
 * reach them. Bytes leave only through `expose`, whose callers can be found by that name.
 */
export class SecretValue {
  readonly #bytes: Uint8Array;

  private constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /**
   * Takes a caller's bytes, without a copy: UTF-8 text of 1 byte to 64 KiB, kept byte for byte.
   * @throws DomainError INVALID_ARGUMENT naming `field`.
   */
  static parse(bytes: Uint8Array, field = 'value'): SecretValue {
    if (bytes.byteLength === 0) {
      throw invalid({ field, description: 'is empty; send the value as 1 to 65,536 bytes of UTF-8 text' });
    }
    if (bytes.byteLength > MAX_VALUE_BYTES) {
      throw invalid({
        field,
        description: `is too long; a value has at most ${MAX_VALUE_BYTES} bytes`,
      });
    }
    if (!isUtf8(bytes)) {
      throw invalid({
        field,
        description: 'is not UTF-8 text; encode binary data first, as base64 for example',
      });
    }
    return new SecretValue(bytes);
  }

  get byteLength(): number {
    return this.#bytes.byteLength;
  }

  /** The bytes themselves, not a copy. For sealing and for the wire; nothing else. */
  expose(): Uint8Array {
    return this.#bytes;
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

  get [Symbol.toStringTag](): string {
    return REDACTED;
  }

  [Symbol.toPrimitive](): string {
    return REDACTED;
  }

  [inspect.custom](): string {
    return REDACTED;
  }
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}
