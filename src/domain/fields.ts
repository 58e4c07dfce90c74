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
 * @returns what encodes such a list; it throws a RangeError for a number that is not whole, or that a double does not
 *   hold exactly.
 */
export function fieldsEncoder(kind: string, version: number): (fields: readonly Field[]) => Buffer {
  const head = Buffer.alloc(3 * LENGTH_BYTES + Buffer.byteLength(kind));
  const end = writeText(head, 0, kind);
  writeWord(head, end, LENGTH_BYTES);
  writeWord(head, end + LENGTH_BYTES, version);
  return (fields) => {
    let size = head.byteLength;
    for (const field of fields) size += LENGTH_BYTES + sizeOf(field);
    const bytes = Buffer.allocUnsafe(size);
    bytes.set(head);
    let at = head.byteLength;
    for (const field of fields) at = writeField(bytes, at, field);
    return bytes;
  };
}

function sizeOf(field: Field): number {
  if (typeof field === 'string') return Buffer.byteLength(field);
  return typeof field === 'number' ? NUMBER_BYTES : field.byteLength;
}

/** @returns where the next one goes. */
function writeField(bytes: Buffer, at: number, field: Field): number {
  if (typeof field === 'string') return writeText(bytes, at, field);
  const start = at + LENGTH_BYTES;
  if (typeof field === 'number') {
    writeWord(bytes, at, NUMBER_BYTES);
    return writeNumber(bytes, start, field);
  }
  writeWord(bytes, at, field.byteLength);
  bytes.set(field, start);
  return start + field.byteLength;
}

function writeText(bytes: Buffer, at: number, text: string): number {
  const length = bytes.write(text, at + LENGTH_BYTES, 'utf8');
  writeWord(bytes, at, length);
  return at + LENGTH_BYTES + length;
}

function writeNumber(bytes: Buffer, at: number, value: number): number {
  if (!Number.isSafeInteger(value) || value < 0)
    throw new RangeError('not a whole number from 0 to 2^53 - 1');
  writeWord(bytes, at, Math.floor(value / 2 ** 32));
  writeWord(bytes, at + 4, value % 2 ** 32);
  return at + NUMBER_BYTES;
}

/** Big-endian, in 4 bytes. Buffer's own way of it takes a third of an entry's time. */
function writeWord(bytes: Buffer, at: number, value: number): void {
  bytes[at] = value >>> 24;
  bytes[at + 1] = value >>> 16;
  bytes[at + 2] = value >>> 8;
  bytes[at + 3] = value;
}
