/**
 * In which part a name's value is kept beside its scope's bundle (execution/known-entries.ts). Both halves ask: the one
 * that makes parts, and the one that drops what held a value when it is replaced or deleted, which cannot look inside.
 */

import { crc32c } from './crc32c';
import type { SecretName } from './ids';
import { MAX_SCOPE_NAMES } from './scope';

/**
 * A part is lost as a whole, and then each of its rows takes a key agreement, 0.2 ms; every part that is left takes
 * 10 µs to open and to take apart. With eight names, a scope of a thousand pays about the same for both.
 */
const NAMES_PER_PART = 8;

/** Into how many parts a scope of so many names is divided: a power of two. */
export function partCount(names: number): number {
  let count = 1;
  while (count * NAMES_PER_PART < names) count *= 2;
  return count;
}

/** Every number of parts that a scope can have. */
export const PART_COUNTS: readonly number[] = countsUpTo(partCount(MAX_SCOPE_NAMES));

function countsUpTo(most: number): number[] {
  const counts: number[] = [];
  for (let count = 1; count <= most; count *= 2) counts.push(count);
  return counts;
}

/**
 * The part of a name where there are so many. Parts are numbered from their count on, so that numbers of different
 * counts do not meet: 1; 2, 3; 4 to 7; and so on.
 */
export function partOf(name: SecretName, count: number): number {
  return count + (crc32c(Buffer.from(name)) % count);
}
