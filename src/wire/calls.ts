/** The three kinds of call over grpc-js, as promises and async iterables with backpressure. */

import {
  Metadata,
  status,
  type CallOptions as GrpcCallOptions,
  type Client,
  type Deadline,
} from '@grpc/grpc-js';
import { StatusError, toStatusError } from './status-error';

/** What a caller may say about one call. */
export interface CallOptions {
  /** Cancels the call: it fails with CANCELLED. */
  readonly signal?: AbortSignal;
  /** The moment after which it fails with DEADLINE_EXCEEDED: a Date, or milliseconds since the epoch. */
  readonly deadline?: Deadline;
  /** Header metadata, `authorization` for instance. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/** Path and client-side codecs of a method. */
export interface ClientMethod<Req, Res> {
  readonly path: string;
  requestSerialize(request: Req): Buffer;
  responseDeserialize(bytes: Buffer): Res;
}

interface Cancellable {
  cancel(): void;
}

/** One request, one response. @throws StatusError. */
export function callUnary<Req, Res>(
  client: Client,
  method: ClientMethod<Req, Res>,
  request: Req,
  options: CallOptions = {},
): Promise<Res> {
  return new Promise((resolve, reject) => {
    if (options.signal?.aborted) return reject(cancelledBeforeStart());
    const call = client.makeUnaryRequest<Req, Res>(
      method.path,
      (message) => method.requestSerialize(message),
      (bytes) => method.responseDeserialize(bytes),
      request,
      metadataOf(options),
      grpcOptions(options),
      (error, response) => {
        release();
        if (error) reject(toStatusError(error));
        else resolve(response as Res);
      },
    );
    const release = cancelOnAbort(call, options.signal);
  });
}

/** One request, many responses; leaving the loop early cancels the call. Iterating @throws StatusError. */
export function callServerStream<Req, Res>(
  client: Client,
  method: ClientMethod<Req, Res>,
  request: Req,
  options: CallOptions = {},
): AsyncIterableIterator<Res> {
  if (options.signal?.aborted) return failing(cancelledBeforeStart());
  const call = client.makeServerStreamRequest<Req, Res>(
    method.path,
    (message) => method.requestSerialize(message),
    (bytes) => method.responseDeserialize(bytes),
    request,
    metadataOf(options),
    grpcOptions(options),
  );
  return responses<Res>(call, cancelOnAbort(call, options.signal));
}

/**
 * Many requests, many responses. Requests are taken only as fast as the other side reads
 * them; their end half-closes the call, their failure cancels it and is thrown to whoever
 * iterates the responses. Leaving the loop early cancels the call. Iterating @throws StatusError.
 */
export function callBidi<Req, Res>(
  client: Client,
  method: ClientMethod<Req, Res>,
  requests: AsyncIterable<Req>,
  options: CallOptions = {},
): AsyncIterableIterator<Res> {
  if (options.signal?.aborted) return failing(cancelledBeforeStart());
  const call = client.makeBidiStreamRequest<Req, Res>(
    method.path,
    (message) => method.requestSerialize(message),
    (bytes) => method.responseDeserialize(bytes),
    metadataOf(options),
    grpcOptions(options),
  );
  const sending: { failure?: unknown } = {};
  const sent = sendAll(call, requests).catch((error: unknown) => {
    sending.failure = error;
    call.cancel();
  });
  return responses<Res>(call, cancelOnAbort(call, options.signal), sent, sending);
}

type Writable<Req> = NodeJS.EventEmitter & { write(message: Req): boolean; end(): void };

async function sendAll<Req>(call: Writable<Req>, requests: AsyncIterable<Req>): Promise<void> {
  let over = false;
  const ended = new Promise<void>((resolve) => {
    call.once('status', () => {
      over = true;
      resolve();
    });
  });
  for await (const request of requests) {
    if (over) return;
    if (!call.write(request)) {
      await Promise.race([new Promise<void>((resolve) => call.once('drain', resolve)), ended]);
    }
  }
  if (!over) call.end();
}

type Readable<Res> = Cancellable & NodeJS.EventEmitter & AsyncIterable<Res>;

function responses<Res>(
  call: Readable<Res>,
  release: () => void,
  sent?: Promise<void>,
  sending: { failure?: unknown } = {},
): AsyncIterableIterator<Res> {
  // Listens from the start: grpc-js emits the status's error once, perhaps before anybody iterates.
  let failure: Error | undefined;
  call.on('error', (error: Error) => (failure = error));
  return (async function* () {
    try {
      for await (const response of call) yield response;
      if (failure !== undefined) throw failure;
    } catch (error) {
      throw sending.failure ?? toStatusError(error);
    } finally {
      release();
      call.cancel();
      void sent;
    }
  })();
}

function metadataOf(options: CallOptions): Metadata {
  const metadata = new Metadata();
  for (const [key, value] of Object.entries(options.metadata ?? {})) metadata.set(key, value);
  return metadata;
}

function grpcOptions(options: CallOptions): GrpcCallOptions {
  return options.deadline === undefined ? {} : { deadline: options.deadline };
}

function cancelOnAbort(call: Cancellable, signal: AbortSignal | undefined): () => void {
  if (signal === undefined) return () => {};
  const cancel = (): void => call.cancel();
  signal.addEventListener('abort', cancel, { once: true });
  return () => signal.removeEventListener('abort', cancel);
}

function cancelledBeforeStart(): StatusError {
  return new StatusError(status.CANCELLED, 'the call was cancelled before it started');
}

async function* failing(error: Error): AsyncGenerator<never> {
  throw error;
}
