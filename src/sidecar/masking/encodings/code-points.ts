/** A character that an escape stands for, as UTF-8. */

import type { ScratchStream } from '../stream';
import { BACKSLASH, WRITTEN } from './characters';

const FIRST_HIGH_SURROGATE = 0xd800;
const FIRST_LOW_SURROGATE = 0xdc00;
const LAST_LOW_SURROGATE = 0xdfff;

/** Adds what is beyond ASCII in the place of what was cut off. @returns the code point where it is ASCII, else WRITTEN. */
export function pushCodePoint(codePoint: number, out: ScratchStream): number {
  if (codePoint < 0x80) return codePoint;
  const last = out.length - 1;
  // In front of what it escapes nothing of, a backslash is nothing.
  if (last >= 0 && out.bytes[last] === BACKSLASH) out.cut(last);
  const from = out.from[out.length] as number;
  if (codePoint < FIRST_LOW_SURROGATE || codePoint > LAST_LOW_SURROGATE) pushUtf8(codePoint, from, out);
  else {
    const high = highSurrogate(out);
    if (high < 0) pushUtf8(codePoint, from, out);
    else {
      out.cut(out.length - 3);
      const whole = 0x10000 + ((high - FIRST_HIGH_SURROGATE) << 10) + (codePoint - FIRST_LOW_SURROGATE);
      pushUtf8(whole, out.from[out.length] as number, out);
    }
  }
  return WRITTEN;
}

/** The first half of a pair, which was written as if it were a character; -1 where the last bytes are no such half. */
function highSurrogate({ bytes, length }: ScratchStream): number {
  if (length < 3 || bytes[length - 3] !== 0xed) return -1;
  const unit =
    0xd000 | (((bytes[length - 2] as number) & 0x3f) << 6) | ((bytes[length - 1] as number) & 0x3f);
  return unit >= FIRST_HIGH_SURROGATE && unit < FIRST_LOW_SURROGATE ? unit : -1;
}

function pushUtf8(codePoint: number, from: number, out: ScratchStream): void {
  const whole = codePoint > 0x10ffff ? 0xfffd : codePoint;
  if (whole < 0x800) out.push(0xc0 | (whole >> 6), from);
  else {
    if (whole < 0x10000) out.push(0xe0 | (whole >> 12), from);
    else {
      out.push(0xf0 | (whole >> 18), from);
      out.push(0x80 | ((whole >> 12) & 0x3f), from);
    }
    out.push(0x80 | ((whole >> 6) & 0x3f), from);
  }
  out.push(0x80 | (whole & 0x3f), from);
}
