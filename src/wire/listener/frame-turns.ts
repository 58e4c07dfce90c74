/**
 * A frame costs the same whatever it holds, and one read of a socket may bring thousands that hold a byte. Bodies that come
 * so are taken, but their connection is then read again only after a rest, and one such connection after the other: what
 * one of them brings at once is the most that anybody else waits for.
 */

import type { ServerHttp2Stream } from 'node:http2';
import type { Socket } from 'node:net';
import type { Connection } from './connection';

/** What one turn may bring of a connection: whole bodies of all the requests that it may have open, and some. */
export const FRAMES_A_TURN = 1_000;
/** About as long as a read of frames of a byte takes, twice. */
export const REST_MS = 20;

export class FrameTurns {
  /** How many frames each connection has brought in this turn of the event loop. */
  readonly #brought = new Map<Connection, number>();
  /** Those that rest, in the order in which they are read again. */
  readonly #resting = new Set<Connection>();

  /** Counts the frames of a request's body: Node pushes each by itself. */
  count(stream: Pick<ServerHttp2Stream, 'push'>, connection: Connection): void {
    const push = stream.push.bind(stream);
    stream.push = (...pushed) => {
      this.#bring(connection);
      return push(...pushed);
    };
  }

  #bring(connection: Connection): void {
    if (this.#brought.size === 0) setImmediate(() => this.#brought.clear());
    const count = (this.#brought.get(connection) ?? 0) + 1;
    this.#brought.set(connection, count);
    if (count === FRAMES_A_TURN) this.#rest(connection);
  }

  #rest(connection: Connection): void {
    handleOf(connection.socket)?.readStop();
    if (this.#resting.size === 0) setTimeout(this.#readNext, REST_MS);
    this.#resting.add(connection);
  }

  readonly #readNext = (): void => {
    const [connection] = this.#resting;
    if (connection === undefined) return;
    this.#resting.delete(connection);
    if (this.#resting.size > 0) setTimeout(this.#readNext, REST_MS);
    handleOf(connection.socket)?.readStart();
  };
}

/** A socket that an HTTP/2 session reads has no public way to be paused; Node's own session pauses it by this. */
function handleOf(socket: Socket) {
  const { _handle } = socket as { readonly _handle?: { readStop(): void; readStart(): void } | null };
  return _handle ?? undefined;
}
