/**
 * Escapes within text that is otherwise as it was. Only what is around an escape is
 * decoded: everything else reads the same without, and was looked at already.
 */

import type { ScratchStream, Stream } from '../stream';

export interface EscapeSyntax {
  /** The characters with which an escape may begin. */
  readonly begins: string;
  /** Adds the bytes from `begin` to `end`, decoded. */
  readonly decode: (input: Stream, begin: number, end: number, out: ScratchStream) => void;
}

/** In every encoding a piece that is masked, or a short value, takes no more characters. */
const AROUND = 96;

/** @returns whether there is an escape; else the scratch stream holds nothing. */
export function decodeAround(input: Stream, { begins, decode }: EscapeSyntax, out: ScratchStream): boolean {
  const { from, length } = input;
  const codes = [begins.charCodeAt(0), begins.charCodeAt(begins.length - 1)] as const;
  let next = nextOf(input, codes, 0);
  if (next >= length) return false;
  // A gap for each place, and the end.
  out.reset(length + Math.ceil(length / AROUND) + 1);
  while (next < length) {
    const begin = Math.max(0, next - AROUND);
    let end = next;
    while (next < length && next <= end + 2 * AROUND) {
      end = next + 1;
      next = nextOf(input, codes, end);
    }
    const last = Math.min(length, end + AROUND);
    decode(input, begin, last, out);
    out.pushGap(from[last] as number);
  }
  out.close(from[length] as number);
  return true;
}

function nextOf({ bytes, length }: Stream, [one, other]: readonly [number, number], begin: number): number {
  let at = begin;
  while (at < length && bytes[at] !== one && bytes[at] !== other) at++;
  return at;
}
