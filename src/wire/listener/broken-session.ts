/**
 * Tells of a connection on which HTTP/2 has stopped for good: at most of what breaks the protocol, as messages before their
 * headers or a frame that is too long, it says goodbye to the other side, reads and writes nothing any more, and Node tells
 * nobody. What is under way would stand for ever, with all that has come of it, also when the other side has long been gone.
 *
 * From outside it looks like a connection on which nothing happens. So after something has come, this side says SETTINGS
 * without a change; where they do not leave although nothing else is on its way, HTTP/2 has stopped. Who answers none of them
 * while it says other things is not asked for ever: it has broken the protocol as well (RFC 9113 §6.5.3).
 */

import type { Http2Session } from 'node:http2';
import type { Socket } from 'node:net';
import { writesNow } from './socket-reading';

/** Node ends a connection with ten. */
export const MOST_UNANSWERED = 5;
/** What is sent before an answer, on the slowest of lines, takes less. */
export const ANSWER_MS = 10_000;

export class BrokenSession {
  #bytesRead = 0;
  /** When each was said, on `performance.now()`'s clock. They are answered in their order. */
  readonly #unanswered: number[] = [];
  /** What had been written when SETTINGS were given, once HTTP/2 has had its turn to write. */
  #written: number | undefined;

  constructor(
    private readonly session: Http2Session,
    private readonly socket: Socket,
  ) {}

  /** To be called again and again while anybody waits for anything. @returns whether the connection is of no more use. */
  look(now: number): boolean {
    const { session, socket } = this;
    if (session.destroyed || writesNow(socket)) return false;
    if (socket.bytesWritten === this.#written) return true;
    this.#written = undefined;
    if (socket.bytesRead === this.#bytesRead) return false;
    const [first = now] = this.#unanswered;
    if (this.#unanswered.length >= MOST_UNANSWERED) return now - first > ANSWER_MS;
    this.#say(now);
    return false;
  }

  /** Nobody waits for anything: then SETTINGS need not leave either. */
  rest(): void {
    this.#written = undefined;
  }

  #say(now: number): void {
    const { bytesRead, bytesWritten } = this.socket;
    this.#bytesRead = bytesRead;
    this.#unanswered.push(now);
    this.session.settings({}, () => this.#unanswered.shift());
    setImmediate(() => (this.#written = bytesWritten));
  }
}
