/** A gRPC door: its methods and no others, behind a listener, judged by their headers. */

import type { Message } from '@bufbuild/protobuf';
import type { Server } from '@grpc/grpc-js';
import type { IncomingHttpHeaders, ServerHttp2Stream } from 'node:http2';
import type { DoorName, Principal } from '../domain/principal';
import { deadlinePassed, type Waiter } from '../domain/waiter';
import type { Connection } from '../wire/listener/connection';
import { createHandedServer } from '../wire/listener/handed-server';
import type { ListenerLimits } from '../wire/listener/limits';
import { openListener, type ListenerOptions } from '../wire/listener/listener';
import { OpenRequests } from '../wire/listener/open-requests';
import { refuseCall } from '../wire/listener/refused-call';
import { requestTooSlow } from '../wire/listener/request-too-slow';
import { unlessTakenBack } from '../wire/listener/taken-back';
import { isGrpc, readMessage, writeMessage } from '../wire/listener/unary-call';
import { methodPath } from '../wire/method';
import { parseMessage } from '../wire/parse-message';
import { deadlineOf, parseGrpcTimeout } from '../wire/timeout';
import { CallUnderWay } from '../work/pace';
import { admit, type AdmittedCall, type DispatchContext } from './admission';
import { dispatch, serializeAnswer } from './dispatch';
import { LazyAbort } from './lazy-abort';
import type { ServedMethod } from './method-table';
import { MAX_REQUEST_BYTES } from './request-size';
import { toDomainError, toServiceError } from './status';

/** How a gRPC door learns who calls. @throws as IncomingCall's `authenticate`. */
export type Authenticate = (
  connection: Connection,
  headers: IncomingHttpHeaders,
  waiter: Waiter,
) => Principal | Promise<Principal>;

export interface GrpcDoor {
  /** Takes the services that every door has besides its own: health, reflection. */
  readonly server: Server;
  /** @returns the address as clients dial it, and what closes the door within so many milliseconds. */
  listen(
    options: ListenerOptions,
  ): Promise<{ readonly address: string; stop(drainMs: number): Promise<void> }>;
}

/** Of one connection's frames and headers that Node holds, in MiB; bodies are counted per principal. */
const MAX_SESSION_MIB = 32;

/** Node's longest timer. */
const MAX_TIMER_MS = 2 ** 31 - 1;

export function createGrpcDoor(
  context: DispatchContext,
  door: DoorName,
  methods: readonly ServedMethod[],
  authenticate: Authenticate,
  limits: ListenerLimits,
): GrpcDoor {
  const byPath = new Map(methods.map((method) => [methodPath(method.desc), method]));
  const { server, http2, serve } = createHandedServer({
    'grpc.max_receive_message_length': MAX_REQUEST_BYTES,
    'grpc-node.max_session_memory': MAX_SESSION_MIB,
    // A client that vanished without a word is noticed, and its streams ended.
    'grpc.keepalive_time_ms': 60_000,
    'grpc.keepalive_timeout_ms': 20_000,
  });
  const requests = new OpenRequests({
    http2,
    limits,
    kindOf: (path) => (byPath.has(path) ? 'call' : 'watch'),
    tooSlow: (stream) => refuseCall(stream, toServiceError(requestTooSlow())),
  });
  http2.on('stream', (stream: ServerHttp2Stream, headers, flags) => {
    const method = byPath.get(headers[':path'] ?? '');
    const connection = requests.connectionOf(stream.session);
    // Health, reflection and what does not exist are grpc-js's to answer.
    if (method === undefined || connection === undefined)
      return requests.watch(stream, () => serve(stream, headers, flags));
    const turn = requests.turnOf(connection, stream);
    void new DoorCall(context, door, method, connection, stream, headers).answer(authenticate, turn);
  });
  return {
    server,
    async listen(options) {
      const listener = await openListener(requests, options);
      return {
        address: listener.address,
        async stop(drainMs) {
          await listener.stop(drainMs);
          server.forceShutdown();
        },
      };
    },
  };
}

/** A call of one of the door's methods, from its headers to its answer. */
class DoorCall {
  readonly #underWay = new CallUnderWay();
  #client: LazyAbort | undefined;
  #admitted: AdmittedCall | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly context: DispatchContext,
    private readonly door: DoorName,
    private readonly method: ServedMethod,
    private readonly connection: Connection,
    private readonly stream: ServerHttp2Stream,
    private readonly headers: IncomingHttpHeaders,
  ) {
    stream.on('close', () => {
      this.#underWay.over();
      if (this.#admitted === undefined) this.#client?.abort();
      else this.#admitted.abandoned();
      clearTimeout(this.#timer);
    });
  }

  /** Never throws: what goes wrong is answered. */
  async answer(authenticate: Authenticate, turn: Promise<void> | undefined): Promise<void> {
    const { context, method, stream, headers } = this;
    try {
      if (turn !== undefined) await turn;
      const admitted = await this.#admit(authenticate);
      // It closed meanwhile, and nobody tells of that any more.
      if (stream.destroyed) return admitted.abandoned();
      if (!isGrpc(stream, headers)) return;
      const request = await readMessage(stream, headers, {
        maxBytes: method.maxRequestBytes,
        received: (bytes) => admitted.received(bytes),
        holdsValues: method.takesValues,
      });
      // Nobody waits, so nothing is begun, and no handler wipes what it would have been given.
      if (stream.destroyed) return void (method.takesValues && request.fill(0));
      const answer = await dispatch(context, admitted, () => parseRequest(method, request));
      const serialized = serializeAnswer(method, answer);
      writeMessage(stream, serialized.expose(), (isFree) => serialized.wipe(isFree));
    } catch (error) {
      this.#refuse(error);
    }
  }

  async #admit(authenticate: Authenticate): Promise<AdmittedCall> {
    const { context, door, method, connection, stream, headers } = this;
    const client = new LazyAbort(deadlineOf(parseGrpcTimeout(headers['grpc-timeout'])));
    await unlessTakenBack(() => stream.destroyed);
    this.#client = client;
    this.#endAtDeadline(client);
    this.#admitted = await admit(context, method, {
      door,
      connection,
      underWay: this.#underWay,
      client,
      authenticate: (waiter) => authenticate(connection, headers, waiter),
    });
    return this.#admitted;
  }

  #endAtDeadline({ deadline = Infinity }: Waiter): void {
    const leftMs = Math.max(0, deadline - performance.now());
    if (leftMs <= MAX_TIMER_MS) this.#timer = setTimeout(() => this.#refuse(deadlinePassed()), leftMs);
  }

  #refuse(error: unknown): void {
    // A status costs more to make than a request that is taken back costs its sender.
    if (this.stream.closed) return;
    refuseCall(this.stream, toServiceError(toDomainError(error)));
  }
}

/** Values are views of the request, and wiped by who handles them; of what is no message nobody does. */
function parseRequest(method: ServedMethod, request: Buffer): Message {
  try {
    return parseMessage(method.desc.input, request);
  } catch (error) {
    if (method.takesValues) request.fill(0);
    throw error;
  }
}
