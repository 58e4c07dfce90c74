/** A grpc-js server that is handed its connections and its calls, and is never bound itself. */

import type { Http2Server, IncomingHttpHeaders, ServerHttp2Stream } from 'node:http2';
import { Server, ServerCredentials, type ServerOptions } from '@grpc/grpc-js';

export interface HandedServer {
  /** Takes services. */
  readonly server: Server;
  /** Where a listener hands connections; nobody answers its streams until `serve` is called with them. */
  readonly http2: Http2Server;
  /** Has a call answered by its service. */
  serve(stream: ServerHttp2Stream, headers: IncomingHttpHeaders, flags: number): void;
}

/** grpc-js would keep statistics of each call for a service that nobody is given. */
const OPTIONS: ServerOptions = { 'grpc.enable_channelz': 0 };

export function createHandedServer(options: ServerOptions): HandedServer {
  const server = new Server({ ...OPTIONS, ...options });
  const http2 = http2Behind(server);
  const [serve] = http2.listeners('stream') as HandedServer['serve'][];
  if (serve === undefined) throw unknownGrpc();
  http2.off('stream', serve);
  return {
    ...{ server, http2 },
    serve(stream, ...event) {
      // grpc-js throws where the connection is gone already, and that would end the process.
      if (stream.destroyed) return;
      serve(stream, ...event);
      // One without a message may have ended before anybody listened.
      if (stream.readableEnded) stream.emit('end');
    },
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
