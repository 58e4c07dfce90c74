/**
 * One Invoke on the bare HTTP/2 stream that carries it: grpc-js takes twice the processor's time for a unary call, and
 * three writes for its answer.
 */

import type { IncomingHttpHeaders, ServerHttp2Stream } from 'node:http2';
import { deadlinePassed } from '../domain/waiter';
import { InvokeRequestSchema } from '../gen/axiom/sidecar/v1/sidecar_pb';
import type { Taken } from '../wire/call-budgets';
import { isGrpc, readMessage, writeMessage } from '../wire/listener/unary-call';
import { parseMessage } from '../wire/parse-message';
import { parseGrpcTimeout } from '../wire/timeout';
import { encodeInvokeAnswer } from './node-messages';
import type { EngineCall, Relay } from './relay';

/** Node's longest timer. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** What an engine's Invoke is answered with. */
export interface Answering {
  readonly relay: Relay;
  readonly taken: Taken;
  /** Of the request's message. */
  readonly maxBytes: number;
  /** Answers a failure, or nobody where the engine is gone. */
  refuse(error: unknown): void;
}

/** Never throws: what goes wrong is answered. */
export async function answerInvoke(
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  { relay, taken, maxBytes, refuse }: Answering,
): Promise<void> {
  try {
    const timeoutMs = parseGrpcTimeout(headers['grpc-timeout']);
    const call = new StreamCall(stream, taken, timeoutMs, () => refuse(deadlinePassed()));
    if (!isGrpc(stream, headers)) return;
    const received = (bytes: number): boolean => taken.addBytes(bytes);
    const request = await readMessage(stream, headers, { maxBytes, received, holdsValues: false });
    const output = await relay.invoke(parseMessage(InvokeRequestSchema, request), call);
    call.isAnswered();
    writeMessage(stream, encodeInvokeAnswer(output), () => undefined);
  } catch (error) {
    refuse(error);
  }
}

/** What an engine says of its call by its stream: how long it waits, and that it has gone. */
class StreamCall implements EngineCall {
  /** Milliseconds since the epoch. */
  readonly deadline: number;
  #isCancelled = false;
  #isAnswered = false;
  #timer: NodeJS.Timeout | undefined;
  readonly #onCancel = new Set<() => void>();

  constructor(
    private readonly stream: ServerHttp2Stream,
    private readonly taken: Taken,
    timeoutMs: number | undefined,
    timeIsOver: () => void,
  ) {
    this.deadline = Date.now() + (timeoutMs ?? Infinity);
    stream.once('close', () => this.#cancel());
    if (timeoutMs === undefined || timeoutMs > MAX_TIMER_MS) return;
    this.#timer = setTimeout(() => {
      timeIsOver();
      this.#cancel();
    }, timeoutMs);
  }

  get isCancelled(): boolean {
    return this.#isCancelled;
  }

  /** The end of the stream is no cancellation any more. */
  isAnswered(): void {
    this.#isAnswered = true;
  }

  holdInput(): () => void {
    return this.taken.keepBytes();
  }

  onClose(listener: () => void): void {
    if (this.stream.closed) listener();
    else this.stream.once('close', listener);
  }

  onCancel(listener: () => void): () => void {
    this.#onCancel.add(listener);
    return () => void this.#onCancel.delete(listener);
  }

  #cancel(): void {
    clearTimeout(this.#timer);
    if (this.#isAnswered || this.#isCancelled) return;
    this.#isCancelled = true;
    for (const listener of this.#onCancel) listener();
  }
}
