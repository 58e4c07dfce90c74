/** Values on their way to the server and back. */

import { types } from 'pg';

/** Whole numbers come as numbers: none of ours exceeds 2^53. */
export function parserOf(oid: number, format: 'text' | 'binary' = 'text'): (value: string) => unknown {
  return oid === types.builtins.INT8 ? Number : types.getTypeParser(oid, format as 'text');
}

/** Bytes travel as bytea, the rest as text that the server reads by the type of its column. */
export function toParameter(value: unknown): string | Buffer | null {
  if (value === null || value === undefined) return null;
  if (value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  throw new TypeError('a parameter is text, a number, bytes or null');
}
