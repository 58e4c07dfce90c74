/** HTTP/2 by hand (RFC 9113): frames that no library would send. */

import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { Target } from './target';

export const FRAME = {
  DATA: 0,
  HEADERS: 1,
  RST_STREAM: 3,
  SETTINGS: 4,
  PING: 6,
  WINDOW_UPDATE: 8,
  CONTINUATION: 9,
} as const;
export const FLAG = { END_STREAM: 1, ACK: 1, END_HEADERS: 4 } as const;

const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');

export function frame(
  type: number,
  flags: number,
  stream: number,
  payload: Buffer = Buffer.alloc(0),
): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.byteLength, 0, 3);
  head.writeUInt8(type, 3);
  head.writeUInt8(flags, 4);
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

/** HPACK (RFC 7541 §6.2.2): literals without indexing, no Huffman code. */
export function fields(list: readonly (readonly [string, string])[]): Buffer {
  return Buffer.concat(list.flatMap(([name, value]) => [Buffer.from([0]), text(name), text(value)]));
}

/** HPACK (RFC 7541 §5.2). */
export function text(value: string): Buffer {
  const bytes = Buffer.from(value, 'latin1');
  return Buffer.concat([integer(bytes.byteLength, 7, 0), bytes]);
}

/** HPACK (RFC 7541 §5.1). */
export function integer(value: number, bits: number, first: number): Buffer {
  const most = (1 << bits) - 1;
  if (value < most) return Buffer.from([first | value]);
  const bytes = [first | most];
  let rest = value - most;
  for (; rest >= 128; rest >>>= 7) bytes.push((rest & 127) | 128);
  return Buffer.from([...bytes, rest]);
}

/** The headers of a unary call of the target's, with whatever proves the caller. */
export function requestFields(target: Target, extra: readonly (readonly [string, string])[] = []): Buffer {
  const all = { ...target.headers };
  return fields([
    [':method', 'POST'],
    [':scheme', 'https'],
    [':path', target.path],
    [':authority', 'localhost'],
    ...Object.entries(all),
    ...extra,
  ]);
}

/** One connection of an attacker: never throws, whatever the server does to it. */
export class RawHttp2 {
  #isOpen = true;
  received = 0;
  readonly closed: Promise<void>;
  /** Whether the server speaks HTTP/2 with it: says something, and does not only close. */
  readonly greeted: Promise<boolean>;

  private constructor(readonly socket: Socket) {
    socket.on('error', () => undefined);
    socket.on('data', (bytes: Buffer) => (this.received += bytes.byteLength));
    this.greeted = new Promise((resolve) => {
      socket.once('data', () => resolve(true));
      socket.once('close', () => resolve(false));
      if (socket.destroyed) resolve(false);
    });
    this.closed = new Promise((resolve) =>
      socket.once('close', () => {
        this.#isOpen = false;
        resolve();
      }),
    );
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** @returns once the HTTP/2 preface is sent, or the connection is closed already. */
  static async open(target: Target): Promise<RawHttp2> {
    const raw = new RawHttp2(await connectTo(target));
    raw.send(PREFACE);
    raw.send(frame(FRAME.SETTINGS, 0, 0));
    return raw;
  }

  /** One on which nothing is said of HTTP/2, for what a flood of HTTP/1.1 needs. */
  static async openHttp1(target: Target): Promise<RawHttp2> {
    return new RawHttp2(await connectTo(target, ['http/1.1']));
  }

  send(bytes: Buffer): void {
    if (this.#isOpen && this.socket.writable) this.socket.write(bytes);
  }

  /** Sends until the server closes, or `count` times; yields to the event loop, and waits where the server does not read. */
  async flood(count: number, bytes: (index: number) => Buffer, perTurn = 100): Promise<void> {
    for (let index = 0; index < count && this.#isOpen && this.socket.writable; index += perTurn) {
      const chunk = Array.from({ length: Math.min(perTurn, count - index) }, (_, one) => bytes(index + one));
      const isTaken = this.socket.write(Buffer.concat(chunk));
      if (!isTaken)
        await Promise.race([
          new Promise((resolve) => this.socket.once('drain', resolve)),
          this.closed,
          new Promise((resolve) => setTimeout(resolve, 500)),
        ]);
      else await new Promise((resolve) => setImmediate(resolve));
    }
  }

  /** Resolves once the server has read what was sent so far, or has closed: a ping is answered in its turn. */
  async allRead(): Promise<void> {
    const ping = Buffer.from('all read');
    let last = Buffer.alloc(0);
    const answered = new Promise<void>((resolve) =>
      this.socket.on('data', (bytes: Buffer) => {
        last = Buffer.concat([last.subarray(1 - ping.byteLength), bytes]);
        if (last.includes(ping)) resolve();
      }),
    );
    this.send(frame(FRAME.PING, 0, 0, ping));
    await Promise.race([answered, this.closed]);
  }

  destroy(): void {
    this.socket.destroy();
  }
}

/** A connection of the target's transport, with what proves the caller where the transport does. */
export function connectTo(target: Target, alpn: readonly string[] = ['h2']): Promise<Socket> {
  const { at, tls, serverName: servername } = target;
  const socket =
    tls === undefined ? connectTcp(at) : connectTls({ ...at, ...tls, ALPNProtocols: [...alpn], servername });
  return new Promise((resolve) => {
    socket.once(tls === undefined ? 'connect' : 'secureConnect', () => resolve(socket));
    socket.once('error', () => resolve(socket));
    socket.once('close', () => resolve(socket));
  });
}
