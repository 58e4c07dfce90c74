/**
 * One gRPC call to the node host on a bare HTTP/2 stream: messages go out and come in, one after the other, until a status
 * ends it.
 */

import { status } from '@grpc/grpc-js';
import {
  constants,
  type ClientHttp2Session,
  type ClientHttp2Stream,
  type IncomingHttpHeaders,
  type IncomingHttpStatusHeader,
} from 'node:http2';
import { MessageFrames, prefixOf } from '../wire/message-frames';
import { StatusError } from '../wire/status-error';
import { grpcTimeout } from '../wire/timeout';
import type { CancelPace } from './cancel-pace';

/** An event carries at most an output, or two scopes of 1 MiB in a log. */
const MAX_MESSAGE_BYTES = 64 * 1024 * 1024;

/** How long a host may take to close what this side is done with: a call that was taken back, a connection that it left. */
export const LET_CLOSE_MS = 1_000;

/** What a call is told of. */
export interface HostListener {
  /** A message of so many bytes begins to come. The rest of it is read when the promise is fulfilled. */
  begins(bytes: number): Promise<void> | undefined;
  /** A message has come. The next one is told when this one's promise is fulfilled. */
  message(bytes: Buffer): void | Promise<void>;
  /** Once, after the last message: how it ended, where it is not OK. Not where the call was left before. */
  ended(failure: StatusError | undefined): void;
  /** Once, at the very end: nothing that was sent is needed any more. */
  closed(): void;
}

export class HostStream {
  readonly #stream: ClientHttp2Stream;
  readonly #frames = new MessageFrames(MAX_MESSAGE_BYTES);
  #httpStatus: number | undefined;
  #status: StatusError | 'OK' | undefined;
  #isTaking = false;
  #hasBegun = false;
  #isLeft = false;
  #isAtEnd = false;
  #isBroken = false;
  #hasEnded = false;
  #closed = (): void => undefined;

  /** @param deadline what the host is told, in milliseconds since the epoch. @throws Error where the session is closed. */
  constructor(
    session: ClientHttp2Session,
    private readonly pace: CancelPace,
    path: string,
    deadline: number,
    private readonly listener: HostListener,
    private readonly whenClosed: () => void,
  ) {
    this.#stream = session.request({
      ':method': 'POST',
      ':path': path,
      'content-type': 'application/grpc',
      te: 'trailers',
      'grpc-timeout': grpcTimeout(deadline - Date.now()),
    });
    this.#stream
      .on('error', (error) => (this.#isBroken ||= isBrokenProtocol(error)))
      .on('response', (headers, flags) => this.#onResponse(headers, flags))
      .on('trailers', (trailers: IncomingHttpHeaders) => this.#onStatus(trailers))
      .on('data', (chunk: Buffer) => this.#onData(chunk))
      .once('end', () => this.#onEnd())
      .once('close', () => this.#onClose());
  }

  /** Whether the host has ended it, or it was taken back. */
  get isOver(): boolean {
    return this.#hasEnded || this.#stream.closed;
  }

  /**
   * Sends a message. @param sent is called when nothing of it is needed any more; not where the call closes before.
   * @returns false where the host has no room for more at the moment.
   */
  write(message: Uint8Array, sent = ignore): boolean {
    this.#stream.cork();
    const hasRoom = this.#put(message, sent);
    this.#stream.uncork();
    return hasRoom;
  }

  /** Sends the last message: it and its end leave in one piece. */
  writeLast(message: Uint8Array, sent: () => void): void {
    this.#stream.cork();
    this.#put(message, sent);
    this.#stream.end();
  }

  /** Without an empty write, which is done before the prefix ahead of it has left: Node holds both until the last is done. */
  #put(message: Uint8Array, sent: () => void): boolean {
    const done = (error?: Error | null): void => void (error ?? sent());
    const prefix = prefixOf(message.byteLength);
    if (message.byteLength === 0) return this.#stream.write(prefix, done);
    this.#stream.write(prefix);
    return this.#stream.write(message, done);
  }

  end(): void {
    this.#stream.end();
  }

  /** Resolves when the host has room for more, or the call is over. */
  whenDrained(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#stream.closed) return resolve();
      const done = (): void => {
        this.#stream.off('drain', done).off('close', done);
        resolve();
      };
      this.#stream.on('drain', done).on('close', done);
    });
  }

  /**
   * Nobody waits for it any more: what still comes is dropped. It is taken back at the pace that the host bears.
   * @param letEnd gives the host a moment to end it by itself.
   */
  leave(letEnd: boolean): void {
    this.#isLeft = true;
    const takeBack = (): boolean => {
      if (this.#stream.closed) return false;
      this.#stream.close(constants.NGHTTP2_CANCEL);
      // One that has not begun, for its host has no room, is kept by HTTP/2 until it has, with its message.
      if (!this.#stream.destroyed) setTimeout(() => this.#stream.destroy(), LET_CLOSE_MS).unref();
      return true;
    };
    if (!letEnd) this.pace.run(takeBack);
    else if (!this.#stream.closed) this.#closed = this.pace.runUnlessEnded(takeBack);
    this.#stream.resume();
  }

  #onResponse(headers: IncomingHttpHeaders & IncomingHttpStatusHeader, flags: number): void {
    this.#httpStatus = headers[':status'];
    // "Trailers-Only". A status that comes before messages is none.
    const isLast = (flags & constants.NGHTTP2_FLAG_END_STREAM) !== 0;
    if (isLast && headers['grpc-status'] !== undefined) this.#onStatus(headers);
  }

  #onStatus(fields: IncomingHttpHeaders): void {
    this.#status ??= statusOf(fields) ?? 'OK';
  }

  #onData(chunk: Buffer): void {
    if (this.#isLeft) return;
    this.#frames.add(chunk);
    if (!this.#isTaking) this.#tell();
  }

  #tell(): void {
    while (!this.#isLeft) {
      const taken = this.#tellNext();
      if (taken === undefined) return;
      if (taken === 'told') continue;
      this.#isTaking = true;
      this.#stream.pause();
      return void taken.then(() => {
        this.#isTaking = false;
        this.#stream.resume();
        this.#tell();
        if (this.#isAtEnd) this.#end();
      }, ignore);
    }
  }

  #tellNext(): Promise<void> | 'told' | undefined {
    try {
      const message = this.#frames.next();
      if (message === undefined) return this.#begin();
      this.#hasBegun = false;
      return this.listener.message(message) ?? 'told';
    } catch (error) {
      this.#fail(error as StatusError);
      return undefined;
    }
  }

  #begin(): Promise<void> | undefined {
    const bytes = this.#hasBegun ? undefined : this.#frames.announced;
    if (bytes === undefined) return undefined;
    this.#hasBegun = true;
    return this.listener.begins(bytes);
  }

  #onEnd(): void {
    // Its status comes before its end. Without one it may be reset in the same breath, which says more.
    const end = (): void => {
      this.#isAtEnd = true;
      this.#end();
    };
    if (this.#status === undefined) setImmediate(end);
    else end();
  }

  #onClose(): void {
    this.#isAtEnd = true;
    this.#addRest();
    this.#end();
    this.#closed();
    this.listener.closed();
    this.whenClosed();
  }

  /** What had come while a message was taken is not told any more where the connection closes, or the host resets the call. */
  #addRest(): void {
    if (this.#isLeft) return;
    for (let rest = this.#read(); rest !== null; rest = this.#read()) this.#frames.add(rest);
    if (!this.#isTaking) this.#tell();
  }

  #read(): Buffer | null {
    return this.#stream.read() as Buffer | null;
  }

  #end(): void {
    if (this.#isTaking || this.#hasEnded) return;
    this.#hasEnded = true;
    if (this.#isLeft) return;
    this.listener.ended(this.#failure());
    if (this.#stream.writableFinished) return;
    // A host that has heard enough need not read the rest.
    this.#stream.end();
    this.leave(true);
  }

  /** The host says what it may not. */
  #fail(failure: StatusError): void {
    this.#hasEnded = true;
    this.listener.ended(failure);
    this.leave(true);
  }

  #failure(): StatusError | undefined {
    if (this.#status !== 'OK') return this.#status ?? this.#withoutStatus();
    if (this.#frames.isEmpty) return undefined;
    return new StatusError(status.INTERNAL, 'the last message ends before its length');
  }

  #withoutStatus(): StatusError {
    if (this.#stream.rstCode === constants.NGHTTP2_ENHANCE_YOUR_CALM)
      return new StatusError(status.RESOURCE_EXHAUSTED, 'the node host takes no more at the moment');
    if (this.#isBroken || this.#stream.rstCode === constants.NGHTTP2_PROTOCOL_ERROR)
      return new StatusError(status.INTERNAL, 'the node host does not keep to HTTP/2');
    if (this.#httpStatus === undefined || this.#httpStatus === 200)
      return new StatusError(status.UNAVAILABLE, 'the node host ended the call without a status');
    return new StatusError(
      HTTP_STATUS.get(this.#httpStatus) ?? status.INTERNAL,
      `the node host answered with HTTP status ${this.#httpStatus}`,
    );
  }
}

/** https://github.com/grpc/grpc/blob/master/doc/http-grpc-status-mapping.md, as far as a failure tells them apart. */
const HTTP_STATUS: ReadonlyMap<number, status> = new Map([
  [404, status.UNIMPLEMENTED],
  [429, status.UNAVAILABLE],
  [502, status.UNAVAILABLE],
  [503, status.UNAVAILABLE],
  [504, status.UNAVAILABLE],
]);

/** @returns undefined for OK. */
function statusOf(fields: IncomingHttpHeaders): StatusError | undefined {
  const text = String(fields['grpc-status']);
  if (text === '0') return undefined;
  const code = /^[0-9]{1,2}$/.test(text) && Number(text) in status ? Number(text) : status.UNKNOWN;
  return new StatusError(code, decoded(String(fields['grpc-message'] ?? '')));
}

/** Percent-encoded UTF-8; what is not is left as it is. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** As far as Node tells of it: what of the rest shows is in broken-session.ts. */
export function isBrokenProtocol(error: NodeJS.ErrnoException): boolean {
  return error.code === 'ERR_HTTP2_ERROR';
}

function ignore(): void {}
