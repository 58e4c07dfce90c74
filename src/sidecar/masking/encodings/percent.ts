/** URL encoding: `%2B` (RFC 3986 §2.1). */

import type { ScratchStream } from '../stream';
import { hexNumber, NO_ESCAPE, PERCENT } from './characters';
import { wholeByte } from './whole-escape';

/** The escape that a percent sign in front of `at` begins. */
export function afterPercent(bytes: Uint8Array, at: number, length: number): number {
  return wholeByte(hexNumber(bytes, at, 2, length), 2);
}

/** Takes back the escape that the last two digits end. @returns the byte that it stands for, or NO_ESCAPE. */
export function percentEscape(out: ScratchStream): number {
  const { bytes, length } = out;
  if (length < 3 || bytes[length - 3] !== PERCENT) return NO_ESCAPE;
  const byte = hexNumber(bytes, length - 2, 2, length);
  out.cut(length - 3);
  return byte;
}
