/** Bytes put together, without Node: the same in browsers. */

const encoder = new TextEncoder();

const LAST_OF_ASCII = 0x7f;

/** In UTF-8. Ids and names are ASCII, which takes a fraction of what the encoder does. */
export function text(value: string): Uint8Array {
  const bytes = new Uint8Array(value.length);
  for (let at = 0; at < bytes.length; at++) {
    const unit = value.charCodeAt(at);
    if (unit > LAST_OF_ASCII) return encoder.encode(value);
    bytes[at] = unit;
  }
  return bytes;
}

/** Big-endian. */
export function uint32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  putUint32(bytes, 0, value);
  return bytes;
}

/** A view to write through costs several times as much as this. */
export function putUint32(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >>> 24;
  bytes[at + 1] = value >>> 16;
  bytes[at + 2] = value >>> 8;
  bytes[at + 3] = value;
}

/** Big-endian. @throws RangeError for anything but a whole number that a double holds exactly. */
export function uint64(value: number): Uint8Array {
  if (!Number.isSafeInteger(value) || value < 0) {
    throw new RangeError('a version or revision is a whole number from 0 to 2^53 - 1');
  }
  const bytes = new Uint8Array(8);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, Math.floor(value / 2 ** 32));
  view.setUint32(4, value % 2 ** 32);
  return bytes;
}

export function concat(parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((length, part) => length + part.byteLength, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.byteLength;
  }
  return joined;
}
