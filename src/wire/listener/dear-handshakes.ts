/**
 * Which handshakes are counted (counted-socket.ts): it costs each read and write of the connection a little, for as long as
 * that lives. So while nobody shows long chains of certificates only those are that begin while some others go on.
 */

import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { CountedSocket, FREE_BYTES } from './counted-socket';
import { DearTurns } from './dear-turns';

/** OpenSSL checks a long chain within a second, and Node reads all that came before it looks at anything else. */
const UNCOUNTED_HANDSHAKES = 4;
/** After a handshake whose client said a lot, and that came to nothing. */
const WARY_MS = 10 * 60_000;

export class DearHandshakes {
  readonly #turns = new DearTurns();
  readonly #uncounted = new Set<Socket>();
  /** By performance.now(). */
  #waryUntil = -Infinity;

  /**
   * A handshake begins. @returns what TLS is to read.
   * @param source the address that it comes from.
   * @param isSecured whether the handshake is done.
   */
  begin(socket: Socket, source: string, isSecured: () => boolean): Duplex {
    if (performance.now() < this.#waryUntil || this.#uncounted.size >= UNCOUNTED_HANDSHAKES)
      return new CountedSocket({ socket, source, turns: this.#turns, isSecured });
    this.#uncounted.add(socket);
    return socket;
  }

  succeeded(socket: Socket): void {
    this.#uncounted.delete(socket);
  }

  failed(socket: Socket): void {
    this.#uncounted.delete(socket);
    if (socket.bytesRead > FREE_BYTES) this.#waryUntil = performance.now() + WARY_MS;
  }
}
