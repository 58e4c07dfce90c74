/** URL encoding: `%2B` (RFC 3986 §2.1). */

import type { ScratchStream } from '../stream';
import { hexNumber, NO_ESCAPE, PERCENT, twoHexDigits } from './characters';
import { NO_WHOLE_ESCAPE, wholeByte } from './whole-escape';

/** The escape that a percent sign in front of `at` begins. */
export function afterPercent(bytes: Uint8Array, at: number, length: number): number {
  if (at + 2 > length) return NO_WHOLE_ESCAPE;
  return wholeByte(twoHexDigits(bytes, at), 2);
}

/** Takes back the escape that the last two digits end. @returns the byte that it stands for, or NO_ESCAPE. */
export function percentEscape(out: ScratchStream): number {
  const { bytes, length } = out;
  if (length < 3 || bytes[length - 3] !== PERCENT) return NO_ESCAPE;
  const byte = hexNumber(bytes, length - 2, 2, length);
  out.cut(length - 3);
  return byte;
}
