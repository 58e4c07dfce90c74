/** URL encoding: `%2B` (RFC 3986 §2.1), and in forms `+` for a space (WHATWG URL, application/x-www-form-urlencoded). */

import type { ScratchStream, Stream } from '../stream';
import { hexNumber } from './characters';

const PERCENT = 0x25;
const PLUS = 0x2b;
const SPACE = 0x20;

/** @returns whether anything was decoded. */
export function decodePercents(input: Stream, out: ScratchStream): boolean {
  return decode(input, out, false);
}

/** As decodePercents, and `+` is a space. @returns whether a `+` was decoded. */
export function decodeForm(input: Stream, out: ScratchStream): boolean {
  const first = input.bytes.indexOf(PLUS);
  if (first < 0 || first >= input.length) return false;
  decode(input, out, true);
  return true;
}

function decode({ bytes, from, length }: Stream, out: ScratchStream, form: boolean): boolean {
  const first = bytes.indexOf(PERCENT);
  if (!form && (first < 0 || first >= length)) return false;
  out.reset(length);
  let decoded = false;
  for (let i = 0; i < length;) {
    const byte = bytes[i] as number;
    const escaped = byte === PERCENT ? hexNumber(bytes, i + 1, 2, length) : -1;
    if (escaped >= 0) {
      out.push(escaped, from[i] as number);
      decoded = true;
      i += 3;
    } else {
      out.push(form && byte === PLUS ? SPACE : byte, from[i] as number);
      i++;
    }
  }
  out.close(from[length] as number);
  return decoded;
}
