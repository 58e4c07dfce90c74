/**
 * Bytes that belong to no request, as frames of WINDOW_UPDATE, PRIORITY or a type that nobody knows, or empty lines of
 * HTTP/1.1: Node reads all of them before this program is asked, up to 2 MiB in one turn of the event loop, and everybody
 * waits so long. While somebody else calls, a connection that brings more of them than any request needs is read only as fast
 * as time makes up for it.
 */

import type { Connection } from './connection';
import { readOn, stopReading } from './socket-reading';

/** How often it is looked for, while requests come: longer where there are many connections to look at. */
export const LOOK_MS = 5;
const CONNECTIONS_A_MS = 50;
/** What may come at once without a request, as the rest of a body that was refused. */
export const BARREN_BYTES = 64 * 1024;
/** And so much more each second, as answers to what this side sends. */
export const BARREN_BYTES_A_SECOND = 256 * 1024;
/** With a request may come so much more: its headers. */
export const REQUEST_BYTES = 16 * 1024;
/** With so much of answers may come a byte more: windows' updates are 26 for a frame. */
export const ANSWERED_BYTES = 16;
export const SHORTEST_REST_MS = 20;
export const LONGEST_REST_MS = 1_280;

interface Account {
  /** Of the socket, at the last look. */
  bytesRead: number;
  bytesWritten: number;
  /** On `performance.now()`'s clock. */
  lookedAt: number;
  /** What requests needed since then. */
  needed: number;
  /** What was not needed, and time has not made up for. */
  barren: number;
  isResting: boolean;
}

export class BarrenBytes {
  readonly #accounts = new Map<Connection, Account>();
  #isLooking = false;

  /** A connection that speaks HTTP from now on. */
  add(connection: Connection): void {
    const { bytesRead, bytesWritten } = connection.socket;
    const lookedAt = performance.now();
    this.#accounts.set(connection, {
      ...{ bytesRead, bytesWritten, lookedAt, needed: 0, barren: 0, isResting: false },
    });
    connection.socket.once('close', () => this.#accounts.delete(connection));
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
    const now = performance.now();
    for (const [connection, account] of this.#accounts) {
      if (account.isResting) continue;
      settle(account, connection.socket, now);
      if (account.barren > BARREN_BYTES) this.#rest(connection, account);
    }
  };

  /** Until what came is as little as what may come at once. */
  #rest({ socket }: Connection, account: Account): void {
    stopReading(socket, this);
    account.isResting = true;
    const restMs = (1_000 * (account.barren - BARREN_BYTES)) / BARREN_BYTES_A_SECOND;
    setTimeout(
      () => {
        account.isResting = false;
        readOn(socket, this);
      },
      Math.min(LONGEST_REST_MS, Math.max(SHORTEST_REST_MS, restMs)),
    ).unref();
  }
}

function settle(account: Account, { bytesRead, bytesWritten }: Connection['socket'], now: number): void {
  const came = bytesRead - account.bytesRead - account.needed;
  const forAnswers = (bytesWritten - account.bytesWritten) / ANSWERED_BYTES;
  const byTime = ((now - account.lookedAt) * BARREN_BYTES_A_SECOND) / 1_000;
  account.barren = Math.max(0, account.barren + came - forAnswers - byTime);
  Object.assign(account, { bytesRead, bytesWritten, lookedAt: now, needed: 0 });
}
