/** Answers that nobody takes: real connections, and a clock that is asked for a later time. */

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import {
  connect,
  constants,
  createServer as createHttp2Server,
  type ClientHttp2Session,
  type ClientSessionOptions,
  type ServerHttp2Stream,
} from 'node:http2';
import { createServer as createHttp1Server, get, type IncomingMessage } from 'node:http';
import { connect as connectSocket, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { Connection } from '../../src/wire/listener/connection';
import { DEFAULT_LISTENER_LIMITS } from '../../src/wire/listener/limits';
import { OpenRequests } from '../../src/wire/listener/open-requests';
import { stopReading } from '../../src/wire/listener/socket-reading';
import { writeMessage } from '../../src/wire/listener/unary-call';
import { until } from '../sidecar/support/rig';

const MIB = 1024 * 1024;
const LIMITS = { ...DEFAULT_LISTENER_LIMITS, requestMs: 3_000 };

let server: Server;
let port: number;
let protocol: 'h2' | 'http/1.1';
let connection: Connection;
let answer: (stream: ServerHttp2Stream) => void;
let client: ClientHttp2Session | undefined;
let http1Answer: IncomingMessage | undefined;

beforeEach(async () => {
  [client, http1Answer] = [undefined, undefined];
  const http2 = createHttp2Server();
  http2.on('stream', (stream) => stream.resume().once('end', () => answer(stream)));
  const http1 = createHttp1Server((_request, response) => void response.end(Buffer.alloc(64 * MIB)));
  const requests = new OpenRequests({
    ...{ http2, http1, limits: LIMITS, tooSlow: () => undefined },
    kindOf: (path) => (path === '/stream' ? 'stream' : 'call'),
  });
  server = createServer((socket: Socket) => {
    connection = new Connection(
      '',
      socket.on('error', () => undefined),
    );
    connection.secured(socket);
    connection.prove();
    requests.hand(connection, socket, protocol);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  ({ port } = server.address() as AddressInfo);
});
afterEach(() => {
  client?.destroy();
  http1Answer?.destroy();
  server.close();
});

/** Reads nothing until it is told to. */
async function asked(path: string, options: ClientSessionOptions = {}) {
  protocol = 'h2';
  client = connect(`http://127.0.0.1:${port}`, options);
  const call = client.request({ ':method': 'POST', ':path': path }).on('error', () => undefined);
  call.end();
  await once(call, 'response');
  return call;
}

/** As the listener does every second. */
function look(atMs: number): void {
  connection.enforce(LIMITS, connection.openedAt + atMs);
}

const writes = (bytes: number) => (stream: ServerHttp2Stream) =>
  writeMessage(stream, [Buffer.alloc(bytes)], () => undefined);

describe('An answer of which nothing is taken for as long as a request may take', () => {
  it.each([200_000, 5 * MIB])('is dropped, of %d bytes', async (bytes) => {
    answer = writes(bytes);
    const call = await asked('/call');
    look(0);
    look(LIMITS.requestMs - 1);
    expect(connection.requests.size).toBe(1);
    look(LIMITS.requestMs + 1);
    await until(() => connection.requests.size === 0);
    await until(() => call.closed);
    expect(call.rstCode).toBe(constants.NGHTTP2_ENHANCE_YOUR_CALM);
  });

  it('is dropped where nothing at all is read of the connection', async () => {
    answer = writes(64 * MIB);
    const socket = connectSocket(port, '127.0.0.1');
    await once(socket, 'connect');
    await asked('/call', {
      settings: { initialWindowSize: 2 ** 30 },
      createConnection: () => socket,
    });
    client?.setLocalWindowSize(2 ** 30);
    // The window leaves with it.
    client?.settings({});
    stopReading(socket, {});
    await until(() => connection.socket.bytesWritten > MIB);
    look(0);
    look(LIMITS.requestMs + 1);
    await until(() => connection.requests.size === 0);
  });

  it('is dropped of HTTP/1.1', async () => {
    protocol = 'http/1.1';
    [http1Answer] = (await once(get({ port }), 'response')) as [IncomingMessage];
    look(0);
    look(LIMITS.requestMs + 1);
    await until(() => connection.requests.size === 0);
  });

  it('is dropped of a stream of messages once it has ended, for it may pause until then', async () => {
    let end = (): void => undefined;
    answer = (stream) => {
      stream.respond();
      stream.write(Buffer.alloc(MIB));
      end = () => void stream.end();
    };
    await asked('/stream');
    look(0);
    look(LIMITS.requestMs + 1);
    expect(connection.requests.size).toBe(1);
    end();
    look(2 * LIMITS.requestMs);
    look(3 * LIMITS.requestMs + 1);
    await until(() => connection.requests.size === 0);
  });
});

it('an answer that is taken piece by piece goes on, and comes whole', async () => {
  answer = writes(5 * MIB);
  const call = await asked('/call');
  let [bytes, looks] = [0, 0];
  call.on('data', (chunk: Buffer) => {
    bytes += chunk.byteLength;
    // Each MiB comes long after the one before.
    if (bytes > (looks + 1) * MIB) look(++looks * (LIMITS.requestMs - 1_000));
  });
  await once(call, 'end');
  expect([bytes, looks]).toEqual([5 + 5 * MIB, 5]);
});
