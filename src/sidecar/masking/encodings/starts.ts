/**
 * Around which characters a text is decoded: those that may be a part of an escape, quotes that may write one by being several,
 * and line breaks that may be within a value.
 */

import {
  AMPERSAND,
  BACKSLASH,
  BAR,
  BASE64_DIGITS,
  BEFORE_LINES,
  CARRIAGE_RETURN,
  DOUBLE_QUOTE,
  ESCAPE,
  LINE_FEED,
  PERCENT,
  PLUS,
  SINGLE_QUOTE,
  SPACE,
} from './characters';
import type { Pluses } from './pluses';

const STARTS = new Uint8Array(256);
const ALWAYS = 1;
const DOUBLED = 2;
const WITHIN_DIGITS = 3;
const IN_VALUES = 4;
for (const byte of [AMPERSAND, BACKSLASH, PERCENT, ESCAPE]) STARTS[byte] = ALWAYS;
for (const byte of [LINE_FEED, CARRIAGE_RETURN]) STARTS[byte] = WITHIN_DIGITS;
for (const byte of [DOUBLE_QUOTE, SINGLE_QUOTE]) STARTS[byte] = DOUBLED;
// Of a text's own nothing is decoded.
STARTS[PLUS] = IN_VALUES;

const IS_BEFORE_LINE = Uint8Array.from({ length: 256 }, (_, byte) => (BEFORE_LINES.includes(byte) ? 1 : 0));

/** Whether text may be decoded around such a byte. */
export function mayStart(byte: number): boolean {
  return STARTS[byte] !== 0;
}

/** Where decoding starts next; `length` where it does not. Adds the pluses of a text that are in front of it. */
export function nextStart(
  bytes: Uint8Array,
  begin: number,
  length: number,
  isValue: boolean,
  pluses: Pluses,
): number {
  for (let at = begin; at < length; at++) {
    while (at < length && STARTS[bytes[at] as number] === 0) at++;
    if (at === length || isStart(bytes, at, length, isValue)) return at;
    if (bytes[at] === PLUS) pluses.add(at);
  }
  return length;
}

/** Whether text is decoded around the byte at `at`: in a value, around each that may be a part of an escape. */
export function isStart(bytes: Uint8Array, at: number, length: number, isValue: boolean): boolean {
  const starts = STARTS[bytes[at] as number] as number;
  if (starts === 0 || starts === ALWAYS || isValue) return starts !== 0;
  if (starts === IN_VALUES) return false;
  return starts === DOUBLED ? isDoubled(bytes, at, length) : isWithinDigits(bytes, at, length);
}

/** Whether a line break is within a word or a number, or in a dump. */
function isWithinDigits(bytes: Uint8Array, at: number, length: number): boolean {
  const before = at === 0 ? SPACE : (bytes[at - 1] as number);
  if (before === BAR) return true;
  if ((BASE64_DIGITS[before] as number) < 0) return false;
  let next = at + 1;
  if (bytes[at] === CARRIAGE_RETURN && bytes[next] === LINE_FEED) next++;
  while (next < length && IS_BEFORE_LINE[bytes[next] as number] === 1) next++;
  return next < length && (BASE64_DIGITS[bytes[next] as number] as number) >= 0;
}

/** Whether the quote at `at` may be one of several that write one: `''`, `""`, and a shell's `'\''` and `'"'"'`. */
function isDoubled(bytes: Uint8Array, at: number, length: number): boolean {
  if (at + 1 >= length) return false;
  const quote = bytes[at];
  const next = bytes[at + 1];
  return next === quote || (quote === SINGLE_QUOTE && (next === BACKSLASH || next === DOUBLE_QUOTE));
}
