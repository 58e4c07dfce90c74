/**
 * Text with what stands for other characters decoded: escapes by backslash, percent and entity. An escape is
 * read when its last character is added to what was decoded so far, and what it stands for is added in
 * its place, where it may end another escape: one pass decodes whatever was escaped in another way, to any depth.
 *
 * Left out are quotes, backslashes that escape nothing, line breaks with what loggers put in front of
 * a line, and a terminal's colours: whether they are the text's own or were added to it cannot be told.
 *
 * Values are read in the same way, so it does not matter how often a text was escaped,
 * or that a value holds by itself what looks like an escape.
 */

import { ScratchStream, type Stream } from '../stream';
import { AFTER_BACKSLASH, backslashNumber, bracedNumber, LONGER_ESCAPE } from './backslash';
import {
  AMPERSAND,
  BACKSLASH,
  BAR,
  BASE64_DIGITS,
  CARRIAGE_RETURN,
  CLOSING_BRACE,
  DOUBLE_QUOTE,
  ESCAPE,
  GREATER_THAN,
  HEX_DIGITS,
  LINE_FEED,
  NO_ESCAPE,
  OPENING_BRACKET,
  PERCENT,
  PLUS,
  SEMICOLON,
  SINGLE_QUOTE,
  SPACE,
  TAB,
} from './characters';
import { afterDumpColumn } from './dumps';
import { reference } from './entities';
import { percentEscape } from './percent';

/** In every encoding a piece that is masked, or a short value, takes no more characters. */
export const AROUND = 96;

/** So many bytes after the beginning of an escape it has ended. */
const LONGEST_ESCAPE = 11;

/** What a byte does to what was decoded so far. */
const PLAIN = 0;
const BEGINS = 1;
const IS_QUOTE = 2;
const ENDS_LINE = 3;
const BEGINS_LINE = 4;
const BEGINS_SEQUENCE = 5;
/** These and higher may end an escape. */
const IS_DIGIT = 6;
const ENDS_REFERENCE = 7;
const ENDS_BRACES = 8;

const KIND = Uint8Array.from({ length: 256 }, (_, byte) =>
  (HEX_DIGITS[byte] as number) >= 0 ? IS_DIGIT : PLAIN,
);
const CHARACTERS: [kind: number, bytes: number[]][] = [
  [BEGINS, [AMPERSAND, BACKSLASH, PERCENT]],
  [IS_QUOTE, [DOUBLE_QUOTE, SINGLE_QUOTE]],
  [ENDS_LINE, [LINE_FEED, CARRIAGE_RETURN]],
  [BEGINS_LINE, [SPACE, TAB, BAR, GREATER_THAN]],
  [BEGINS_SEQUENCE, [ESCAPE]],
  [ENDS_REFERENCE, [SEMICOLON]],
  [ENDS_BRACES, [CLOSING_BRACE]],
];
for (const [kind, bytes] of CHARACTERS) for (const byte of bytes) KIND[byte] = kind;

/** Beside a line break in what has no escape: a short value's base32 or hex is no longer. */
const AROUND_LINE_BREAK = 32;

/** What text is decoded around: of quotes those that may be an escape, and of line breaks those that may be within a value. */
const STARTS = new Uint8Array(256);
const ALWAYS = 1;
const DOUBLED = 2;
const WITHIN_DIGITS = 3;
for (const byte of [AMPERSAND, BACKSLASH, PERCENT, PLUS, ESCAPE]) STARTS[byte] = ALWAYS;
for (const byte of [LINE_FEED, CARRIAGE_RETURN]) STARTS[byte] = WITHIN_DIGITS;
for (const byte of [DOUBLE_QUOTE, SINGLE_QUOTE]) STARTS[byte] = DOUBLED;

export class EscapeDecoder {
  readonly #out = new ScratchStream();
  /** While fewer bytes are decoded, an escape may end. */
  #openUntil = 0;
  /** So many bytes were decoded when a line ended: while there are no more, a line begins. */
  #lineBegins = -1;
  /** Where the last backslash was decoded that an escape stood for: one after it begins another escape. */
  #decodedBackslash = -1;
  /** Within a terminal's control sequence: its first character was read, or its second as well. */
  #sequence = 0;

  /**
   * @param around so many bytes beside an escape are decoded with it; what is further away reads the same without.
   * @returns undefined where there is no escape.
   */
  decode(input: Stream, around: number): ScratchStream | undefined {
    return this.#decode(input, around, false);
  }

  /** A value as a text reads that was made of it: without its quotes too, and without a backslash at its end. */
  decodeValue(input: Stream, around: number): ScratchStream | undefined {
    const out = this.#decode(input, around, true);
    if (out !== undefined && out.length > 0 && out.bytes[out.length - 1] === BACKSLASH)
      out.cut(out.length - 1);
    return out;
  }

  wipe(): void {
    this.#out.wipe();
  }

  #decode(input: Stream, around: number, isValue: boolean): ScratchStream | undefined {
    const { bytes, from, length } = input;
    const out = this.#out;
    let copied = -1;
    // How much is decoded after the last escape and before the next.
    let after = 0;
    for (let at = 0; ;) {
      at = nextStart(bytes, at, length, isValue);
      if (at === length) break;
      const before = reachOf(bytes, at, around);
      if (copied < 0) {
        // A gap for each place, and the end.
        out.reset(length + Math.ceil(length / Math.min(around, AROUND_LINE_BREAK)) + 1);
        this.#openUntil = 0;
        this.#decodedBackslash = -1;
        this.#sequence = 0;
        this.#lineBegins = -1;
        copied = Math.max(0, at - before);
      } else if (at - copied > after + before) {
        this.#copy(input, copied, copied + after);
        out.pushGap(from[copied + after] as number);
        copied = at - before;
      }
      this.#copy(input, copied, at);
      after = before;
      do {
        if (after < around) after = reachOf(bytes, at, around);
        at = this.#take(input, at);
      } while (
        at < length &&
        (out.length < this.#openUntil || out.length === this.#lineBegins || this.#sequence > 0)
      );
      copied = at;
    }
    if (copied < 0) return undefined;
    const end = Math.min(length, copied + after);
    this.#copy(input, copied, end);
    out.close(from[end] as number);
    return out;
  }

  /** What neither begins nor ends an escape. */
  #copy({ bytes, from }: Stream, begin: number, end: number): void {
    const out = this.#out;
    const to = out.bytes;
    const places = out.from;
    let length = out.length;
    for (let i = begin; i < end; i++) {
      const byte = bytes[i] as number;
      const kind = KIND[byte] as number;
      if (kind >= IS_QUOTE && kind <= BEGINS_LINE) {
        if (kind === ENDS_LINE) this.#lineBegins = length;
        if (kind !== BEGINS_LINE || length === this.#lineBegins) {
          out.length = length;
          out.leaveOut(from[i] as number);
          continue;
        }
      }
      to[length] = byte;
      places[length++] = from[i] as number;
    }
    out.length = length;
  }

  /** Adds the byte at `at`. @returns where the text goes on. */
  #take(input: Stream, at: number): number {
    const byte = input.bytes[at] as number;
    if (byte === LINE_FEED) {
      const next = afterDumpColumn(input, at, this.#out);
      if (next > 0) return next;
    }
    this.#add(byte, input.from[at] as number);
    return at + 1;
  }

  #add(first: number, place: number): void {
    const out = this.#out;
    let isDecoded = false;
    for (let byte = first, from = place; ;) {
      if (this.#sequence > 0 && this.#continuesSequence(byte, from)) return;
      const last = out.length - 1;
      const follows = last >= 0 && out.bytes[last] === BACKSLASH;
      if (byte === BACKSLASH) return this.#addBackslash(from, isDecoded, follows);
      if (follows) {
        const stands = AFTER_BACKSLASH[byte] as number;
        if (stands === LONGER_ESCAPE) {
          out.push(byte, from);
          return;
        }
        from = out.from[last] as number;
        out.cut(last);
        byte = stands;
        continue;
      }
      const kind = KIND[byte] as number;
      if (kind === ENDS_LINE) this.#lineBegins = out.length;
      else if (kind === BEGINS_SEQUENCE) this.#sequence = 1;
      if (isLeftOut(kind) || (kind === BEGINS_LINE && out.length === this.#lineBegins)) {
        out.leaveOut(from);
        return;
      }
      out.push(byte, from);
      if (kind === BEGINS) this.#openUntil = out.length + LONGEST_ESCAPE;
      if (kind < IS_DIGIT || out.length > this.#openUntil) return;
      const stands = this.#ended(kind);
      if (stands < 0) return;
      byte = stands;
      from = out.from[out.length] as number;
      isDecoded = true;
    }
  }

  /** Of backslashes that were escaped however often one is left. */
  #addBackslash(from: number, isDecoded: boolean, follows: boolean): void {
    const out = this.#out;
    const last = out.length - 1;
    this.#openUntil = out.length + LONGEST_ESCAPE;
    if (!follows || (!isDecoded && this.#decodedBackslash === last)) {
      this.#decodedBackslash = isDecoded ? out.length : follows ? last : -1;
      out.push(BACKSLASH, from);
    } else if (!isDecoded && this.#decodedBackslash === last - 1 && out.bytes[last - 1] === BACKSLASH)
      out.cut(last);
    else this.#decodedBackslash = last;
  }

  /** Takes back the escape that the last byte ends. @returns what it stands for, WRITTEN or NO_ESCAPE. */
  #ended(kind: number): number {
    const out = this.#out;
    if (kind === ENDS_REFERENCE) return reference(out);
    if (kind === ENDS_BRACES) return bracedNumber(out);
    if (out.length < 3 || (HEX_DIGITS[out.bytes[out.length - 2] as number] as number) < 0) return NO_ESCAPE;
    const byte = percentEscape(out);
    return byte === NO_ESCAPE ? backslashNumber(out) : byte;
  }

  /** ECMA-48 §5.4: escape, `[`, parameters, and a last character. @returns whether the byte is a part of it. */
  #continuesSequence(byte: number, from: number): boolean {
    const isParameter = this.#sequence === 2 && byte >= 0x20 && byte < 0x40;
    const isPart =
      isParameter || (this.#sequence === 1 ? byte === OPENING_BRACKET : byte >= 0x40 && byte < 0x7f);
    this.#sequence = isParameter || (isPart && this.#sequence === 1) ? 2 : 0;
    if (isPart) this.#out.leaveOut(from);
    return isPart;
  }
}

/** Where decoding starts next; `length` where it does not. */
function nextStart(bytes: Uint8Array, begin: number, length: number, isValue: boolean): number {
  for (let at = begin; at < length; at++) {
    while (at < length && STARTS[bytes[at] as number] === 0) at++;
    if (at === length || isValue) return at;
    const starts = STARTS[bytes[at] as number];
    if (starts === ALWAYS || (starts === DOUBLED ? isDoubled : isWithinDigits)(bytes, at, length)) return at;
  }
  return length;
}

/** Whether a line break is within a word or a number, or in a dump. */
function isWithinDigits(bytes: Uint8Array, at: number, length: number): boolean {
  const before = at === 0 ? SPACE : (bytes[at - 1] as number);
  if (before === BAR) return true;
  if ((BASE64_DIGITS[before] as number) < 0) return false;
  let next = at + 1;
  if (bytes[at] === CARRIAGE_RETURN && bytes[next] === LINE_FEED) next++;
  while (next < length && KIND[bytes[next] as number] === BEGINS_LINE) next++;
  return next < length && (BASE64_DIGITS[bytes[next] as number] as number) >= 0;
}

/** How much beside the byte at `at` is decoded. */
function reachOf(bytes: Uint8Array, at: number, around: number): number {
  // A dump's line ends with a bar, and the bytes in front of its column go on in the next.
  const isLineBreak = KIND[bytes[at] as number] === ENDS_LINE && bytes[at - 1] !== BAR;
  return isLineBreak ? Math.min(around, AROUND_LINE_BREAK) : around;
}

function isLeftOut(kind: number): boolean {
  return kind === IS_QUOTE || kind === ENDS_LINE || kind === BEGINS_SEQUENCE;
}

/** In forms `+` is a space (WHATWG URL, application/x-www-form-urlencoded); elsewhere it is a plus: both read as a space. */
export function foldPluses({ bytes, length }: ScratchStream): void {
  for (let i = 0; i < length; i++) if (bytes[i] === PLUS) bytes[i] = SPACE;
}

/** Whether the quote at `at` may be one of several that write one: `''`, `""`, and a shell's `'\''` and `'"'"'`. */
function isDoubled(bytes: Uint8Array, at: number, length: number): boolean {
  if (at + 1 >= length) return false;
  const quote = bytes[at];
  const next = bytes[at + 1];
  return next === quote || (quote === SINGLE_QUOTE && (next === BACKSLASH || next === DOUBLE_QUOTE));
}
