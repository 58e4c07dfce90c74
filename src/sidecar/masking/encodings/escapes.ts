/**
 * Text with what stands for other characters decoded: escapes by backslash, percent and entity,
 * and doubled quotes, all in one pass, and one within another to the same end: a run of
 * backslashes, `%2525` and `&amp;amp;` read as one of them does. What an escape within an escape of
 * another kind leaves is decoded in a second pass.
 *
 * Values are read in the same way, so it does not matter how often a text was escaped,
 * or that a value holds by itself what looks like an escape.
 */

import { ScratchStream, type Stream } from '../stream';
import { backslashed } from './backslash';
import { AMPERSAND, BACKSLASH, DOUBLE_QUOTE, PERCENT, PLUS, SINGLE_QUOTE, SPACE } from './characters';
import { referenced } from './entities';
import { percentDecoded } from './percent';
import { isDoubled, quoted } from './quotes';

/** In every encoding a piece that is masked, or a short value, takes no more characters. */
export const AROUND = 96;

const MAY_ESCAPE = new Uint8Array(256);
for (const byte of [AMPERSAND, BACKSLASH, DOUBLE_QUOTE, PERCENT, PLUS, SINGLE_QUOTE]) MAY_ESCAPE[byte] = 1;

export class EscapeDecoder {
  readonly #first = new ScratchStream();
  readonly #second = new ScratchStream();

  /**
   * @param around so many bytes beside an escape are decoded with it; what is further away reads the same without.
   * @returns undefined where there is no escape.
   */
  decode(input: Stream, around: number): ScratchStream | undefined {
    const once = this.#first;
    if (!decodeOnce(input, around, once)) return undefined;
    if (!once.nested) return once;
    return decodeOnce(once, Infinity, this.#second) ? this.#second : once;
  }

  wipe(): void {
    this.#first.wipe();
    this.#second.wipe();
  }
}

/** In forms `+` is a space (WHATWG URL, application/x-www-form-urlencoded); elsewhere it is a plus: both read as a space. */
export function foldPluses({ bytes, length }: ScratchStream): void {
  for (let i = 0; i < length; i++) if (bytes[i] === PLUS) bytes[i] = SPACE;
}

function decodeOnce(input: Stream, around: number, out: ScratchStream): boolean {
  const { bytes, from, length } = input;
  let copied = -1;
  for (let at = 0; ;) {
    while (at < length && MAY_ESCAPE[bytes[at] as number] === 0) at++;
    if (at === length) break;
    const byte = bytes[at] as number;
    if ((byte === DOUBLE_QUOTE || byte === SINGLE_QUOTE) && !isDoubled(bytes, at, length)) {
      at++;
      continue;
    }
    if (copied < 0) {
      // A gap for each place, and the end.
      out.reset(length + Math.ceil(length / around) + 1);
      copied = Math.max(0, at - around);
    } else if (at - copied > 2 * around) {
      out.copy(input, copied, copied + around);
      out.pushGap(from[copied + around] as number);
      copied = at - around;
    }
    out.copy(input, copied, at);
    copied = at = decodeAt(input, at, out);
  }
  if (copied < 0) return false;
  const end = Math.min(length, copied + around);
  out.copy(input, copied, end);
  out.close(from[end] as number);
  return true;
}

/** @returns where the text goes on. */
function decodeAt(input: Stream, at: number, out: ScratchStream): number {
  const byte = input.bytes[at];
  if (byte === BACKSLASH) return backslashed(input, at, out);
  if (byte === PERCENT) return percentDecoded(input, at, out);
  if (byte === AMPERSAND) return referenced(input, at, out);
  if (byte !== PLUS) return quoted(input, at, out);
  out.push(PLUS, input.from[at] as number);
  return at + 1;
}
