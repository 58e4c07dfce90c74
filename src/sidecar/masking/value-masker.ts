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
import { AROUND, DigitDecoder, EscapeDecoder, foldPluses, type Match } from './encodings';
import { Matcher, matcherBytes } from './matcher';
import { SHORTEST_BYTES } from './short-values';
import { Spans } from './spans';
import { textStream } from './stream';

/** So many bytes after the end of a text that is cut are looked at, so that a value which the cut goes through is masked. */
export const LOOK_AHEAD_BYTES = 512;

// Masking is synchronous and nothing else runs meanwhile: one set for the process.
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
   */
  mask(text: string | Uint8Array, limit = Infinity): string {
    const bytes = windowOf(text, limit);
    if (bytes.length === 0) return '';
    if (this.#matcher.isTinyValue(bytes)) return REDACTED;
    spans.reset(bytes.length);
    if (bytes.length >= SHORTEST_BYTES) this.#findIn(bytes);
    digits.wipe();
    escapes.wipe();
    const shown = Math.min(bytes.length, limit);
    if (!spans.empty) return spans.redact(bytes, shown);
    return typeof text === 'string' && shown === bytes.length ? text : cut(bytes, shown);
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

  #findIn(text: Buffer): void {
    const matcher = this.#matcher;
    const stream = textStream(text);
    matcher.find(stream, addSpan);
    digits.decode(
      stream,
      matcher.shortest,
      spans.empty ? undefined : spans.masked,
      true,
      this.#match,
      addSpan,
    );
    const decoded = escapes.decode(stream, AROUND);
    if (decoded === undefined) return;
    digits.decode(decoded, matcher.shortest, undefined, false, this.#match, addSpan);
    foldPluses(decoded);
    matcher.findDecoded(decoded, addSpan);
  }

  readonly #match: Match = (decoded, found) => this.#matcher.find(decoded, found);
}

function addSpan(begin: number, end: number): void {
  spans.add(begin, end);
}

/** As many bytes of the text as are looked at. */
function windowOf(text: string | Uint8Array, limit: number): Buffer {
  const most = limit + LOOK_AHEAD_BYTES;
  // A character has at least one byte.
  if (typeof text === 'string') return Buffer.from(text.length > most ? text.slice(0, most) : text, 'utf8');
  return Buffer.from(text.buffer, text.byteOffset, Math.min(text.byteLength, most));
}

function cut(bytes: Buffer, length: number): string {
  let end = length;
  while (end > 0 && end < bytes.length && ((bytes[end] as number) & 0xc0) === 0x80) end--;
  return bytes.toString('utf8', 0, end);
}
