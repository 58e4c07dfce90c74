/** Messages that were serialized already, to learn how large they are: their bytes are written once. */

const written = new WeakMap<object, Uint8Array>();

/** From now on the message does not change. */
export function keepWritten(message: object, bytes: Uint8Array): void {
  written.set(message, bytes);
}

/** Undefined of a message that nobody serialized yet. */
export function writtenBytes(message: object): Uint8Array | undefined {
  return written.get(message);
}
