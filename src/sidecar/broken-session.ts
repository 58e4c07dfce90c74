/**
 * Tells of a connection on which HTTP/2 has stopped for good: at most of what breaks the protocol, as messages before their
 * headers or a frame that is too long, it says goodbye to the other side, reads and writes nothing any more, and Node tells
 * nobody. What is under way would stand until its deadline, and so would whatever is asked after.
 *
 * From outside it looks like a connection on which nothing happens. So after something has come, this side says something
 * that asks nothing of the other, SETTINGS without a change; where it does not leave although nothing else is on its way,
 * HTTP/2 has stopped.
 */

import type { ClientHttp2Session } from 'node:http2';
import type { Socket } from 'node:net';
import { writesNow } from '../wire/listener/socket-reading';

const LOOK_MS = 100;
/** Node ends a connection with ten. */
const MOST_UNANSWERED = 5;

export class BrokenSession {
  #bytesRead = 0;
  #unanswered = 0;
  #isLooking = false;
  /** What had been written when SETTINGS were given. */
  #written: number | undefined;

  constructor(
    private readonly session: ClientHttp2Session,
    private readonly socket: Socket,
    /** Whether anybody waits for anything, also of a side that has said goodbye. */
    private readonly isUsed: () => boolean,
    private readonly broken: () => void,
  ) {}

  /** Somebody waits for something. */
  watch(): void {
    if (this.#isLooking) return;
    this.#isLooking = true;
    setTimeout(this.#look, LOOK_MS).unref();
  }

  readonly #look = (): void => {
    const { session, socket } = this;
    if (session.destroyed || !this.isUsed()) return this.#rest();
    if (!writesNow(socket)) {
      if (socket.bytesWritten === this.#written) return this.broken();
      this.#written = undefined;
      if (socket.bytesRead !== this.#bytesRead && this.#unanswered < MOST_UNANSWERED) this.#say();
    }
    // Not before HTTP/2 has had its turn to write, however late this one was.
    setImmediate(() => setTimeout(this.#look, LOOK_MS).unref());
  };

  #rest(): void {
    this.#isLooking = false;
    this.#written = undefined;
  }

  #say(): void {
    this.#bytesRead = this.socket.bytesRead;
    this.#written = this.socket.bytesWritten;
    this.#unanswered++;
    this.session.settings({}, () => this.#unanswered--);
  }
}
