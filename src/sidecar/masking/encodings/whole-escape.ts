/** An escape that a text has whole, in one number: what it stands for, and in how many characters it is written. */

export const NO_WHOLE_ESCAPE = 0;

/** Four bits for the length, one for whether it stands for a byte, the rest for the byte or the code point. */
const VALUE_SHIFT = 5;
const IS_BYTE = 1 << 4;
const LENGTH = IS_BYTE - 1;
/** No escape that is told in one number is written in more characters. */
export const LONGEST_WHOLE = LENGTH;
const LAST_CODE_POINT = 0x10ffff;
const REPLACEMENT = 0xfffd;

/** @param byte be it a part of a character; below 0 where there is none. */
export function wholeByte(byte: number, length: number): number {
  return byte < 0 ? NO_WHOLE_ESCAPE : (byte << VALUE_SHIFT) | IS_BYTE | length;
}

/** @param codePoint below 0 where there is none. */
export function wholeCodePoint(codePoint: number, length: number): number {
  if (codePoint < 0) return NO_WHOLE_ESCAPE;
  return ((codePoint > LAST_CODE_POINT ? REPLACEMENT : codePoint) << VALUE_SHIFT) | length;
}

export function standsFor(whole: number): number {
  return whole >>> VALUE_SHIFT;
}

export function standsForByte(whole: number): boolean {
  return (whole & IS_BYTE) !== 0;
}

export function lengthOf(whole: number): number {
  return whole & LENGTH;
}
