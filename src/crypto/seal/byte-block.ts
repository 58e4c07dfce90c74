/**
 * Byte strings in one block, each behind its length in 4 bytes, so that a thread is handed all of them with one message,
 * and by moving the block: what a message copies, nobody can overwrite afterwards.
 */

const LENGTH_BYTES = 4;

export function packBlock(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = parts.reduce((sum, { byteLength }) => sum + LENGTH_BYTES + byteLength, 0);
  const block = new Uint8Array(bytes);
  const view = new DataView(block.buffer);
  let at = 0;
  for (const part of parts) {
    view.setUint32(at, part.byteLength);
    block.set(part, at + LENGTH_BYTES);
    at += LENGTH_BYTES + part.byteLength;
  }
  return block;
}

/** @returns views of the block, in their order. */
export function unpackBlock(block: Uint8Array): readonly Uint8Array[] {
  const view = new DataView(block.buffer, block.byteOffset, block.byteLength);
  const parts: Uint8Array[] = [];
  for (let at = 0; at < block.byteLength;) {
    const start = at + LENGTH_BYTES;
    at = start + view.getUint32(at);
    parts.push(block.subarray(start, at));
  }
  return parts;
}
