/**
 * Finds, in one pass, where in a text digits of any base may be: runs of base64's
 * alphabet, which holds those of base32 and hex, broken into lines or not; and lists of
 * short numbers.
 */

import { BASE64_DIGITS, HEX_DIGITS } from './characters';

export interface Regions {
  /** Digits from `begin` to `end`, with line breaks between them where `lines` is true, and with a minus or without. */
  run(begin: number, end: number, lines: boolean, minus: boolean): void;
  /** Short hex or decimal numbers with little between them. */
  list(begin: number, end: number): void;
}

/** A line that goes on in the next one has at least so many digits (RFC 2045 §6.8: 76; PEM: 64). */
const SHORTEST_LINE = 32;
/** A number of a list, and what is between two of them, has at most so many characters. */
const LONGEST_NUMBER = 8;
const MOST_BETWEEN = 8;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

const DIGIT = 1;
const OF_NUMBERS = 2;
const NO_MINUS = 4;
const MINUS = 0x2d;
// Hex digits, the x of 0x, and the minus of Java's bytes.
const CLASS = Uint8Array.from({ length: 256 }, (_, byte) => {
  if ((BASE64_DIGITS[byte] as number) < 0) return 0;
  const ofNumbers = (HEX_DIGITS[byte] as number) >= 0 || byte === 0x78 || byte === MINUS;
  return DIGIT | (ofNumbers ? OF_NUMBERS : 0) | (byte === MINUS ? 0 : NO_MINUS);
});

/** @param shortestRun @param shortestList what is shorter is not told of; in digits, and in numbers. */
export function findRegions(
  bytes: Uint8Array,
  length: number,
  shortestRun: number,
  shortestList: number,
  regions: Regions,
): void {
  let listBegin = 0;
  let listEnd = -1;
  let numbers = 0;
  const endList = (): void => {
    if (numbers >= shortestList) regions.list(listBegin, listEnd);
    numbers = 0;
  };
  for (let at = 0; at < length;) {
    let kind = CLASS[bytes[at] as number] as number;
    if (kind === 0) {
      at++;
      continue;
    }
    const begin = at;
    for (at++; at < length; at++) {
      const next = CLASS[bytes[at] as number] as number;
      if (next === 0) break;
      kind &= next;
    }
    if ((kind & OF_NUMBERS) !== 0 && at - begin <= LONGEST_NUMBER) {
      if (numbers === 0 || begin - listEnd > MOST_BETWEEN) {
        endList();
        listBegin = begin;
      }
      numbers++;
      listEnd = at;
    } else if (numbers > 0) endList();
    if (at - begin < shortestRun) continue;
    const end = at - begin < SHORTEST_LINE ? at : endOfLines(bytes, at, length);
    regions.run(begin, end, end > at, end > at || (kind & NO_MINUS) === 0);
    at = end;
  }
  endList();
}

/** Follows digits over line breaks. @returns where the last line ends. */
function endOfLines(bytes: Uint8Array, lineEnd: number, length: number): number {
  for (let end = lineEnd; ;) {
    const begin = nextLine(bytes, end, length);
    let at = begin;
    while (at < length && CLASS[bytes[at] as number] !== 0) at++;
    if (at === begin) return end;
    end = at;
    if (at - begin < SHORTEST_LINE) return end;
  }
}

/** Where the next line begins, after its indentation; the end of the text where there is none. */
function nextLine(bytes: Uint8Array, at: number, length: number): number {
  let i = at;
  if (bytes[i] === CARRIAGE_RETURN) i++;
  if (i >= length || bytes[i] !== LINE_FEED) return length;
  for (i++; i < length && (bytes[i] === 0x20 || bytes[i] === 0x09);) i++;
  return i;
}
