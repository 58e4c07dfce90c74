/** Hex dumps in lines (Go's hex.Dump, `hexdump -C`): 16 bytes, the same as text, and the next line's offset. */

import type { ScratchStream, Stream } from '../stream';
import { BAR, HEX_DIGITS, SPACE } from './characters';

/** 16 characters and a bar on each side. */
const COLUMN = 18;
const OFFSET_DIGITS = 8;

/**
 * Takes back the column of text that ends in front of the line feed at `at`: the bytes go on in the next line.
 * @returns where they do, or 0 where this is no dump.
 */
export function afterDumpColumn(
  { bytes, length }: Pick<Stream, 'bytes' | 'length'>,
  at: number,
  out: ScratchStream,
): number {
  const begin = at - COLUMN;
  const end = at + 1 + OFFSET_DIGITS;
  if (begin < 0 || end + 1 >= length || bytes[begin] !== BAR || bytes[at - 1] !== BAR) return 0;
  if (bytes[end] !== SPACE || bytes[end + 1] !== SPACE) return 0;
  for (let i = at + 1; i < end; i++) if ((HEX_DIGITS[bytes[i] as number] as number) < 0) return 0;
  let kept = out.length;
  while (kept > 0 && (out.from[kept - 1] as number) >= begin) kept--;
  out.cut(kept);
  return end;
}
