/**
 * Finds, in one pass, where in a text digits of any base may be: runs of base64's
 * alphabet, which holds those of base32 and hex; and lists of short numbers. On the way it
 * sees where the first escape may be.
 */

import { BASE64_DIGITS, HEX_DIGITS, PLUS } from './characters';
import { MOST_BETWEEN } from './number-lists';
import { isStart, mayStart } from './starts';

/** So many runs of fewer than FEW digits are told of together. */
export const RUNS_TOLD = 64;
const FEW = 4;

export interface Regions {
  /** That there were RUNS_TOLD more of few digits, which no processor foresees the ends of. @returns whether it is to be told of more. */
  fewRuns(toldUntil: number): boolean;
  /**
   * Digits from `begin` to `end`, with a minus among them or without.
   * @param toldUntil what is in front of it was told; a list that goes on may have begun earlier than the digits.
   * @returns whether it is to be told of more.
   */
  run(begin: number, end: number, minus: boolean, toldUntil: number): boolean;
  /** Short hex or decimal numbers with little between them, which write so many bytes at most. @returns the same. */
  list(begin: number, end: number, most: number): boolean;
}

/** A number of a list has at most so many characters: a dump's of four bytes. */
const LONGEST_NUMBER = 8;

/** No digit: text may be decoded around it. */
const START = 1;
const OF_NUMBERS = 2;
const NO_MINUS = 4;
const NO_PLUS = 8;
/** What is less is none. */
const DIGIT = 16;
const MINUS = 0x2d;
// Hex digits, the x of 0x, and the minus of Java's bytes.
const CLASS = Uint8Array.from({ length: 256 }, (_, byte) => {
  if ((BASE64_DIGITS[byte] as number) < 0) return mayStart(byte) ? START : 0;
  const ofNumbers = (HEX_DIGITS[byte] as number) >= 0 || byte === 0x78 || byte === MINUS;
  return (
    DIGIT | (ofNumbers ? OF_NUMBERS : 0) | (byte === MINUS ? 0 : NO_MINUS) | (byte === PLUS ? 0 : NO_PLUS)
  );
});

/**
 * @param shortestRun @param shortestList what is shorter is not told of; in digits, and in bytes that numbers write at most.
 * @returns a place in front of which is no escape: that of the first one, or where a run with a plus begins, or the length.
 */
export function findRegions(
  bytes: Uint8Array,
  length: number,
  shortestRun: number,
  shortestList: number,
  regions: Regions,
): number {
  let firstStart = length;
  let listBegin = 0;
  let listEnd = -1;
  let listed = 0;
  let runs = 0;
  for (let at = 0; at < length;) {
    let kind = CLASS[bytes[at] as number] as number;
    if (kind < DIGIT) {
      if (kind === START && firstStart === length && isStart(bytes, at, length, false)) firstStart = at;
      at++;
      continue;
    }
    const begin = at;
    for (at++; at < length; at++) {
      const next = CLASS[bytes[at] as number] as number;
      if (next < DIGIT) break;
      kind &= next;
    }
    if ((kind & NO_PLUS) === 0 && firstStart === length) firstStart = begin;
    const isNumber = (kind & OF_NUMBERS) !== 0 && at - begin <= LONGEST_NUMBER;
    if (listed > 0 && (!isNumber || begin - listEnd > MOST_BETWEEN)) {
      if (listed >= shortestList && !regions.list(listBegin, listEnd, listed)) return firstStart;
      listed = 0;
    }
    if (isNumber) {
      if (listed === 0) listBegin = begin;
      // Two hex digits are a byte, and up to three decimal ones.
      listed += Math.max(1, (at - begin) >> 1);
      listEnd = at;
    }
    const toldUntil = listed > 0 ? listBegin : begin;
    if (at - begin < FEW && ++runs === RUNS_TOLD) {
      runs = 0;
      if (!regions.fewRuns(toldUntil)) return firstStart;
    }
    if (at - begin < shortestRun) continue;
    if (!regions.run(begin, at, (kind & NO_MINUS) === 0, toldUntil)) return firstStart;
  }
  if (listed > 0 && listed >= shortestList) regions.list(listBegin, listEnd, listed);
  return firstStart;
}
