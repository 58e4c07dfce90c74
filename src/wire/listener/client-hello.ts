/**
 * What a client says first of TLS. Its handshake is begun when all of that is here: until then there is nothing to keep of
 * it, and it can wait for its turn.
 */

import type { Socket } from 'node:net';
import { GrowingRests } from './growing-rests';

const RECORD_HEAD_BYTES = 5;
const MESSAGE_HEAD_BYTES = 4;
/** RFC 8446 §5.1. */
const HANDSHAKE = 22;
/** A longer one is TLS's to judge. */
const MOST_BYTES = 16 * 1024;

/** Resolves when the first message, or what no TLS client says, can be read from the socket; never where it is closed before. */
export function clientHello(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    const said: Buffer[] = [];
    const message = new FirstMessage();
    const rests = new GrowingRests(socket);
    const look = (): void => {
      const bytes = socket.read() as Buffer | null;
      if (bytes === null) return;
      said.push(bytes);
      if (!message.add(bytes)) return rests.rest();
      socket.off('readable', look);
      socket.unshift(said.length === 1 ? bytes : Buffer.concat(said));
      resolve();
    };
    socket.on('readable', look);
  });
}

/**
 * How much of the message has come: its length is in its head (RFC 8446 §4), and it may come in several records (§5.1).
 * It may come byte by byte too, so each is looked at once.
 */
class FirstMessage {
  #came = 0;
  /** Of the record that is coming. */
  readonly #recordHead: number[] = [];
  #recordLeft = 0;
  /** Of the message, in all records. */
  readonly #head: number[] = [];
  #length = 0;

  /** @returns whether it is there, or none is coming. */
  add(bytes: Buffer): boolean {
    this.#came += bytes.byteLength;
    if (this.#came >= MOST_BYTES) return true;
    for (let at = 0; at < bytes.byteLength;) {
      if (this.#recordHead.length < RECORD_HEAD_BYTES) at += this.#addHead(bytes.readUInt8(at));
      else at += this.#addFragment(bytes.subarray(at, at + this.#recordLeft));
      if (this.#recordHead[0] !== HANDSHAKE) return true;
      if (this.#recordHead.length < RECORD_HEAD_BYTES || this.#recordLeft > 0) continue;
      this.#recordHead.length = 0;
      if (this.#isWhole()) return true;
    }
    return false;
  }

  #addHead(byte: number): number {
    this.#recordHead.push(byte);
    const [, , , high = 0, low = 0] = this.#recordHead;
    this.#recordLeft = high * 256 + low;
    return 1;
  }

  #addFragment(bytes: Buffer): number {
    this.#head.push(...bytes.subarray(0, MESSAGE_HEAD_BYTES - this.#head.length));
    this.#length += bytes.byteLength;
    this.#recordLeft -= bytes.byteLength;
    return bytes.byteLength;
  }

  #isWhole(): boolean {
    const [, high = 0, middle = 0, low = 0] = this.#head;
    return (
      this.#head.length === MESSAGE_HEAD_BYTES &&
      this.#length >= MESSAGE_HEAD_BYTES + high * 65_536 + middle * 256 + low
    );
  }
}
