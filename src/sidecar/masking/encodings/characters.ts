/** What kind of character a byte is, by table. */

const UPPER = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const LOWER = UPPER.toLowerCase();
const DIGITS = '0123456789';

export const TAB = 0x09;
export const LINE_FEED = 0x0a;
export const CARRIAGE_RETURN = 0x0d;
export const ESCAPE = 0x1b;
export const SPACE = 0x20;
export const DOUBLE_QUOTE = 0x22;
export const PERCENT = 0x25;
export const AMPERSAND = 0x26;
export const SINGLE_QUOTE = 0x27;
export const PLUS = 0x2b;
export const SEMICOLON = 0x3b;
export const GREATER_THAN = 0x3e;
export const OPENING_BRACKET = 0x5b;
export const BACKSLASH = 0x5c;
export const LOWER_X = 0x78;
export const BAR = 0x7c;
export const CLOSING_BRACE = 0x7d;

/** What loggers put in front of a line. */
export const BEFORE_LINES: readonly number[] = [SPACE, TAB, BAR, GREATER_THAN];

/** What is read ends no escape. */
export const NO_ESCAPE = -1;
/** An escape was read, and what it stands for is written. */
export const WRITTEN = -2;

/** By byte: the digit's value, or -1. */
export type DigitTable = Int8Array;

function digitTable(...alphabets: [characters: string, first: number][]): DigitTable {
  const table = new Int8Array(256).fill(-1);
  for (const [characters, first] of alphabets)
    for (let i = 0; i < characters.length; i++) table[characters.charCodeAt(i)] = first + i;
  return table;
}

export const HEX_DIGITS = digitTable([`${DIGITS}ABCDEF`, 0], ['abcdef', 10]);
/** RFC 4648 §4 and, in the same places, the URL-safe alphabet of §5. */
export const BASE64_DIGITS = digitTable([`${UPPER}${LOWER}${DIGITS}+/`, 0], ['-_', 62]);
/** RFC 4648 §6. */
export const BASE32_DIGITS = digitTable([`${UPPER}234567`, 0]);

export function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39;
}

/** ASCII letters and digits. */
export function isAlphanumeric(byte: number | undefined): boolean {
  if (byte === undefined) return false;
  return isDigit(byte) || (byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a);
}

/** The number that `count` hex digits at `at` write, or -1 where they are not there. */
export function hexNumber(bytes: Uint8Array, at: number, count: number, end: number): number {
  if (at + count > end) return -1;
  let number = 0;
  for (let i = at; i < at + count; i++) {
    const digit = HEX_DIGITS[bytes[i] as number] as number;
    if (digit < 0) return -1;
    number = number * 16 + digit;
  }
  return number;
}

/** The number that two hex digits write, below 0 where they are not there: most escapes have two or four. */
export function twoHexDigits(bytes: Uint8Array, at: number): number {
  return ((HEX_DIGITS[bytes[at] as number] as number) << 4) | (HEX_DIGITS[bytes[at + 1] as number] as number);
}
