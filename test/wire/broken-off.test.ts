/** A server that dies in the middle of its answer is told as unavailable, and not as a fault of the service's own. */

import { createServer, constants, type ServerHttp2Session, type ServerHttp2Stream } from 'node:http2';
import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Channel, credentials } from '@grpc/grpc-js';
import { ExecutionsService } from '../../src/gen/axiom/executions/v1/executions_pb';
import { wireClient } from '../../src/wire/client';

const ended: (() => void)[] = [];
afterEach(() => ended.splice(0).forEach((end) => end()));

/** What a caller is told when the server does this to a call whose headers it has answered. */
async function toldWhen(
  dies: (stream: ServerHttp2Stream, session: ServerHttp2Session, socket: Socket) => void,
) {
  const server = createServer();
  let socket: Socket;
  server.on('connection', (accepted: Socket) => (socket = accepted));
  server.on('session', (session) => session.on('error', () => undefined));
  server.on('stream', (stream: ServerHttp2Stream) => {
    stream.on('error', () => undefined);
    stream.respond({ ':status': 200, 'content-type': 'application/grpc' });
    setImmediate(() => dies(stream, stream.session as ServerHttp2Session, socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const client = new Channel(`127.0.0.1:${port}`, credentials.createInsecure(), {});
  ended.push(() => (client.close(), server.close()));
  return wireClient(ExecutionsService, client)
    .startExecution({ tenantId: 'default', flowId: 'f' }, { deadline: Date.now() + 60_000 })
    .catch((error: unknown) => error);
}

describe('A call whose server is gone in the middle of the answer', () => {
  it.each([
    ['its process dies', (_: unknown, __: unknown, socket: Socket) => socket.destroy()],
    ['its session ends', (_: ServerHttp2Stream, session: ServerHttp2Session) => session.destroy()],
    [
      'its stream ends without a status',
      (stream: ServerHttp2Stream) => stream.close(constants.NGHTTP2_NO_ERROR),
    ],
    [
      'its stream ends with an error',
      (stream: ServerHttp2Stream) => stream.close(constants.NGHTTP2_INTERNAL_ERROR),
    ],
  ])('is told as UNAVAILABLE where %s', async (_, dies) => {
    expect(await toldWhen(dies)).toMatchObject({ codeName: 'UNAVAILABLE' });
  });
});
