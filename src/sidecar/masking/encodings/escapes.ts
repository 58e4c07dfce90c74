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
import { TOLD_NS, Work } from '../work';
import { AFTER_BACKSLASH, afterBackslash, backslashNumber, bracedNumber, LONGER_ESCAPE } from './backslash';
import {
  AMPERSAND,
  BACKSLASH,
  BAR,
  BEFORE_LINES,
  CARRIAGE_RETURN,
  CLOSING_BRACE,
  DOUBLE_QUOTE,
  ESCAPE,
  HEX_DIGITS,
  isAlphanumeric,
  isDigit,
  LINE_FEED,
  NO_ESCAPE,
  OPENING_BRACKET,
  PERCENT,
  PLUS,
  SEMICOLON,
  SINGLE_QUOTE,
  SPACE,
} from './characters';
import { pushCodePoint } from './code-points';
import { afterDumpColumn } from './dumps';
import { afterAmpersand, reference } from './entities';
import { afterPercent, percentEscape } from './percent';
import { Places, Pluses } from './pluses';
import { isStart, nextStart } from './starts';
import {
  lengthOf,
  LONGEST_WHOLE,
  NO_WHOLE_ESCAPE,
  standsFor,
  standsForByte,
  wholeByte,
} from './whole-escape';

/** In every encoding a piece that is masked, or a short value, takes no more characters. */
const AROUND = 96;

/** So many bytes after the beginning of an escape it has ended. */
const LONGEST_ESCAPE = 11;

const FIRST_BEYOND_ASCII = 0x80;

/** An escape, or a sign of one, of another kind than the one before it. */
const CHANGE_NS = 70;
/** A sign that begins none, and a character of one that is read by itself. */
const SIGN_NS = 30;
/** A byte that is decoded, or copied: it is looked through as well. */
const DECODED_NS = 3 + TOLD_NS;
const PAID_AT_ONCE = 256;

/** What a byte does to what was decoded so far. */
const PLAIN = 0;
/** These may end an escape. */
const IS_DIGIT = 1;
const ENDS_REFERENCE = 2;
const ENDS_BRACES = 3;
const BEGINS_LINE = 4;
/** Around these and higher text may be decoded. */
const IS_PLUS = 5;
const IS_QUOTE = 6;
const ENDS_LINE = 7;
const BEGINS_SEQUENCE = 8;
const BEGINS = 9;

const KIND = Uint8Array.from({ length: 256 }, (_, byte) =>
  (HEX_DIGITS[byte] as number) >= 0 ? IS_DIGIT : PLAIN,
);
const CHARACTERS: [kind: number, bytes: readonly number[]][] = [
  [ENDS_REFERENCE, [SEMICOLON]],
  [ENDS_BRACES, [CLOSING_BRACE]],
  [IS_PLUS, [PLUS]],
  [BEGINS_LINE, BEFORE_LINES],
  [IS_QUOTE, [DOUBLE_QUOTE, SINGLE_QUOTE]],
  [ENDS_LINE, [LINE_FEED, CARRIAGE_RETURN]],
  [BEGINS_SEQUENCE, [ESCAPE]],
  [BEGINS, [AMPERSAND, BACKSLASH, PERCENT]],
];
for (const [kind, bytes] of CHARACTERS) for (const byte of bytes) KIND[byte] = kind;

/** By byte: 1 where a line that begins with it does not go on with what loggers put there. */
const GOES_ON_LINE = KIND.map((kind) => (kind === PLAIN || kind === IS_DIGIT || kind === ENDS_LINE ? 1 : 0));

/** Beside a line break in what has no escape: a short value's base32 or hex is no longer. */
const AROUND_LINE_BREAK = 32;
/** Beside a plus in a value that has no escape: what of a piece is on one side is no longer. */
const AROUND_PLUS = 16;
/** No value that is found between other characters only is longer. */
const LONGEST_BOUNDED = 8;

type Text = Pick<Stream, 'bytes' | 'length'>;

const unbounded = new Work();

export class EscapeDecoder {
  readonly #out = new ScratchStream();
  readonly #pluses = new Pluses();
  /** Where pluses were decoded, and may still be. */
  readonly #decodedPluses = new Places();
  /** While fewer bytes are decoded, an escape may end. */
  #openUntil = 0;
  /** So many bytes were decoded when a line ended: while there are no more, a line begins. */
  #lineBegins = -1;
  /** Where the last backslash was decoded that an escape stood for: one after it begins another escape. */
  #decodedBackslash = -1;
  /** Within a terminal's control sequence: its first character was read, or its second as well. */
  #sequence = 0;

  /**
   * @param from no escape is in front of it, and no plus.
   * @param work what it is paid from: the text is decoded as far as there is something left, and the work is told how far that is.
   * @returns undefined where there is no escape.
   */
  decode(text: Text, from: number, work: Work): ScratchStream | undefined {
    return this.#decode(text, from, AROUND, false, work);
  }

  /**
   * A value as a text reads that was made of it: without its quotes too, and without a backslash at its end.
   * @param around so many bytes beside an escape are decoded with it; what is further away reads the same without.
   */
  decodeValue(text: Text, around: number): ScratchStream | undefined {
    unbounded.beginUnbounded();
    const out = this.#decode(text, 0, around, true, unbounded);
    if (out !== undefined && out.length > 0 && out.bytes[out.length - 1] === BACKSLASH)
      out.cut(out.length - 1);
    return out;
  }

  /** The pluses of the text, but those that were decoded with what is beside them. */
  get pluses(): Pluses {
    return this.#pluses;
  }

  /** Makes spaces of the pluses that were decoded. */
  foldPluses(): void {
    const { bytes } = this.#out;
    const { at, count } = this.#decodedPluses;
    for (let i = 0; i < count; i++) if (bytes[at[i] as number] === PLUS) bytes[at[i] as number] = SPACE;
  }

  wipe(): void {
    this.#out.wipe();
  }

  #decode(text: Text, from: number, around: number, isValue: boolean, work: Work): ScratchStream | undefined {
    const { bytes, length } = text;
    this.#pluses.clear();
    this.#decodedPluses.count = 0;
    let at = nextStart(bytes, from, length, isValue, this.#pluses);
    if (at === length) return undefined;
    const out = this.#out;
    // A gap for each place, and the end.
    out.reset(length + Math.ceil(length / AROUND_PLUS) + 1);
    this.#openUntil = 0;
    this.#decodedBackslash = -1;
    this.#sequence = 0;
    this.#lineBegins = -1;
    let copied = 0;
    while (at < length) {
      const begin = wordBegin(bytes, at - reachOf(bytes, at, around), copied);
      if (begin > copied && out.length > 0) out.pushGap(copied);
      copied = this.#addRegion(text, begin, at + 1, around, isValue, work);
      if (work.left < 0) {
        work.endAt(copied);
        break;
      }
      at = nextStart(bytes, copied, length, isValue, this.#pluses);
    }
    out.close(copied);
    return out;
  }

  /**
   * Adds what the text has from `begin` to `end`, and beside every place around which text is decoded.
   * @returns where nothing within reach is such a place.
   */
  #addRegion(text: Text, begin: number, end: number, around: number, isValue: boolean, work: Work): number {
    const { bytes, length } = text;
    const out = this.#out;
    const to = out.bytes;
    const places = out.from;
    const { leftOut } = out;
    let at = begin;
    let added = out.length;
    let openUntil = this.#openUntil;
    let sort = PLAIN;
    const byteNs = DECODED_NS + work.byteNs;
    let paid = begin;
    let paidUntil = begin + PAID_AT_ONCE;
    for (let last = end; at < last || (added < openUntil && at < length);) {
      let byte = bytes[at] as number;
      let kind = KIND[byte] as number;
      if (added >= openUntil) {
        // Nothing is open: what begins nothing is copied.
        for (; kind < IS_PLUS; kind = KIND[byte] as number) {
          to[added] = byte;
          places[added++] = at++;
          if (at >= last) break;
          byte = bytes[at] as number;
        }
        if (at >= last) break;
      } else if (kind < IS_PLUS && endsNone(kind, to, added)) {
        to[added] = byte;
        places[added++] = at++;
        continue;
      }
      const whole = kind === BEGINS ? wholeEscape(bytes, at, length) : NO_WHOLE_ESCAPE;
      if (at >= paidUntil) {
        work.left -= (at - paid) * byteNs;
        if (work.left < 0) break;
        paid = at;
        paidUntil = at + PAID_AT_ONCE;
      }
      if (kind >= BEGINS_SEQUENCE) {
        // What takes long is that no byte foretells the next one.
        const nextSort = (byte << 1) | (whole === NO_WHOLE_ESCAPE ? 0 : 1);
        if (nextSort !== sort) {
          sort = nextSort;
          if ((work.left -= CHANGE_NS) < 0) break;
        }
      }
      if (kind === BEGINS) {
        // Around the last one of several backslashes too.
        last = Math.min(length, at + around + (bytes[at + 1] === BACKSLASH ? lengthOf(whole) : 1));
        // Most escapes stand for a character that ends none and begins none.
        const stands = kindOf(whole);
        if (stands <= IS_QUOTE && (added >= openUntil || endsNone(stands, to, added))) {
          if (stands < IS_QUOTE) {
            if (stands === IS_PLUS) this.#decodedPluses.add(added);
            to[added] = standsFor(whole);
            places[added++] = at;
          } else if (leftOut[added] === 0) leftOut[added] = at + 1;
          at += 1 + lengthOf(whole);
          continue;
        }
        if (stands === ENDS_LINE) {
          last = Math.max(last, Math.min(length, at + lengthOf(whole) + around));
          this.#lineBegins = added;
          if (leftOut[added] === 0) leftOut[added] = at + 1;
          at = beforeLineEnd(bytes, at + 1 + lengthOf(whole), length);
          if (at === length || GOES_ON_LINE[bytes[at] as number] === 1) continue;
        }
        if (stands === BEGINS && standsFor(whole) >= FIRST_BEYOND_ASCII) {
          out.length = added;
          places[added] = at;
          pushCodePoint(standsFor(whole), out);
          added = out.length;
          at += 1 + lengthOf(whole);
          continue;
        }
        if (whole === NO_WHOLE_ESCAPE && byte !== BACKSLASH) {
          if ((work.left -= SIGN_NS) < 0) break;
          to[added] = byte;
          places[added++] = at++;
          openUntil = added + LONGEST_ESCAPE;
          this.#openUntil = openUntil;
          continue;
        }
      } else if (kind === BEGINS_SEQUENCE) {
        const after = sequenceEnd(bytes, at, length);
        if (after > 0) {
          last = Math.min(length, at + 1 + around);
          if (leftOut[added] === 0) leftOut[added] = at + 1;
          at = after;
          continue;
        }
      } else if (kind === IS_PLUS) {
        if (isValue) last = Math.max(last, reachEnd(bytes, at, length, around, isValue));
        this.#decodedPluses.add(added);
        to[added] = byte;
        places[added++] = at++;
        continue;
      } else if (kind === IS_QUOTE) {
        last = Math.max(last, reachEnd(bytes, at, length, around, isValue));
        if (leftOut[added] === 0) leftOut[added] = at + 1;
        at++;
        continue;
      }
      if (kind === ENDS_LINE) {
        last = Math.max(last, reachEnd(bytes, at, length, around, isValue));
        // In front of most lines is nothing that is left out, and they end no dump's.
        if (
          at + 1 < last &&
          GOES_ON_LINE[bytes[at + 1] as number] === 1 &&
          (at === 0 || bytes[at - 1] !== BAR)
        ) {
          this.#lineBegins = added;
          if (leftOut[added] === 0) leftOut[added] = at + 1;
          at++;
          continue;
        }
      }
      out.length = added;
      do {
        last = Math.max(last, reachEnd(bytes, at, length, around, isValue));
        const next = this.#take(text, at);
        // Around the end of what was taken at once too.
        if (next > at + 1) last = Math.max(last, Math.min(length, next - 1 + around));
        at = this.#beginsLine() ? beforeLineEnd(bytes, next, length) : next;
        work.left -= SIGN_NS;
      } while (at < length && work.left >= 0 && this.#isUnsettled());
      added = out.length;
      openUntil = this.#openUntil;
      if (work.left < 0) break;
    }
    for (const last = wordEnd(bytes, at, length); at < last; at++) {
      to[added] = bytes[at] as number;
      places[added++] = at;
    }
    out.length = added;
    work.left -= (at - paid) * byteNs;
    return at;
  }

  /** Whether a line begins, and what stands in front of it is left out. */
  #beginsLine(): boolean {
    return this.#sequence === 0 && this.#out.length === this.#lineBegins && !this.#endsWithBackslash();
  }

  #endsWithBackslash(): boolean {
    const { bytes, length } = this.#out;
    return length > 0 && bytes[length - 1] === BACKSLASH;
  }

  /** Whether the next byte may go on with a terminal's sequence or what is in front of a line, or is escaped. */
  #isUnsettled(): boolean {
    return this.#sequence > 0 || this.#out.length === this.#lineBegins || this.#endsWithBackslash();
  }

  /** Adds the byte at `at`. @returns where the text goes on. */
  #take(text: Text, at: number): number {
    const byte = text.bytes[at] as number;
    const out = this.#out;
    const last = out.length - 1;
    if (KIND[byte] === PLAIN && this.#sequence === 0 && last >= 0 && out.bytes[last] !== BACKSLASH) {
      out.push(byte, at);
      return at + 1;
    }
    if (KIND[byte] === BEGINS) {
      const next = this.#takeWhole(text, at);
      if (next > 0) return next;
    } else if (byte === LINE_FEED) {
      const next = afterDumpColumn(text, at, out);
      if (next > 0) return next;
    } else if (byte === PLUS && out.length === this.#lineBegins && endsLine(text, at + 1)) {
      // After a string whose line ended, before the next one: what Node.js writes of text in an object.
      out.leaveOut(at);
      return at + 1;
    }
    this.#add(byte, at, false);
    return at + 1;
  }

  /**
   * Adds at once what the character at `at` begins where the text has the whole escape, and as often as that stands
   * for the beginning of another. What is open before it cannot end within it: its first character is in no other.
   * @returns where the text goes on; 0 where a backslash in front of it may escape it.
   */
  #takeWhole({ bytes, length }: Text, at: number): number {
    const out = this.#out;
    if (this.#sequence > 0 || (out.length > 0 && out.bytes[out.length - 1] === BACKSLASH)) return 0;
    let byte = bytes[at] as number;
    let next = at + 1;
    let isDecoded = false;
    do {
      let whole = NO_WHOLE_ESCAPE;
      if (byte === PERCENT) whole = afterPercent(bytes, next, length);
      else if (byte === AMPERSAND) whole = afterAmpersand(bytes, next, length);
      else if (next < length) {
        const letter = bytes[next] as number;
        if (letter === BACKSLASH) {
          // Of two one is left, and of however many twos.
          const after = backslashesEnd(bytes, next, length);
          if (isDecoded || after - at > LONGEST_WHOLE || (after - next) % 2 === 0) break;
          isDecoded = true;
          next = after;
          continue;
        }
        const stands = AFTER_BACKSLASH[letter] as number;
        if (stands !== LONGER_ESCAPE) {
          byte = stands;
          isDecoded = false;
          next++;
          continue;
        }
        whole = afterBackslash(bytes, next, length);
      }
      if (whole === NO_WHOLE_ESCAPE) break;
      next += lengthOf(whole);
      byte = standsFor(whole);
      isDecoded = true;
      if (byte >= FIRST_BEYOND_ASCII && !standsForByte(whole)) {
        out.from[out.length] = at;
        pushCodePoint(byte, out);
        return next;
      }
    } while (KIND[byte] === BEGINS);
    this.#add(byte, at, isDecoded);
    return next;
  }

  /** @param isEscaped whether an escape stood for it. */
  #add(first: number, place: number, isEscaped: boolean): void {
    const out = this.#out;
    let isDecoded = isEscaped;
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
      if (kind === IS_PLUS) this.#decodedPluses.add(out.length);
      out.push(byte, from);
      if (kind === BEGINS) this.#openUntil = out.length + LONGEST_ESCAPE;
      if (kind === PLAIN || kind >= BEGINS_LINE || out.length > this.#openUntil) return;
      const stands = this.#ended(kind);
      // A line that began within the escape begins no longer.
      if (out.length < this.#lineBegins) this.#lineBegins = -1;
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

/** The escape that the character at `at` begins, where the text has all of it; of many backslashes none. */
function wholeEscape(bytes: Uint8Array, at: number, length: number): number {
  const next = at + 1;
  if (next >= length) return NO_WHOLE_ESCAPE;
  const byte = bytes[at];
  if (byte === PERCENT) return afterPercent(bytes, next, length);
  if (byte === AMPERSAND) return afterAmpersand(bytes, next, length);
  const after = backslashesEnd(bytes, next, length);
  if (after === length || after - at > LONGEST_WHOLE) return NO_WHOLE_ESCAPE;
  const stands = AFTER_BACKSLASH[bytes[after] as number] as number;
  // Whatever their number, backslashes escape a character that begins no longer escape once.
  if (stands !== LONGER_ESCAPE) return wholeByte(stands, after - at);
  return after === next ? afterBackslash(bytes, next, length) : NO_WHOLE_ESCAPE;
}

/** Where the backslashes end that begin at `begin`; of very many no more are looked at than an escape has. */
function backslashesEnd(bytes: Uint8Array, begin: number, length: number): number {
  const last = Math.min(length, begin + LONGEST_WHOLE);
  let at = begin;
  while (at < last && bytes[at] === BACKSLASH) at++;
  return at;
}

/** Where a line goes on whose front begins at `begin`. */
function beforeLineEnd(bytes: Uint8Array, begin: number, length: number): number {
  let at = begin;
  while (at < length && KIND[bytes[at] as number] === BEGINS_LINE) at++;
  return at;
}

/** Where the terminal's sequence of digits and a letter ends that begins at `at`; 0 where it is another one, or none. */
function sequenceEnd(bytes: Uint8Array, begin: number, length: number): number {
  if (begin + 1 >= length || bytes[begin + 1] !== OPENING_BRACKET) return 0;
  let at = begin + 2;
  while (at < length && (isDigit(bytes[at]) || bytes[at] === SEMICOLON)) at++;
  return at < length && isAlphanumeric(bytes[at]) ? at + 1 : 0;
}

/** What kind of byte it stands for; BEGINS where that is told byte by byte. */
function kindOf(whole: number): number {
  if (whole === NO_WHOLE_ESCAPE) return BEGINS;
  const stands = standsFor(whole);
  return stands < FIRST_BEYOND_ASCII || standsForByte(whole) ? (KIND[stands] as number) : BEGINS;
}

/** Whether a byte of this kind ends no escape after the bytes that are decoded: of digits it takes two. */
function endsNone(kind: number, decoded: Uint8Array, length: number): boolean {
  if (kind !== IS_DIGIT) return kind === PLAIN || kind >= BEGINS_LINE;
  return length === 0 || (HEX_DIGITS[decoded[length - 1] as number] as number) < 0;
}

/** Where a region of a text begins that has the byte at `from`: not so that a value of a few bytes seems to be a word. */
function wordBegin(bytes: Uint8Array, from: number, least: number): number {
  let begin = Math.max(from, least);
  const first = Math.max(begin - LONGEST_BOUNDED, least);
  while (begin > first && isAlphanumeric(bytes[begin - 1]) && isAlphanumeric(bytes[begin])) begin--;
  return begin;
}

/** Where it ends, in the same way. */
function wordEnd(bytes: Uint8Array, to: number, length: number): number {
  let end = Math.min(to, length);
  const last = Math.min(end + LONGEST_BOUNDED, length);
  while (end < last && isAlphanumeric(bytes[end - 1]) && isAlphanumeric(bytes[end])) end++;
  return end;
}

/** How much beside the byte at `at` is decoded, where anything is. */
function reachOf(bytes: Uint8Array, at: number, around: number): number {
  const kind = KIND[bytes[at] as number] as number;
  if (kind === IS_PLUS) return Math.min(around, AROUND_PLUS);
  // A dump's line ends with a bar, and the bytes in front of its column go on in the next.
  if (kind === ENDS_LINE && !(at > 0 && bytes[at - 1] === BAR)) return Math.min(around, AROUND_LINE_BREAK);
  return kind >= IS_QUOTE ? around : 0;
}

/** How far the text is decoded with the byte at `at`; 0 where it is no place around which it is. */
function reachEnd(bytes: Uint8Array, at: number, length: number, around: number, isValue: boolean): number {
  return isStart(bytes, at, length, isValue) ? Math.min(length, at + 1 + reachOf(bytes, at, around)) : 0;
}

function endsLine({ bytes, length }: Text, at: number): boolean {
  return at < length && KIND[bytes[at] as number] === ENDS_LINE;
}

function isLeftOut(kind: number): boolean {
  return kind === IS_QUOTE || kind === ENDS_LINE || kind === BEGINS_SEQUENCE;
}
