/**
 * A grpc-js server whose calls are judged by their headers: of a call that is refused no byte of the
 * body is read, and what the judgement found reaches the handler.
 */

import { constants, type Http2Server, type IncomingHttpHeaders, type ServerHttp2Stream } from 'node:http2';
import {
  Server,
  ServerCredentials,
  ServerInterceptingCall,
  type ServerInterceptingCallInterface,
  type ServerOptions,
  type ServiceError,
} from '@grpc/grpc-js';

type AuthContext = ReturnType<ServerInterceptingCallInterface['getAuthContext']>;

/** What a door decides of its calls. */
export interface GateKeeper<A> {
  /** Lets a call in as `A`, or throws. Undefined where the server's own answer needs no judgement: health, unknown methods. */
  judge(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): Promise<A> | undefined;
  /** The call goes to its handler; what is read of its body can be seen on the stream from now on. */
  entered(stream: ServerHttp2Stream, admitted: A): void;
  /** The client was gone before the judgement. */
  left(admitted: A): void;
  /** Is told of each message of the call, on its way to the handler; undefined: nobody asks. */
  reads?(admitted: A): ((message: unknown) => void) | undefined;
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

type StreamListener = (stream: ServerHttp2Stream, headers: IncomingHttpHeaders, flags: number) => void;

/** grpc-js would keep statistics of each call for a service that nobody is given. */
const OPTIONS: ServerOptions = { 'grpc.enable_channelz': 0 };

export function createGrpcGate<A>(options: ServerOptions, keeper: GateKeeper<A>): GrpcGate<A> {
  // grpc-js makes a call's interceptors while it handles the stream's event, so this is the call's own.
  let entering: A | undefined;
  const server = new Server({
    ...OPTIONS,
    ...options,
    interceptors: [
      (_method, call) =>
        new JudgedCall(call, entering, entering === undefined ? undefined : keeper.reads?.(entering)),
    ],
  });
  const http2 = http2Behind(server);
  const [serve] = http2.listeners('stream') as StreamListener[];
  if (serve === undefined) throw unknownGrpc();
  const enter = (admitted: A | undefined, ...event: Parameters<StreamListener>): void => {
    entering = admitted;
    serve(...event);
    entering = undefined;
  };
  const refuse = (stream: ServerHttp2Stream, error: unknown): void => {
    if (stream.destroyed || stream.headersSent) return stream.close(constants.NGHTTP2_CANCEL);
    stream.respond(trailersOnly(keeper.toServiceError(error)), { endStream: true });
    // The client need not send the rest of its request (RFC 9113 §8.1).
    stream.close(constants.NGHTTP2_NO_ERROR);
  };
  http2.off('stream', serve);
  http2.on('stream', (stream: ServerHttp2Stream, headers, flags) => {
    const judgement = keeper.judge(stream, headers);
    if (judgement === undefined) return enter(undefined, stream, headers, flags);
    judgement.then(
      (admitted) => {
        if (stream.destroyed) return keeper.left(admitted);
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

/** grpc-js has no public way to the HTTP/2 server of a connection injector, and only that one tells of sessions. */
function http2Behind(server: Server): Http2Server {
  server.createConnectionInjector(ServerCredentials.createInsecure());
  const { http2Servers } = server as unknown as { readonly http2Servers?: Map<Http2Server, unknown> };
  const [http2] = http2Servers?.keys() ?? [];
  if (http2 === undefined) throw unknownGrpc();
  return http2;
}

function unknownGrpc(): Error {
  return new Error(
    'this version of @grpc/grpc-js keeps its HTTP/2 server elsewhere; install the version in package-lock.json',
  );
}

interface JudgedContext<A> extends AuthContext {
  readonly admitted: A;
}

/** A call with what was found about it in the place where gRPC keeps who calls; everything else passes straight on. */
class JudgedCall<A> extends ServerInterceptingCall {
  constructor(
    private readonly call: ServerInterceptingCallInterface,
    private readonly admitted: A,
    private readonly reads: ((message: unknown) => void) | undefined,
  ) {
    super(call);
  }

  override start(...[listener]: Parameters<ServerInterceptingCallInterface['start']>): void {
    const { reads } = this;
    if (reads === undefined) return this.call.start(listener);
    this.call.start({
      onReceiveMetadata: (metadata) => listener.onReceiveMetadata(metadata),
      onReceiveMessage(message: unknown) {
        reads(message);
        listener.onReceiveMessage(message);
      },
      onReceiveHalfClose: () => listener.onReceiveHalfClose(),
      onCancel: () => listener.onCancel(),
    });
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

  override getAuthContext(): JudgedContext<A> {
    return { admitted: this.admitted };
  }
}

/** gRPC over HTTP/2, "Trailers-Only". */
function trailersOnly({ code, details, metadata }: ServiceError) {
  return {
    [constants.HTTP2_HEADER_STATUS]: 200,
    [constants.HTTP2_HEADER_CONTENT_TYPE]: 'application/grpc+proto',
    'grpc-status': code,
    'grpc-message': encodeURI(details),
    ...metadata.toHttp2Headers(),
  };
}
