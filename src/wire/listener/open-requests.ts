/** Hands connections to the HTTP servers behind a listener, and keeps account of the requests on them. */

import type { EventEmitter } from 'node:events';
import type { IncomingMessage, Server as Http1Server, ServerResponse } from 'node:http';
import {
  constants,
  type Http2Server,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2';
import type { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { BarrenBytes } from './barren-bytes';
import type { Connection, OpenRequest, RequestKind } from './connection';
import { FrameTurns } from './frame-turns';
import type { ListenerLimits } from './limits';
import { sourceOf } from './source-address';
import { UntakenAnswer } from './untaken-answer';
import { provesNothing, UnprovenRequests } from './unproven-requests';
import { UnprovenTurns } from './unproven-turns';

/** What a door serves on the connections that its listener lets in. */
export interface DoorProtocols {
  readonly http2: Http2Server;
  /** For clients that choose HTTP/1.1; undefined: they are refused. */
  readonly http1?: Http1Server;
  readonly limits: Pick<ListenerLimits, 'streams' | 'connectionsPerAddress'>;
  /** By a request's path. */
  kindOf(path: string): RequestKind;
  /** Answers an HTTP/2 request that did not arrive in time, and closes its stream. */
  tooSlow(stream: ServerHttp2Stream): void;
}

/**
 * Requests that a connection may have open until one on it has proved who calls. Those beyond are refused by HTTP/2 itself,
 * before anything is made of them; clients keep to the number, or send what was refused again. Of HTTP/1.1 it is the most
 * in any case: its requests are answered one after the other, and hardly a client sends the next before that.
 */
const UNPROVEN_STREAMS = 16;
/** What anybody may ask is short: whether a server serves, and what it has. */
const MAX_WATCH_BYTES = 64 * 1024;

export class OpenRequests {
  readonly #bySession = new WeakMap<object, Connection>();
  readonly #bySocket = new WeakMap<object, Connection>();
  readonly #begun = new Map<Connection | string, number>();
  readonly #turns = new UnprovenTurns();
  readonly #frames = new FrameTurns();
  readonly #barren = new BarrenBytes();
  readonly #unproven: UnprovenRequests;
  #handing: Connection | undefined;

  constructor(private readonly protocols: DoorProtocols) {
    const { http1, http2, limits } = protocols;
    // One that is held open costs about as much as a connection.
    this.#unproven = new UnprovenRequests(limits.connectionsPerAddress);
    http2.updateSettings({ maxConcurrentStreams: Math.min(UNPROVEN_STREAMS, limits.streams) });
    http2.on('session', (session: ServerHttp2Session) => this.#onSession(session));
    http2.prependListener('stream', (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) =>
      this.#onStream(stream, headers),
    );
    http1?.prependListener('request', (request: IncomingMessage, response: ServerResponse) =>
      this.#onRequest(request, response),
    );
  }

  /** What TLS may agree on, the preferred one first. */
  get alpn(): readonly string[] {
    return this.protocols.http1 === undefined ? ['h2'] : ['h2', 'http/1.1'];
  }

  /** @param protocol that TLS has agreed on; false: none, as by clients that know HTTP/1.1 only (RFC 9113 §3.2). */
  hand(connection: Connection, socket: Socket, protocol: string | false | null): void {
    if (protocol !== 'h2' && this.protocols.http1 !== undefined) {
      this.#bySocket.set(socket, connection);
      this.#barren.add(connection);
      this.protocols.http1.emit('connection', socket);
    } else {
      // The server makes the session before emit returns.
      this.#handing = connection;
      this.protocols.http2.emit('connection', socket);
      this.#handing = undefined;
    }
  }

  /** @param carrier an HTTP/2 session or an HTTP/1.1 socket. */
  connectionOf(carrier: object | undefined): Connection | undefined {
    return carrier && (this.#bySession.get(carrier) ?? this.#bySocket.get(carrier));
  }

  #onSession(session: ServerHttp2Session): void {
    const connection = this.#handing;
    if (connection === undefined) return;
    this.#bySession.set(session, connection);
    connection.speaksHttp2(session);
    this.#widenOnceProven(connection, session);
    // Of a Unix socket its file's mode says who may connect.
    if (connection.address !== '') this.#barren.add(connection);
  }

  #widenOnceProven(connection: Connection, session: ServerHttp2Session): void {
    const widen = (): void => {
      connection.untilProven.delete(widen);
      if (!session.destroyed) session.settings({ maxConcurrentStreams: this.protocols.limits.streams });
    };
    if (connection.isProven) widen();
    else connection.untilProven.add(widen);
  }

  #onStream(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): void {
    // A stream that fails is closed; whoever works on it is told by that.
    stream.on('error', ignore);
    const connection = stream.session && this.#bySession.get(stream.session);
    if (connection === undefined) return;
    const kind = this.protocols.kindOf(headers[':path'] ?? '');
    const request = new Http2Request(stream, kind, this.protocols);
    connection.begin(request);
    if (connection.address !== '') this.#countBody(stream, connection);
    const over = this.#unproven.begin(connection, kind);
    stream.on('close', () => {
      connection.end(request);
      over?.();
    });
    if (this.#hasBegunTooMany(connection))
      stream.session?.destroy(undefined, constants.NGHTTP2_ENHANCE_YOUR_CALM);
    // Nothing was done with it: the client may send it again (RFC 9113 §8.7).
    else if (over === undefined) stream.close(constants.NGHTTP2_REFUSED_STREAM);
  }

  #countBody(request: Pick<Readable, 'push'>, connection: Connection): void {
    this.#barren.begun(connection);
    this.#frames.count(request, connection, (bytes) => this.#barren.needed(connection, bytes));
  }

  /**
   * Resolves when a call may be taken up; undefined for at once, where its connection has proved who calls.
   * @param carrier tells by `close` that nobody waits for the call any more.
   */
  turnOf(
    connection: Connection,
    carrier: Pick<EventEmitter, 'once'>,
    kind: RequestKind = 'call',
  ): Promise<void> | undefined {
    return provesNothing(connection, kind)
      ? this.#turns.next(sourceOf(connection.address), carrier)
      : undefined;
  }

  /** Has what anybody may ask answered when it is its turn. */
  watch(stream: ServerHttp2Stream, answer: () => void): void {
    const connection = this.connectionOf(stream.session);
    const turn = connection && this.turnOf(connection, stream, 'watch');
    const begin = (): void => {
      if (stream.destroyed) return;
      endWhenLong(stream);
      answer();
    };
    if (turn === undefined) begin();
    else void turn.then(begin);
  }

  #hasBegunTooMany(connection: Connection): boolean {
    const { streams } = this.protocols.limits;
    if (this.#begunInTurn(connection) > streams) return true;
    if (!provesNothing(connection, 'call')) return false;
    // All connections of an address together: a request that has begun costs something before anybody looks at it.
    return this.#begunInTurn(sourceOf(connection.address)) > streams;
  }

  /**
   * How many requests a connection, or an address, has begun in this turn of the event loop. Those of a connection are more
   * than may be open at once only where some were taken back as soon as they were made (CVE-2023-44487): nothing is
   * answered before the turn is over.
   */
  #begunInTurn(connection: Connection | string): number {
    if (this.#begun.size === 0) setImmediate(() => this.#begun.clear());
    const count = (this.#begun.get(connection) ?? 0) + 1;
    this.#begun.set(connection, count);
    return count;
  }

  #onRequest(request: IncomingMessage, response: ServerResponse): void {
    const connection = this.#bySocket.get(request.socket);
    if (connection === undefined) return;
    const answer = new UntakenAnswer(response, false);
    const cut = (): void => void request.socket.destroy();
    const open: OpenRequest = {
      since: performance.now(),
      kind: this.protocols.kindOf(request.url ?? ''),
      isWhole: () => request.complete,
      untakenSince: (now) => answer.lookedAt(now),
      ...{ tooSlow: cut, drop: cut, cut },
    };
    connection.begin(open);
    this.#countBody(request, connection);
    response.once('close', () => connection.end(open));
    if (connection.requests.size > UNPROVEN_STREAMS) {
      // What else was read with it comes still.
      response.destroy();
      cut();
    }
  }
}

class Http2Request implements OpenRequest {
  readonly since = performance.now();
  readonly #answer: UntakenAnswer;

  constructor(
    private readonly stream: ServerHttp2Stream,
    readonly kind: RequestKind,
    private readonly protocols: DoorProtocols,
  ) {
    this.#answer = new UntakenAnswer(stream, kind === 'stream');
  }

  isWhole(): boolean {
    return this.stream.readableEnded;
  }

  tooSlow(): void {
    this.protocols.tooSlow(this.stream);
  }

  untakenSince(now: number): number | undefined {
    return this.#answer.lookedAt(now);
  }

  drop(): void {
    this.stream.close(constants.NGHTTP2_ENHANCE_YOUR_CALM);
    // It would wait for a connection of which nothing is read either.
    this.stream.destroy();
  }

  cut(): void {
    this.stream.close(constants.NGHTTP2_NO_ERROR);
  }
}

/** Its body is kept until it is whole, and nobody has judged who sends it. */
function endWhenLong(stream: ServerHttp2Stream): void {
  let bytes = 0;
  stream.on('data', (chunk: Buffer) => {
    bytes += chunk.byteLength;
    if (bytes > MAX_WATCH_BYTES) stream.close(constants.NGHTTP2_ENHANCE_YOUR_CALM);
  });
}

function ignore(): void {}
