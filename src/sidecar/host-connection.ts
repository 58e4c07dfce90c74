/**
 * The HTTP/2 connection to the node host, made once: it never comes back by itself, because by then another process may
 * be behind the socket.
 *
 * Nothing is pinged on it. The kernel tells when a process on this machine is gone, and a node host takes pings during a
 * long and quiet invocation for an attack: gRPC's servers for Java close the connection after 30 s of them, those for Go
 * and Python after 40 s, and each call on it fails.
 */

import { connect, constants, type ClientHttp2Session } from 'node:http2';
import { createConnection, type Socket } from 'node:net';
import { DomainError } from '../domain/errors';
import { BrokenSession } from '../wire/listener/broken-session';
import { CancelPace } from './cancel-pace';
import { HostStream, isBrokenProtocol, LET_CLOSE_MS, type HostListener } from './host-stream';

/** How often is looked whether HTTP/2 goes on, while calls are under way. */
const LOOK_MS = 100;

export class HostConnection {
  /** Resolves when it takes no more calls. */
  readonly whenGone: Promise<void>;
  readonly #pace = new CancelPace();
  readonly #brokenSession: BrokenSession;
  #isLooking = false;
  #calls = 0;
  #isRetired = false;
  #isBroken = false;

  private constructor(
    private readonly session: ClientHttp2Session,
    private readonly socket: Socket,
  ) {
    this.whenGone = new Promise((resolve) => {
      // Calls under way when the host says goodbye are let end.
      session.once('goaway', () => resolve()).once('close', () => resolve());
    });
    session.on('error', (error) => (this.#isBroken ||= isBrokenProtocol(error)));
    this.#brokenSession = new BrokenSession(session, socket);
  }

  /** @param timeoutMs how long may be waited. @throws Error where nobody answers. */
  static async open(path: string, timeoutMs: number): Promise<HostConnection> {
    const socket = createConnection(path);
    const session = connect('http://localhost', {
      createConnection: () => socket,
      settings: { enablePush: false },
      // Inputs are bounded by the engines' budgets; Node would refuse streams beyond 10 MB of them.
      maxSessionMemory: Number.MAX_SAFE_INTEGER,
    });
    const connection = new HostConnection(session, socket);
    const timer = setTimeout(() => session.destroy(), timeoutMs);
    const isThere = await Promise.race([
      new Promise<boolean>((resolve) => session.once('connect', () => resolve(true))),
      connection.whenGone.then(() => false),
    ]);
    clearTimeout(timer);
    if (!isThere) throw new Error('nobody answers on the socket');
    return connection;
  }

  /** Whether it is gone because the host does not keep to HTTP/2. */
  get isBroken(): boolean {
    return this.#isBroken;
  }

  /** @param deadline in milliseconds since the epoch. @throws DomainError UNAVAILABLE where the host went away a moment ago. */
  call(path: string, deadline: number, listener: HostListener): HostStream {
    // Later versions of Node than 20 make a stream all the same, which ends without a reason.
    if (this.session.closed) throw hostIsGone();
    try {
      const stream = new HostStream(this.session, this.#pace, path, deadline, listener, this.#callClosed);
      this.#calls++;
      this.#watch();
      return stream;
    } catch {
      throw hostIsGone();
    }
  }

  /** Takes no more calls; those under way go on. */
  retire(): void {
    this.#isRetired = true;
    this.session.close();
    this.#endUnlessUsed();
  }

  /** Also where the host has said goodbye: its calls go on. */
  #watch(): void {
    if (this.#isLooking) return;
    this.#isLooking = true;
    setTimeout(this.#look, LOOK_MS).unref();
  }

  readonly #look = (): void => {
    this.#isLooking = false;
    if (this.session.destroyed || this.#calls === 0) return this.#brokenSession.rest();
    if (!this.#brokenSession.look(performance.now())) return this.#watch();
    this.#isBroken = true;
    this.session.destroy(new Error('the host does not keep to HTTP/2'), constants.NGHTTP2_PROTOCOL_ERROR);
  };

  readonly #callClosed = (): void => {
    this.#calls--;
    this.#endUnlessUsed();
  };

  /** Node only ends its own direction, and waits for a host that need not do the same. */
  #endUnlessUsed(): void {
    if (this.#isRetired && this.#calls === 0) setTimeout(() => this.socket.destroy(), LET_CLOSE_MS).unref();
  }

  /** Ends it, with every call on it. */
  close(): void {
    this.session.destroy();
  }
}

export function hostIsGone(): DomainError {
  return new DomainError(
    'UNAVAILABLE',
    'the node host stopped or cannot be reached; its log has the reason, so try again once it is back',
    'NODE_HOST_UNAVAILABLE',
  );
}
