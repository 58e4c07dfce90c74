/** Blobs as the rest of the service wants them. */

/** A plain Uint8Array over memory of its own: drivers may answer slices of a shared pool. */
export function ownBytes(blob: Uint8Array): Uint8Array {
  return blob.byteLength === blob.buffer.byteLength
    ? new Uint8Array(blob.buffer, 0, blob.byteLength)
    : new Uint8Array(blob);
}
