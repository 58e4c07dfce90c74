/** Bytes of a text, or of what it decodes to, each with the place in the text that it came from. */

import { AMPERSAND, BACKSLASH, DOUBLE_QUOTE, PERCENT, SINGLE_QUOTE } from './encodings/characters';

/** `bytes[i]` was written in the text as `text[from[i]]` up to, not including, `text[from[i + 1]]`. */
export interface Stream {
  readonly bytes: Uint8Array;
  /** One more than there are bytes. */
  readonly from: Int32Array;
  readonly length: number;
}

/** Stands between two pieces of a decoded stream: neither a letter nor a digit, and in no value. */
const GAP = 0;

/** Where in the text the byte before `end` ended: several bytes may come from one escape. */
export function endInText({ from, length }: Stream, end: number): number {
  let at = end;
  while (at < length && from[at] === from[at - 1]) at++;
  return from[at] as number;
}

/** A stream that is filled again and again, so that masking a text allocates nothing. */
export class ScratchStream implements Stream {
  bytes = new Uint8Array(0);
  from = new Int32Array(0);
  length = 0;
  /** Whether what was decoded may be an escape itself. */
  nested = false;

  /** Empties it and makes room for `capacity` bytes. */
  reset(capacity: number): void {
    this.length = 0;
    this.nested = false;
    if (this.bytes.length > capacity) return;
    this.bytes = new Uint8Array(capacity + 1);
    this.from = new Int32Array(capacity + 1);
  }

  push(byte: number, from: number): void {
    const at = this.length++;
    this.bytes[at] = byte;
    this.from[at] = from;
  }

  /** Bytes of another stream, with their places. */
  copy({ bytes, from }: Stream, begin: number, end: number): void {
    let at = this.length;
    for (let i = begin; i < end; i++) {
      this.bytes[at] = bytes[i] as number;
      this.from[at++] = from[i] as number;
    }
    this.length = at;
  }

  /** A byte that an escape stands for. */
  pushDecodedByte(byte: number, from: number): void {
    if (byte === DOUBLE_QUOTE || byte === SINGLE_QUOTE) return this.pushQuote(byte, from);
    if (byte === BACKSLASH || byte === PERCENT || byte === AMPERSAND) this.nested = true;
    this.push(byte, from);
  }

  /** A character that an escape stands for, as UTF-8; half of a surrogate pair becomes U+FFFD, as every encoder has it. */
  pushDecoded(codePoint: number, from: number): void {
    if (codePoint < 0x80) return this.pushDecodedByte(codePoint, from);
    const whole = codePoint > 0x10ffff || (codePoint >= 0xd800 && codePoint < 0xe000) ? 0xfffd : codePoint;
    if (whole < 0x800) {
      this.push(0xc0 | (whole >> 6), from);
    } else {
      if (whole < 0x10000) this.push(0xe0 | (whole >> 12), from);
      else {
        this.push(0xf0 | (whole >> 18), from);
        this.push(0x80 | ((whole >> 12) & 0x3f), from);
      }
      this.push(0x80 | ((whole >> 6) & 0x3f), from);
    }
    this.push(0x80 | (whole & 0x3f), from);
  }

  /** A quote; one after the same quote is the second of a doubled one. */
  pushQuote(quote: number, from: number): void {
    if (this.length === 0 || this.bytes[this.length - 1] !== quote) this.push(quote, from);
  }

  /** Two pieces that were not neighbours must not read as one. @param end where in the text the first one ended. */
  pushGap(end: number): void {
    this.push(GAP, end);
  }

  /** Says where in the text the last byte ended. */
  close(end: number): void {
    this.from[this.length] = end;
  }

  wipe(): void {
    this.bytes.fill(0, 0, this.length);
    this.length = 0;
  }
}

let places = new Int32Array(0);

/** The text itself as a stream. */
export function textStream(bytes: Uint8Array): Stream {
  if (places.length <= bytes.length) places = Int32Array.from({ length: bytes.length * 2 + 2 }, (_, i) => i);
  // Not as a Buffer: what runs on one class of arrays only is several times as fast.
  const plain = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
  return { bytes: plain, from: places, length: bytes.length };
}
