/** URL encoding: `%2B` (RFC 3986 §2.1), encoded again (`%252B`) or not. */

import type { ScratchStream, Stream } from '../stream';
import { hexNumber, PERCENT } from './characters';

/** Adds what is written from the `%` at `at` on. @returns where the text goes on. */
export function percentDecoded({ bytes, from, length }: Stream, at: number, out: ScratchStream): number {
  let byte = PERCENT;
  let end = at + 1;
  while (byte === PERCENT) {
    const next = hexNumber(bytes, end, 2, length);
    if (next < 0) break;
    byte = next;
    end += 2;
  }
  if (end === at + 1) out.push(byte, from[at] as number);
  else out.pushDecodedByte(byte, from[at] as number);
  return end;
}
