/**
 * Frames that belong to no request, as WINDOW_UPDATE, PRIORITY or one of a type that nobody knows: HTTP/2 reads all of them
 * before this program is asked, up to 2 MiB in one turn of the event loop, and everybody waits so long. While somebody else
 * calls, a connection that brings more of them than any request needs is read less and less often.
 */

import type { Connection } from './connection';
import { readOn, stopReading } from './socket-reading';

/** How often it is looked for, while requests come: longer where there are many connections to look at. */
export const LOOK_MS = 20;
const CONNECTIONS_A_MS = 50;
/** What may come between two looks without a request: answers to what this side sends, and windows of large answers. */
export const BARREN_BYTES = 64 * 1024;
/** With a request may come so much more: its headers. */
export const REQUEST_BYTES = 16 * 1024;
/** The first rest; it doubles as long as the connection goes on. */
export const FIRST_REST_MS = 20;
export const LONGEST_REST_MS = 1_280;

interface Account {
  /** Of the socket, at the last look. */
  bytesRead: number;
  /** What requests needed since then. */
  needed: number;
  restMs: number;
  isResting: boolean;
}

export class BarrenBytes {
  readonly #accounts = new Map<Connection, Account>();
  #isLooking = false;

  /** A connection that speaks HTTP/2 from now on. */
  add(connection: Connection): void {
    const { socket } = connection;
    const { bytesRead } = socket;
    this.#accounts.set(connection, { bytesRead, needed: 0, restMs: FIRST_REST_MS, isResting: false });
    socket.once('close', () => this.#accounts.delete(connection));
  }

  /** A request has begun on it. */
  begun(connection: Connection): void {
    this.needed(connection, REQUEST_BYTES);
    if (this.#isLooking) return;
    this.#isLooking = true;
    setTimeout(this.#look, Math.max(LOOK_MS, this.#accounts.size / CONNECTIONS_A_MS)).unref();
  }

  /** So many bytes of a connection were a request's. */
  needed(connection: Connection, bytes: number): void {
    const account = this.#accounts.get(connection);
    if (account !== undefined) account.needed += bytes;
  }

  readonly #look = (): void => {
    this.#isLooking = false;
    for (const [connection, account] of this.#accounts) {
      if (account.isResting) continue;
      const { bytesRead } = connection.socket;
      const barren = bytesRead - account.bytesRead - account.needed;
      account.bytesRead = bytesRead;
      account.needed = 0;
      if (barren > BARREN_BYTES) this.#rest(connection, account);
      else account.restMs = FIRST_REST_MS;
    }
  };

  #rest(connection: Connection, account: Account): void {
    stopReading(connection.socket);
    account.isResting = true;
    setTimeout(() => {
      account.isResting = false;
      readOn(connection.socket);
    }, account.restMs).unref();
    account.restMs = Math.min(2 * account.restMs, LONGEST_REST_MS);
  }
}
