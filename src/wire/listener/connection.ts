/** One connection of a door: who is on it, what is open on it, and when it must end. */

import { constants, type ServerHttp2Session } from 'node:http2';
import type { Socket } from 'node:net';
import { BrokenSession } from './broken-session';
import type { ListenerLimits } from './limits';

/**
 * A `call` has to arrive whole in time; a `stream` of messages may take long; a `watch` asks how the server is,
 * and ends with it.
 */
export type RequestKind = 'call' | 'stream' | 'watch';

/** A request that has begun and is not answered to its end. */
export interface OpenRequest {
  /** When its headers came, on `performance.now()`'s clock. */
  readonly since: number;
  readonly kind: RequestKind;
  /** Whether all of it has arrived. */
  isWhole(): boolean;
  /** Answers that it took too long, and drops what still comes. */
  tooSlow(): void;
  /** Since when its peer takes nothing of its answer, as far as looks at it tell; undefined: nothing is waiting. */
  untakenSince(now: number): number | undefined;
  /** Ends it, for its peer takes nothing. */
  drop(): void;
  /** Ends it without more words. */
  cut(): void;
}

const AGE_JITTER = 0.1;
/** With requests that never prove anything a connection lives so many times as long as an idle one. */
const UNPROVEN_BUSY = 4;

export class Connection {
  readonly openedAt = performance.now();
  readonly requests = new Set<OpenRequest>();
  /** Called when somebody has proved here who calls. */
  readonly untilProven = new Set<() => void>();
  #socket: Socket;
  #lastActive = this.openedAt;
  #isSecured = false;
  #peerNames: string | undefined;
  #peerSerial: string | undefined;
  #session: ServerHttp2Session | undefined;
  #brokenSession: BrokenSession | undefined;
  #proven = false;
  #endsAt = Infinity;
  readonly #ageJitter = 1 + AGE_JITTER * (2 * Math.random() - 1);

  /** @param address the peer's IP address; empty on a Unix socket. */
  constructor(
    readonly address: string,
    socket: Socket,
  ) {
    this.#socket = socket;
  }

  get socket(): Socket {
    return this.#socket;
  }

  get isProven(): boolean {
    return this.#proven;
  }

  /** Whether the TLS handshake is done, or there is none. */
  get isSecured(): boolean {
    return this.#isSecured;
  }

  /** Somebody has proved on this connection who calls: it is no longer the first to go. */
  prove(): void {
    this.#proven = true;
    for (const end of this.untilProven) end();
  }

  /** The subjectAltName of the certificate that the peer has proved, as node:tls gives it. */
  get peerNames(): string | undefined {
    return this.#peerNames;
  }

  /** Its serial number in hexadecimal. */
  get peerSerial(): string | undefined {
    return this.#peerSerial;
  }

  /** The TLS handshake is done, or there is none. */
  secured(socket: Socket, peer?: { readonly names: string | undefined; readonly serial: string }): void {
    this.#socket = socket;
    this.#peerNames = peer?.names;
    this.#peerSerial = peer?.serial;
    this.#isSecured = true;
  }

  speaksHttp2(session: ServerHttp2Session): void {
    this.#session = session;
    this.#brokenSession = new BrokenSession(session, this.socket);
  }

  begin(request: OpenRequest): void {
    this.requests.add(request);
  }

  end(request: OpenRequest): void {
    this.requests.delete(request);
    if (this.requests.size > 0) return;
    this.#lastActive = performance.now();
    if (this.#endsAt !== Infinity && this.#session === undefined) this.socket.destroy();
  }

  /** Ends what has taken too long by `now`. */
  enforce(limits: ListenerLimits, now: number): void {
    if (now >= this.#endsAt) return void this.socket.destroy();
    if (!this.#isSecured && now - this.openedAt > limits.handshakeMs) return void this.socket.destroy();
    const isIdle = this.requests.size === 0;
    if (isIdle) this.#brokenSession?.rest();
    else if (this.#brokenSession?.look(now) === true) return void this.socket.destroy();
    const unprovenMs = isIdle ? now - this.#lastActive : (now - this.openedAt) / UNPROVEN_BUSY;
    if (!this.#proven && unprovenMs > limits.unprovenMs) return void this.socket.destroy();
    for (const request of this.requests) {
      const overMs = now - request.since - limits.requestMs;
      if (request.kind === 'stream' || overMs <= 0 || request.isWhole()) {
        if (now - (request.untakenSince(now) ?? now) > limits.requestMs) request.drop();
        continue;
      }
      // It was told so, and is here still: HTTP/2 has stopped, and its client has hidden that by taking nothing.
      if (overMs > limits.handshakeMs) return void this.socket.destroy();
      request.tooSlow();
    }
    if (this.#endsAt !== Infinity) return;
    // Of HTTP/1.1 nobody tells when the next request begins, so a slow one counts as idle.
    const idleMs = this.#session === undefined ? limits.unprovenMs : limits.idleMs;
    if (isIdle && now - this.#lastActive > idleMs) this.drain(now + limits.ageGraceMs);
    else if (now - this.openedAt > limits.ageMs * this.#ageJitter) this.drain(now + limits.ageGraceMs);
  }

  /** The server stops: who watches it has been told, and does not keep it. */
  endWatches(): void {
    for (const request of this.requests) if (request.kind === 'watch') request.cut();
  }

  /** Takes no more requests (HTTP/2: GOAWAY), lets those under way finish until `endsAt`. */
  drain(endsAt: number): void {
    this.#endsAt = Math.min(this.#endsAt, endsAt);
    if (this.#session === undefined) {
      if (this.requests.size === 0) this.socket.destroy();
    } else if (!this.#session.closed && !this.#session.destroyed) {
      this.#session.goaway(constants.NGHTTP2_NO_ERROR);
      this.#session.close();
    }
  }
}
