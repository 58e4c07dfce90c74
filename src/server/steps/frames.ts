/**
 * Frames on the connection between two workers: a question's number, what the frame is, and a body. What leaves in one
 * turn of the event loop leaves together. Bodies may hold values: where they were read they are zeroed, and copied.
 */

import type { Socket } from 'node:net';

/** In front of each body: its length, the question's number, what the frame is. */
const HEADER_BYTES = 9;
/** A body in parts of so many bytes together is copied, which costs less than to write its parts. */
const MAX_COPIED_BYTES = 2_048;

export interface Frame {
  readonly number: number;
  readonly kind: number;
  readonly body: Buffer;
}

export class FrameReader {
  readonly #header = Buffer.alloc(HEADER_BYTES);
  #headerBytes = 0;
  #body: Buffer | undefined;
  #bodyBytes = 0;

  /** @param onFrame owns the frame's body. */
  constructor(private readonly onFrame: (frame: Frame) => void) {}

  /** What was read; it is zeroed. */
  add(chunk: Buffer): void {
    let at = 0;
    while (at < chunk.byteLength) {
      at += this.#body === undefined ? this.#addToHeader(chunk, at) : this.#addToBody(this.#body, chunk, at);
      if (this.#body !== undefined && this.#bodyBytes === this.#body.byteLength) this.#end(this.#body);
    }
    chunk.fill(0);
  }

  /** Nothing more comes. */
  drop(): void {
    this.#body?.fill(0);
    this.#body = undefined;
  }

  #addToHeader(chunk: Buffer, from: number): number {
    const taken = chunk.copy(this.#header, this.#headerBytes, from);
    this.#headerBytes += taken;
    if (this.#headerBytes === HEADER_BYTES) {
      this.#body = Buffer.allocUnsafe(this.#header.readUInt32LE(0));
      this.#bodyBytes = 0;
    }
    return taken;
  }

  #addToBody(body: Buffer, chunk: Buffer, from: number): number {
    const taken = chunk.copy(body, this.#bodyBytes, from);
    this.#bodyBytes += taken;
    return taken;
  }

  #end(body: Buffer): void {
    const [number, kind] = [this.#header.readUInt32LE(4), this.#header.readUInt8(8)];
    this.#body = undefined;
    this.#headerBytes = 0;
    this.onFrame({ number, kind, body });
  }
}

export class FrameWriter {
  #isCorked = false;

  constructor(private readonly socket: Socket) {}

  /**
   * @param parts which, one after the other, are the body.
   * @param release is told when they are not needed any more; they are not free where not all of them were written.
   */
  write(
    { number, kind }: Pick<Frame, 'number' | 'kind'>,
    parts: readonly Uint8Array[],
    release: (isFree: boolean) => void = () => undefined,
  ): void {
    this.#cork();
    let length = 0;
    for (const part of parts) length += part.byteLength;
    const header = Buffer.allocUnsafe(HEADER_BYTES);
    header.writeUInt32LE(length, 0);
    header.writeUInt32LE(number, 4);
    header.writeUInt8(kind, 8);
    if (length > MAX_COPIED_BYTES) return this.#writeParts(header, parts, release);
    const frame = Buffer.concat([header, ...parts]);
    release(true);
    this.socket.write(frame, () => frame.fill(0));
  }

  #writeParts(header: Buffer, parts: readonly Uint8Array[], release: (isFree: boolean) => void): void {
    const last = parts.length - 1;
    this.socket.write(header);
    for (const part of parts.slice(0, last)) this.socket.write(part);
    this.socket.write(parts[last] as Uint8Array, (error) => release(error === null || error === undefined));
  }

  #cork(): void {
    if (this.#isCorked) return;
    this.#isCorked = true;
    this.socket.cork();
    setImmediate(() => {
      this.#isCorked = false;
      this.socket.uncork();
    });
  }
}
