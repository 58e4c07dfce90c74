/**
 * A connection of which HTTP/2 gets what is worked off within about half a millisecond, and then leaves the event loop to
 * others. By itself it reads up to 2 MiB before this program is asked, and whoever calls on another connection waits for all
 * that they hold.
 */

import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import type { Turns } from './turns';

const SLICE_MS = 0.5;
const SLICE_BYTES = { least: 1024, first: 4096, most: 64 * 1024 };
/** HTTP/2 that wants nothing for so long, although it writes nothing, has stopped for good, of which Node 20 tells nobody. */
const STOPPED_MS = 5_000;
const NOTHING = Buffer.alloc(0);

export class PacedSocket extends Duplex {
  /** What came and is not handed on; the socket is not read meanwhile. */
  #waiting: Buffer = NOTHING;
  #hasEnded = false;
  /** As much as was worked off in time. */
  #sliceBytes = SLICE_BYTES.first;
  #stopped: NodeJS.Timeout | undefined;

  constructor(
    private readonly socket: Socket,
    private readonly turns: Turns,
  ) {
    super();
    turns.opened(this);
    socket.on('data', (chunk: Buffer) => this.#came(chunk));
    socket.once('end', () => {
      this.#hasEnded = true;
      this.#endWhenHandedOn();
    });
    socket.once('close', () => this.destroy());
    socket.on('error', (error) => this.destroy(error));
  }

  /** Hands a slice on. */
  handOn(): void {
    const slice = this.#waiting.subarray(0, this.#sliceBytes);
    this.#waiting = this.#waiting.subarray(slice.byteLength);
    const begun = performance.now();
    const wantsMore = this.push(slice);
    // In a while, when what HTTP/2 told of is done too.
    if (slice.byteLength === this.#sliceBytes) process.nextTick(() => this.#learn(performance.now() - begun));
    this.#endWhenHandedOn();
    if (wantsMore) return this.#goOn();
    this.socket.pause();
    this.#stopped ??= setTimeout(() => this.#endWhereStopped(), STOPPED_MS).unref();
  }

  /** HTTP/2 wants more. */
  override _read(): void {
    clearTimeout(this.#stopped);
    this.#stopped = undefined;
    this.#goOn();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.socket.write(chunk, done);
  }

  override _writev(chunks: { chunk: Buffer }[], done: (error?: Error | null) => void): void {
    this.socket.cork();
    for (const [index, { chunk }] of chunks.entries())
      this.socket.write(chunk, index === chunks.length - 1 ? done : undefined);
    this.socket.uncork();
  }

  override _final(done: () => void): void {
    this.socket.end(done);
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    clearTimeout(this.#stopped);
    this.turns.closed(this);
    this.socket.destroy();
    done(error);
  }

  #came(chunk: Buffer): void {
    this.#waiting = chunk;
    if (chunk.byteLength <= this.#sliceBytes && this.turns.takeAtOnce(this)) return this.handOn();
    this.socket.pause();
    this.turns.wait(this);
  }

  #goOn(): void {
    if (this.#waiting.byteLength > 0) this.turns.wait(this);
    else if (this.socket.isPaused()) this.socket.resume();
  }

  #learn(tookMs: number): void {
    if (tookMs > SLICE_MS) this.#sliceBytes = Math.max(SLICE_BYTES.least, this.#sliceBytes / 2);
    else if (tookMs < SLICE_MS / 4) this.#sliceBytes = Math.min(SLICE_BYTES.most, this.#sliceBytes * 2);
  }

  #endWhenHandedOn(): void {
    if (this.#hasEnded && this.#waiting.byteLength === 0) this.push(null);
  }

  /** The other side may have been gone for long: that is not seen on a socket that is not read. */
  #endWhereStopped(): void {
    if (this.socket.writableLength === 0) return void this.destroy();
    this.#stopped = setTimeout(() => this.#endWhereStopped(), STOPPED_MS).unref();
  }
}
