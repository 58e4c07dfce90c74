/**
 * A socket whose bytes are counted before TLS sees them: OpenSSL checks each certificate of a chain as soon as it has all
 * of them, and tells nobody before. What a client with few and ordinary ones says passes at once; what comes beyond that,
 * before the handshake is done, waits for its turn (dear-turns.ts).
 */

import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import type { DearTurns } from './dear-turns';
import { GrowingRests } from './growing-rests';

/** A first message, and a certificate with two intermediates of RSA with 4,096 bits, are shorter. */
export const FREE_BYTES = 8 * 1024;

export interface CountedSocketOptions {
  readonly socket: Socket;
  /** The address that it comes from. */
  readonly source: string;
  readonly turns: DearTurns;
  /** Whether the handshake is done: nothing is counted from then on. */
  isSecured(): boolean;
}

export class CountedSocket extends Duplex {
  readonly socket: Socket;
  readonly #rests: GrowingRests;
  #passed = 0;
  /** TLS wants more, and has been given nothing since. */
  #isWanted = false;
  #isWaiting = false;
  #waitNoLonger: () => void = () => undefined;

  constructor(private readonly counted: CountedSocketOptions) {
    super();
    this.socket = counted.socket;
    this.#rests = new GrowingRests(counted.socket);
    this.socket
      .on('readable', () => this.#pass())
      .once('end', () => this.push(null))
      .once('close', () => this.destroy());
  }

  override _read(): void {
    this.#isWanted = true;
    this.#pass();
  }

  override _writev(
    chunks: readonly { readonly chunk: Buffer }[],
    done: (error?: Error | null) => void,
  ): void {
    this.socket.cork();
    for (const [index, { chunk }] of chunks.entries())
      this.socket.write(chunk, index === chunks.length - 1 ? done : undefined);
    this.socket.uncork();
  }

  override _write(chunk: Buffer, _encoding: string, done: (error?: Error | null) => void): void {
    this.socket.write(chunk, done);
  }

  override _final(done: () => void): void {
    this.socket.end(done);
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#waitNoLonger();
    this.socket.destroy();
    done(error);
  }

  #pass(): void {
    if (!this.#isWanted || this.#isWaiting) return;
    const { isSecured } = this.counted;
    const free = isSecured() ? Infinity : FREE_BYTES - this.#passed;
    const { readableLength } = this.socket;
    if (readableLength <= free) this.#give(this.socket.read() as Buffer | null);
    else if (free > 0) this.#give(this.socket.read(free) as Buffer);
    else this.#wait();
  }

  /** TLS may have said already that the handshake is done, or be about to: that shows when what it was given is read. */
  #wait(): void {
    this.#isWaiting = true;
    setImmediate(() => {
      const { isSecured, source, turns } = this.counted;
      if (isSecured()) this.#goOn();
      else if (!this.destroyed) this.#waitNoLonger = turns.run(source, () => this.#goOn());
    });
  }

  #goOn(): void {
    this.#isWaiting = false;
    this.#give(this.socket.read() as Buffer | null);
  }

  #give(bytes: Buffer | null): void {
    if (bytes === null) return;
    this.#passed += bytes.byteLength;
    this.#isWanted = false;
    this.push(bytes);
    if (!this.counted.isSecured()) this.#rests.rest();
  }
}
