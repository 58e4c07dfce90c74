/** URL encoding: `%2B` (RFC 3986 §2.1), and in forms `+` for a space (WHATWG URL, application/x-www-form-urlencoded). */

import type { ScratchStream, Stream } from '../stream';
import { hexNumber } from './characters';
import type { EscapeSyntax } from './escape-syntax';

const PERCENT = 0x25;
const PLUS = 0x2b;
const SPACE = 0x20;

export const PERCENTS: EscapeSyntax = {
  begins: '%',
  decode: (input, begin, end, out) => decode(input, begin, end, out, false),
};

/** As PERCENTS, and `+` is a space. */
export const FORM: EscapeSyntax = {
  begins: '+',
  decode: (input, begin, end, out) => decode(input, begin, end, out, true),
};

function decode(
  { bytes, from }: Stream,
  begin: number,
  end: number,
  out: ScratchStream,
  form: boolean,
): void {
  for (let i = begin; i < end;) {
    const byte = bytes[i] as number;
    const escaped = byte === PERCENT ? hexNumber(bytes, i + 1, 2, end) : -1;
    out.push(escaped >= 0 ? escaped : form && byte === PLUS ? SPACE : byte, from[i] as number);
    i += escaped >= 0 ? 3 : 1;
  }
}
