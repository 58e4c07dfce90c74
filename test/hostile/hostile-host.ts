/** A node host whose frames somebody adds to: everything passes between it and the sidecar as it is, and frames come on top. */

import { connect, createServer, type Server, type Socket } from 'node:net';
import { FRAME } from './raw-http2';

/** RFC 9113 §4.1: length, type, flags, stream. */
const FRAME_HEAD_BYTES = 9;
export const PREFACE_BYTES = 24;

/** Whole frames of one direction, told as they come. */
export class Frames {
  #rest = Buffer.alloc(0);

  constructor(private readonly tell: (frame: Buffer) => void) {}

  add(bytes: Buffer): void {
    let rest = Buffer.concat([this.#rest, bytes]);
    for (;;) {
      const length = rest.byteLength < FRAME_HEAD_BYTES ? Infinity : FRAME_HEAD_BYTES + rest.readUIntBE(0, 3);
      if (rest.byteLength < length) break;
      this.tell(rest.subarray(0, length));
      rest = rest.subarray(length);
    }
    this.#rest = rest;
  }
}

export class HostileHost {
  readonly #server: Server;
  #sidecar: Socket | undefined;
  #latestCall = 0;

  private constructor(real: string) {
    this.#server = createServer((sidecar) => this.#pass(sidecar, connect(real)));
  }

  /** @param real the socket of the host behind it. */
  static async listen(socket: string, real: string): Promise<HostileHost> {
    const host = new HostileHost(real);
    await new Promise<void>((resolve) => host.#server.listen(socket, resolve));
    return host;
  }

  /** The stream of the call that the sidecar made last. */
  get latestCall(): number {
    return this.#latestCall;
  }

  /** Adds so many frames for the sidecar, as fast as it takes them, until it closes the connection. */
  async add(frames: number, one: (index: number) => Buffer, perTurn = 100): Promise<void> {
    const sidecar = this.#sidecar;
    if (sidecar === undefined) throw new Error('the sidecar is not connected');
    for (let index = 0; index < frames && sidecar.writable; index += perTurn) {
      const some = Array.from({ length: Math.min(perTurn, frames - index) }, (_, of) => one(index + of));
      const isTaken = sidecar.write(Buffer.concat(some));
      if (isTaken || sidecar.destroyed) await new Promise((resolve) => setImmediate(resolve));
      else
        await new Promise<void>((resolve) => {
          const goOn = (): void => {
            sidecar.off('drain', goOn).off('close', goOn);
            resolve();
          };
          sidecar.on('drain', goOn).on('close', goOn);
        });
    }
  }

  /** As if the host had ended; whoever connects next finds one that does nothing wrong. */
  drop(): void {
    this.#sidecar?.destroy();
  }

  close(): void {
    this.#server.close();
    this.drop();
  }

  #pass(sidecar: Socket, real: Socket): void {
    this.#sidecar = sidecar;
    const toSidecar = new Frames((frame) => sidecar.write(frame));
    let skipped = 0;
    const fromSidecar = new Frames((frame) => {
      if (frame.readUInt8(3) === FRAME.HEADERS) this.#latestCall = frame.readUInt32BE(5);
    });
    real.on('data', (bytes: Buffer) => toSidecar.add(bytes));
    sidecar.on('data', (bytes: Buffer) => {
      real.write(bytes);
      const ofPreface = Math.min(PREFACE_BYTES - skipped, bytes.byteLength);
      skipped += ofPreface;
      fromSidecar.add(bytes.subarray(ofPreface));
    });
    for (const [one, other] of [
      [sidecar, real],
      [real, sidecar],
    ] as const)
      one.on('error', () => undefined).on('close', () => other.destroy());
  }
}
