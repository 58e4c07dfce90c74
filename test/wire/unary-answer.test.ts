/** An answer on the bare stream: whole for whoever reads it, and released when it has left, to be zeroed then. */

import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { once } from 'node:events';
import {
  connect,
  createServer,
  type ClientHttp2Session,
  type Http2Server,
  type ServerHttp2Stream,
} from 'node:http2';
import type { AddressInfo } from 'node:net';
import { writeMessage } from '../../src/wire/listener/unary-call';

/** More than the 64 KiB that HTTP/2 sends without being asked for more (RFC 9113 §6.9.2). */
const LONG = 300_000;

let server: Http2Server;
let client: ClientHttp2Session;
let parts: Buffer[];
/** Whether nobody looks at the parts any more, each time that they were released. */
let released: boolean[];
let isAnswered: boolean;
let closed: Promise<unknown>;

beforeEach(async () => {
  released = [];
  isAnswered = true;
  parts = ['tenant ', 'config ', 'receipt'].map((text) => Buffer.alloc(LONG, text));
  server = createServer();
  closed = new Promise((resolve) =>
    server.on('stream', (stream) => {
      stream.on('error', () => undefined);
      stream.once('close', () => setImmediate(resolve));
      stream.resume().once('end', () => {
        if (isAnswered) writeMessage(stream, parts, release);
      });
    }),
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  client = connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
afterEach(() => {
  client.destroy();
  server.close();
});

function release(isFree: boolean): void {
  released.push(isFree);
  for (const part of parts) part.fill(0);
}

it('comes whole, with its length before it, and is released once, when it was sent', async () => {
  const message = Buffer.concat(parts);
  const call = client.request({ ':method': 'POST', ':path': '/' }).end();
  const chunks: Buffer[] = [];
  call.on('data', (chunk: Buffer) => chunks.push(chunk));
  const [trailers] = (await once(call, 'trailers')) as [Record<string, string>];
  await closed;
  const prefix = Buffer.from([0, 0, 0x0d, 0xbb, 0xa0]); // 900,000
  expect(Buffer.concat(chunks).equals(Buffer.concat([prefix, message]))).toBe(true);
  expect(trailers['grpc-status']).toBe('0');
  expect(released).toEqual([true]);
});

it('of nothing is its length alone: no empty write ends the prefix’s before it has left', async () => {
  parts = [Buffer.alloc(0)];
  const written: number[] = [];
  server.prependListener('stream', (stream: ServerHttp2Stream) => {
    const write = stream.write.bind(stream) as (chunk: Buffer) => boolean;
    stream.write = (chunk: Buffer) => written.push(chunk.byteLength) > 0 && write(chunk);
  });
  const call = client.request({ ':method': 'POST', ':path': '/' }).end();
  const chunks: Buffer[] = [];
  call.on('data', (chunk: Buffer) => chunks.push(chunk));
  await once(call, 'trailers');
  await closed;
  expect(Buffer.concat(chunks)).toEqual(Buffer.alloc(5));
  expect(written).toEqual([5]);
});

it('is released too where the client takes a part of it and leaves', async () => {
  const call = client.request({ ':method': 'POST', ':path': '/' }).end();
  call.on('error', () => undefined);
  await once(call, 'readable');
  call.close();
  await closed;
  expect(released).toEqual([false]);
});

it('is released too where the client is gone before it is written', async () => {
  isAnswered = false;
  const call = client.request({ ':method': 'POST', ':path': '/' });
  call.on('error', () => undefined);
  const [stream] = (await once(server, 'stream')) as [Parameters<typeof writeMessage>[0]];
  call.destroy();
  await closed;
  writeMessage(stream, parts, release);
  expect(released).toEqual([true]);
});
