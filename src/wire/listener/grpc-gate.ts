/**
 * A grpc-js server whose calls are judged by their headers: of a call that is refused no byte of the
 * body is read, and what the judgement found reaches the handler.
 */

import type { Http2Server, IncomingHttpHeaders, ServerHttp2Stream } from 'node:http2';
import {
  ServerInterceptingCall,
  type Server,
  type ServerInterceptingCallInterface,
  type ServerOptions,
  type ServiceError,
} from '@grpc/grpc-js';
import { createHandedServer } from './handed-server';
import { refuseCall } from './refused-call';

type AuthContext = ReturnType<ServerInterceptingCallInterface['getAuthContext']>;

/** What a door decides of its calls. */
export interface GateKeeper<A> {
  /** Lets a call in as `A`, or throws. Undefined where the server's own answer needs no judgement: health, unknown methods. */
  judge(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): Promise<A> | undefined;
  /** Has the server's own answer given when it is its turn. */
  watch(stream: ServerHttp2Stream, answer: () => void): void;
  /** Answers the call on its bare stream. @returns false where that is the server's part. */
  answers(stream: ServerHttp2Stream, headers: IncomingHttpHeaders, admitted: A): boolean;
  /** The call goes to its handler; what is read of its body can be seen on the stream from now on. */
  entered(stream: ServerHttp2Stream, admitted: A): void;
  /** Has the call's next message read, at once or later. */
  reads(admitted: A, read: () => void): void;
  /** The client was gone before the judgement. */
  left(admitted: A): void;
  /** How a refusal looks on the wire. */
  toServiceError(error: unknown): ServiceError;
}

export interface GrpcGate<A> {
  /** Takes services; is never bound itself. */
  readonly server: Server;
  /** Where the listener hands connections. */
  readonly http2: Http2Server;
  /** What a call was let in as. */
  admitted(call: Pick<ServerInterceptingCallInterface, 'getAuthContext'>): A;
  /** Answers a call on its bare stream. */
  refuse(stream: ServerHttp2Stream, error: unknown): void;
}

export function createGrpcGate<A>(options: ServerOptions, keeper: GateKeeper<A>): GrpcGate<A> {
  // grpc-js makes a call's interceptors while it handles the stream's event, so this is the call's own.
  let entering: A | undefined;
  const { server, http2, serve } = createHandedServer({
    ...options,
    interceptors: [(_method, call) => new JudgedCall(call, entering, keeper)],
  });
  const enter = (admitted: A | undefined, ...event: Parameters<typeof serve>): void => {
    entering = admitted;
    serve(...event);
    entering = undefined;
  };
  const refuse = (stream: ServerHttp2Stream, error: unknown): void => {
    // A status costs more to make than a request that is taken back costs its sender.
    if (!stream.closed) refuseCall(stream, keeper.toServiceError(error));
  };
  http2.on('stream', (stream: ServerHttp2Stream, headers, flags) => {
    const judgement = keeper.judge(stream, headers);
    if (judgement === undefined) return keeper.watch(stream, () => enter(undefined, stream, headers, flags));
    judgement.then(
      (admitted) => {
        if (stream.destroyed) return keeper.left(admitted);
        if (keeper.answers(stream, headers, admitted)) return;
        enter(admitted, stream, headers, flags);
        keeper.entered(stream, admitted);
      },
      (error: unknown) => refuse(stream, error),
    );
  });
  return {
    ...{ server, http2, refuse },
    admitted: (call) => (call.getAuthContext() as JudgedContext<A>).admitted,
  };
}

interface JudgedContext<A> extends AuthContext {
  readonly admitted: A;
}

/** A call with what was found about it in the place where gRPC keeps who calls; everything else passes straight on. */
class JudgedCall<A> extends ServerInterceptingCall {
  constructor(
    private readonly call: ServerInterceptingCallInterface,
    private readonly admitted: A | undefined,
    private readonly keeper: Pick<GateKeeper<A>, 'reads'>,
  ) {
    super(call);
  }

  override start(...[listener]: Parameters<ServerInterceptingCallInterface['start']>): void {
    this.call.start(listener);
  }

  override startRead(): void {
    if (this.admitted === undefined) this.call.startRead();
    else this.keeper.reads(this.admitted, () => this.call.startRead());
  }

  override sendMetadata(...args: Parameters<ServerInterceptingCallInterface['sendMetadata']>): void {
    this.call.sendMetadata(...args);
  }

  override sendMessage(...args: Parameters<ServerInterceptingCallInterface['sendMessage']>): void {
    this.call.sendMessage(...args);
  }

  override sendStatus(...args: Parameters<ServerInterceptingCallInterface['sendStatus']>): void {
    this.call.sendStatus(...args);
  }

  override getAuthContext(): JudgedContext<A | undefined> {
    return { admitted: this.admitted };
  }
}
