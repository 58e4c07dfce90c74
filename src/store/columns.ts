/** Values of columns: when two of them are the same, and how one is kept. */

/** Of the same type too: a text is never the number that it spells. */
export function isSame(a: unknown, b: unknown): boolean {
  return a instanceof Uint8Array && b instanceof Uint8Array ? Buffer.compare(a, b) === 0 : a === b;
}

/** In memory that nobody else writes to. */
export function copyOf(value: unknown): unknown {
  return value instanceof Uint8Array ? new Uint8Array(value) : value;
}
