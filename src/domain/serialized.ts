/** An answer that is already on its wire form: the adapters send its bytes as they are. */

import { inspect } from 'node:util';
import { REDACTED } from './secret-value';

/** Bytes of a serialized message that hold values, so they cannot be printed. */
export class SerializedMessage {
  readonly #parts: readonly Uint8Array[];
  readonly #release: (isFree: boolean) => void;

  /**
   * @param parts which, one after the other, are the message.
   * @param release is told that they are not needed any more, by this message, as `wipe` is; it zeroes them where not given.
   */
  constructor(parts: readonly Uint8Array[], release: (isFree: boolean) => void = () => zero(parts)) {
    this.#parts = parts;
    this.#release = release;
  }

  /** The bytes themselves, for the wire and nothing else. */
  expose(): readonly Uint8Array[] {
    return this.#parts;
  }

  get byteLength(): number {
    return this.#parts.reduce((sum, { byteLength }) => sum + byteLength, 0);
  }

  /**
   * Once they are sent, or nobody waits for them.
   * @param isFree whoever wrote them does not look at their memory again.
   */
  wipe(isFree = false): void {
    this.#release(isFree);
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

function zero(parts: readonly Uint8Array[]): void {
  for (const part of parts) part.fill(0);
}
