/**
 * A frame costs the same whatever it holds, and one read of a socket may bring thousands that hold a byte. Bodies that come
 * so are taken, but their connection is then read again only after a rest, and one such connection after the other: what
 * one of them brings at once is the most that anybody else waits for.
 */

import type { Readable } from 'node:stream';
import type { Connection } from './connection';
import { readOn, stopReading } from './socket-reading';

/** What one turn may bring of a connection: whole bodies of all the requests that it may have open, and some. */
export const FRAMES_A_TURN = 1_000;
/** RFC 9113 §4.1. */
const FRAME_HEAD_BYTES = 9;
/** About as long as a read of frames of a byte takes, twice. */
export const REST_MS = 20;

export class FrameTurns {
  /** How many frames each connection has brought in this turn of the event loop. */
  readonly #brought = new Map<Connection, number>();
  /** Those that rest, in the order in which they are read again. */
  readonly #resting = new Set<Connection>();

  /** Counts the frames of a request's body, whose bytes are told: Node pushes each by itself. */
  count(stream: Pick<Readable, 'push'>, connection: Connection, brought: (bytes: number) => void): void {
    const push = stream.push.bind(stream);
    stream.push = (chunk: Buffer | null, ...rest) => {
      this.#bring(connection);
      brought(FRAME_HEAD_BYTES + (chunk?.byteLength ?? 0));
      return push(chunk, ...rest);
    };
  }

  #bring(connection: Connection): void {
    if (this.#brought.size === 0) setImmediate(() => this.#brought.clear());
    const count = (this.#brought.get(connection) ?? 0) + 1;
    this.#brought.set(connection, count);
    if (count === FRAMES_A_TURN) this.#rest(connection);
  }

  #rest(connection: Connection): void {
    stopReading(connection.socket, this);
    if (this.#resting.size === 0) setTimeout(this.#readNext, REST_MS);
    this.#resting.add(connection);
  }

  readonly #readNext = (): void => {
    const [connection] = this.#resting;
    if (connection === undefined) return;
    this.#resting.delete(connection);
    if (this.#resting.size > 0) setTimeout(this.#readNext, REST_MS);
    readOn(connection.socket, this);
  };
}
