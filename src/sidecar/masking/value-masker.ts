/**
 * Masks an execution's values in text that nodes write: as they are, in pieces, and in the
 * forms that languages and loggers write by themselves.
 *
 * The values are indexed once, as they are and with what looks like an escape in them
 * decoded. A text is looked through as it is, with its escapes decoded, and in both as each
 * base reads its digits: values cost no memory for their forms, and forms within forms
 * are found as well. Each step is linear in the text, whatever the values are.
 */

import { inspect } from 'node:util';
import { REDACTED } from '../../domain/secret-value';
import { DigitDecoder, EscapeDecoder } from './encodings';
import { Matcher, matcherBytes } from './matcher';
import { SHORTEST_BYTES } from './short-values';
import { Spans } from './spans';
import { ScratchText } from './stream';
import { FOLD_NS, PARTS, UNLIMITED, type Credit, type Work } from './work';

/** So many bytes after the end of a text that is cut are looked at, so that a value which the cut goes through is masked. */
export const LOOK_AHEAD_BYTES = 512;

// Masking is synchronous and nothing else runs meanwhile: one set for the process.
const scratch = new ScratchText();
/** The text's beginning, as far as it was looked through. */
const looked = new ScratchText();
const spans = new Spans();
const digits = new DigitDecoder();
const escapes = new EscapeDecoder();

/** Masks the values it was made from. Prints [REDACTED]. */
export class ValueMasker {
  /** How many bytes it takes, at most. */
  static bytesFor(values: Iterable<Uint8Array>): number {
    return matcherBytes(values);
  }

  /** Makes one at once. */
  static of(values: Iterable<Uint8Array>): ValueMasker {
    const making = ValueMasker.inSlices(values);
    for (;;) {
      const step = making.next();
      if (step.done === true) return step.value;
    }
  }

  /**
   * A part of a text with every value of several in it replaced. The whole text is looked through; of a value that begins
   * in front of the part nothing is shown.
   */
  static maskPart(maskers: Iterable<ValueMasker>, text: Uint8Array, begin: number, end: number): string {
    scratch.fill(text, Infinity);
    spans.reset(scratch.length);
    for (const masker of maskers) masker.#find(UNLIMITED);
    digits.wipe();
    escapes.wipe();
    const masked = spans.redact(scratch.buffer, scratch.length, end, begin);
    scratch.wipe();
    return masked;
  }

  /** Makes one step by step; the values must stay as they are until the last. */
  static *inSlices(values: Iterable<Uint8Array>): Generator<void, ValueMasker> {
    return new ValueMasker(yield* Matcher.of(values));
  }

  /** Keeps no value, only what recognizes them. */
  private constructor(matcher: Matcher) {
    this.#matcher = matcher;
  }

  readonly #matcher: Matcher;

  /**
   * The text with every value in it replaced.
   * @param limit the text is cut after so many bytes. At most LOOK_AHEAD_BYTES more are looked at.
   * @param credit what it may cost beyond the strict price of its bytes.
   */
  mask(text: string | Uint8Array, limit = Infinity, credit = UNLIMITED): string {
    scratch.fill(text, limit + LOOK_AHEAD_BYTES);
    const masked = this.#masked(text, Math.min(scratch.length, limit), credit);
    scratch.wipe();
    return masked;
  }

  #masked(text: string | Uint8Array, shown: number, credit: Credit): string {
    const { buffer, length } = scratch;
    if (length === 0) return '';
    if (this.#matcher.isTinyValue(scratch)) return REDACTED;
    spans.reset(length);
    if (length >= SHORTEST_BYTES) this.#find(credit);
    digits.wipe();
    escapes.wipe();
    if (spans.empty && typeof text === 'string' && shown === length) return text;
    return spans.redact(buffer, length, shown);
  }

  /** It masks nothing afterwards. */
  wipe(): void {
    this.#matcher.wipe();
  }

  toJSON(): string {
    return REDACTED;
  }

  [inspect.custom](): string {
    return REDACTED;
  }

  /** Adds the spans of what the text has of the values, and of what could not be looked through. */
  #find(credit: Credit): void {
    const matcher = this.#matcher;
    const { work } = matcher;
    const { length } = scratch;
    work.begin(length, credit.left());
    const end = matcher.findInText(scratch, addSpan);
    if (end < length) work.endAt(end);
    this.#findEncoded(spans.empty ? undefined : spans.masked);
    credit.take(work.beyond);
    if (work.isSpent) spans.add(Math.max(0, work.end - LOOK_AHEAD_BYTES), length);
  }

  /** @param masked by place in the text, not 0 where a value was found as it is. */
  #findEncoded(masked: Uint8Array | undefined): void {
    const matcher = this.#matcher;
    const { work } = matcher;
    work.beginReading(PARTS.digits);
    const firstStart = digits.decode(lookedText(work), matcher, masked, true, addSpan);
    work.beginReading(PARTS.escapes);
    const decoded = escapes.decode(lookedText(work), firstStart, work);
    if (escapes.pluses.any) this.#findFolded();
    if (decoded === undefined) return;
    work.beginReading(PARTS.digitsBesideEscapes);
    digits.decode(decoded, matcher, undefined, false, addSpan);
    escapes.foldPluses();
    work.beginReading(PARTS.decoded);
    const end = matcher.findDecoded(decoded, 0, decoded.length, addSpan);
    if (end < decoded.length) work.endAt(decoded.from[end] as number);
  }

  #findFolded(): void {
    const matcher = this.#matcher;
    const { work } = matcher;
    work.beginReading(PARTS.pluses);
    escapes.pluses.fold(scratch, (begin, end) => {
      if (begin >= work.end) return;
      work.left -= FOLD_NS + (end - begin) * work.byteNs;
      if (work.left < 0) return work.endAt(begin);
      const folded = matcher.findDecoded(scratch, begin, end, addSpan);
      if (folded < end) work.endAt(folded);
    });
  }
}

/** The text, as far as every reading before went through it. */
function lookedText(work: Work): ScratchText {
  if (!work.isSpent) return scratch;
  looked.showPart(scratch, work.end);
  return looked;
}

function addSpan(begin: number, end: number): void {
  spans.add(begin, end);
}
