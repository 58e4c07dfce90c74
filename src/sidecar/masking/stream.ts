/** Bytes of a text, or of what it decodes to, each with the place in the text that it came from. */

/** `bytes[i]` was written in the text from `from[i]` on. */
export interface Stream {
  readonly bytes: Uint8Array;
  /** The same bytes: several of them are read at once. */
  readonly view: DataView;
  /** One more than there are bytes. */
  readonly from: Int32Array;
  readonly length: number;
  /** By byte: one more than the place of what was left out in front of it, else 0. */
  readonly leftOut: Int32Array;
}

/** Stands between two pieces of a decoded stream: neither a letter nor a digit, and in no value. */
const GAP = 0;

/** Where in the text the byte before `end` ended: several bytes may come from one escape. */
export function endInText(stream: Stream, end: number): number {
  const at = nextByte(stream, end);
  return leftOutBefore(stream, at) ?? (stream.from[at] as number);
}

/** From where to where the text has the bytes, with what was left out on both sides. */
export function aroundInText(stream: Stream, begin: number, end: number): [begin: number, end: number] {
  const { from } = stream;
  return [leftOutBefore(stream, begin) ?? (from[begin] as number), from[nextByte(stream, end)] as number];
}

function nextByte({ from, length }: Stream, end: number): number {
  let at = end;
  while (at < length && from[at] === from[at - 1]) at++;
  return at;
}

function leftOutBefore({ leftOut }: Stream, at: number): number | undefined {
  const left = at < leftOut.length ? (leftOut[at] as number) : 0;
  return left > 0 ? left - 1 : undefined;
}

/** A stream that is filled again and again, so that masking a text allocates nothing. */
export class ScratchStream implements Stream {
  bytes = new Uint8Array(0);
  view = new DataView(this.bytes.buffer);
  from = new Int32Array(0);
  leftOut = new Int32Array(0);
  length = 0;
  /** So many bytes it had when some were taken back. */
  #cutFrom = 0;

  /** Empties it and makes room for `capacity` bytes. */
  reset(capacity: number): void {
    if (this.length > 0) this.leftOut.fill(0, 0, this.length + 1);
    else if (this.leftOut.length > 0) this.leftOut[0] = 0;
    this.length = 0;
    if (this.bytes.length > capacity) return;
    this.bytes = new Uint8Array(capacity + 1);
    this.view = new DataView(this.bytes.buffer);
    this.from = new Int32Array(capacity + 1);
    this.leftOut = new Int32Array(capacity + 1);
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

  /** What the text has at `from` is not part of what it says. */
  leaveOut(from: number): void {
    if (this.leftOut[this.length] === 0) this.leftOut[this.length] = from + 1;
  }

  /** Takes back the bytes from `begin` on; the place of the first one stays in `from[begin]`. */
  cut(begin: number): void {
    for (let at = begin + 1; at <= this.length; at++) this.leftOut[at] = 0;
    if (this.length > this.#cutFrom) this.#cutFrom = this.length;
    this.length = begin;
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
    const used = Math.max(this.length, this.#cutFrom);
    if (used > 0) this.bytes.fill(0, 0, used);
    this.#cutFrom = 0;
    this.reset(0);
  }
}

let places = new Int32Array(0);
const NOTHING_LEFT_OUT = new Int32Array(0);

/** As many places as a text of `length` bytes has, and its end. */
function placesOf(length: number): Int32Array {
  if (places.length <= length) places = Int32Array.from({ length: length * 2 + 2 }, (_, i) => i);
  return places;
}

/** A text as bytes and as a stream, filled again and again. */
export class ScratchText implements Stream {
  /** The text's bytes, and room after them. */
  buffer = Buffer.alloc(0);
  // Not as a Buffer: what runs on one class of arrays only is several times as fast.
  bytes = new Uint8Array(this.buffer.buffer);
  view = new DataView(this.bytes.buffer);
  from = placesOf(0);
  readonly leftOut = NOTHING_LEFT_OUT;
  length = 0;

  /** @param most so many bytes of the text are taken, or a few more. */
  fill(text: string | Uint8Array, most: number): void {
    // A character has at least one byte, and three at most for each unit of the string.
    const taken = text.length > most ? text.slice(0, most) : text;
    this.#reserve(typeof taken === 'string' ? 3 * taken.length : taken.length);
    if (typeof taken === 'string') this.length = this.buffer.write(taken, 'utf8');
    else {
      this.bytes.set(taken);
      this.length = taken.length;
    }
    this.from = placesOf(this.length);
  }

  /** Is from now on the beginning of another one, in the same memory. */
  showPart({ buffer, bytes, view, from }: ScratchText, end: number): void {
    this.buffer = buffer;
    this.bytes = bytes;
    this.view = view;
    this.from = from;
    this.length = end;
  }

  wipe(): void {
    this.bytes.fill(0, 0, this.length);
    this.length = 0;
  }

  #reserve(length: number): void {
    if (this.bytes.length > length) return;
    this.buffer = Buffer.alloc(length + 1);
    this.bytes = new Uint8Array(this.buffer.buffer);
    this.view = new DataView(this.bytes.buffer);
  }
}

/** A value as a stream. */
export function valueStream(bytes: Uint8Array): Stream {
  // Not as a Buffer: what runs on one class of arrays only is several times as fast.
  const plain = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return {
    bytes: plain,
    view,
    from: placesOf(bytes.length),
    length: bytes.length,
    leftOut: NOTHING_LEFT_OUT,
  };
}
