/**
 * Tells of a connection on which HTTP/2 has stopped for good: at most of what breaks the protocol, as messages before their
 * headers or a frame that is too long, it says goodbye to the other side, reads and writes nothing any more, and Node tells
 * nobody. What is under way would stand for ever, with all that has come of it, also when the other side has long been gone.
 *
 * From outside it looks like a connection on which nothing happens. So after something has come, this side says something
 * that asks nothing of the other, SETTINGS without a change; where it does not leave although nothing else is on its way,
 * HTTP/2 has stopped.
 */

import type { Http2Session } from 'node:http2';
import type { Socket } from 'node:net';
import { writesNow } from './socket-reading';

/** Node ends a connection with ten. */
const MOST_UNANSWERED = 5;

export class BrokenSession {
  #bytesRead = 0;
  #unanswered = 0;
  /** What had been written when SETTINGS were given, once HTTP/2 has had its turn to write. */
  #written: number | undefined;

  constructor(
    private readonly session: Http2Session,
    private readonly socket: Socket,
  ) {}

  /** To be called again and again while anybody waits for anything. @returns whether HTTP/2 has stopped. */
  look(): boolean {
    const { session, socket } = this;
    if (session.destroyed || writesNow(socket)) return false;
    if (socket.bytesWritten === this.#written) return true;
    this.#written = undefined;
    if (socket.bytesRead !== this.#bytesRead && this.#unanswered < MOST_UNANSWERED) this.#say();
    return false;
  }

  /** Nobody waits for anything: then SETTINGS need not leave either. */
  rest(): void {
    this.#written = undefined;
  }

  #say(): void {
    const { bytesRead, bytesWritten } = this.socket;
    this.#bytesRead = bytesRead;
    this.#unanswered++;
    this.session.settings({}, () => this.#unanswered--);
    setImmediate(() => (this.#written = bytesWritten));
  }
}
