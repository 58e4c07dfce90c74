/**
 * Bytes that are signed: a list of fields in a fixed order, each preceded by its length (docs/format.md,
 * "Bindings"). The first says what it is and the second is the format's version, so no two lists of different
 * kinds have the same bytes.
 */

/** A text in UTF-8, a whole number in 8 bytes, or bytes. */
export type Field = string | number | Uint8Array;

const LENGTH_BYTES = 4;
const NUMBER_BYTES = 8;

/**
 * Written into one buffer: a scope has a thousand of these.
 * @param version raised when a kind's fields or their order change; 4 bytes.
 * @throws RangeError for a number that is not whole, or that a double does not hold exactly.
 */
export function encodeFields(kind: string, version: number, fields: readonly Field[]): Buffer {
  let size = 3 * LENGTH_BYTES + Buffer.byteLength(kind);
  for (const field of fields) size += LENGTH_BYTES + sizeOf(field);
  const bytes = Buffer.allocUnsafe(size);
  let at = writeText(bytes, 0, kind);
  at = bytes.writeUInt32BE(LENGTH_BYTES, at);
  at = bytes.writeUInt32BE(version, at);
  for (const field of fields) at = writeField(bytes, at, field);
  return bytes;
}

function sizeOf(field: Field): number {
  if (typeof field === 'string') return Buffer.byteLength(field);
  return typeof field === 'number' ? NUMBER_BYTES : field.byteLength;
}

/** @returns where the next one goes. */
function writeField(bytes: Buffer, at: number, field: Field): number {
  if (typeof field === 'string') return writeText(bytes, at, field);
  if (typeof field === 'number') return writeNumber(bytes, bytes.writeUInt32BE(NUMBER_BYTES, at), field);
  const start = bytes.writeUInt32BE(field.byteLength, at);
  bytes.set(field, start);
  return start + field.byteLength;
}

function writeText(bytes: Buffer, at: number, text: string): number {
  const length = bytes.write(text, at + LENGTH_BYTES, 'utf8');
  bytes.writeUInt32BE(length, at);
  return at + LENGTH_BYTES + length;
}

function writeNumber(bytes: Buffer, at: number, value: number): number {
  if (!Number.isSafeInteger(value) || value < 0)
    throw new RangeError('not a whole number from 0 to 2^53 - 1');
  bytes.writeUInt32BE(Math.floor(value / 2 ** 32), at);
  return bytes.writeUInt32BE(value % 2 ** 32, at + 4);
}
