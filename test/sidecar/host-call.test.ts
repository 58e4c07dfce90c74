/** A call to a node host, whatever the host makes of it: the host is written by hand on node:http2. */

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { constants, createServer, type Http2Server, type ServerHttp2Stream } from 'node:http2';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { callHost, type HostRequest } from '../../src/sidecar/host-call';
import { HostConnection } from '../../src/sidecar/host-connection';
import { until } from './support/rig';

const OK = { ':status': 200, 'content-type': 'application/grpc' };
const NEVER = { isCancelled: false, onCancel: () => () => undefined };

/** A message of gRPC: one byte whether it is packed, four with its length, in network order. */
const framed = (text: string, packed = 0): Buffer =>
  Buffer.concat([Buffer.from([packed, 0, 0, 0, text.length]), Buffer.from(text)]);

let folder: string;
let server: Http2Server;
let connection: HostConnection;
let host: (stream: ServerHttp2Stream) => void;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'axiom-host-call-'));
  server = createServer();
  server.on('session', (session) => session.on('error', () => undefined));
  server.on('stream', (stream) => {
    stream.on('error', () => undefined);
    host(stream);
  });
  const socket = join(folder, 'host.sock');
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  connection = await HostConnection.open(socket, 60_000);
});
afterEach(() => {
  connection.close();
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

/** @returns the messages that were taken. */
async function call(
  request: Partial<HostRequest> = {},
  take: (message: string) => void | Promise<void> = () => undefined,
): Promise<readonly string[]> {
  const messages: string[] = [];
  const whole = { path: '/host/Call', message: Buffer.from('request'), ...request };
  await callHost(connection, whole, { deadline: Date.now() + 60_000, cancellation: NEVER }, (bytes) => {
    messages.push(bytes.toString());
    return take(bytes.toString());
  });
  return messages;
}

function answer(stream: ServerHttp2Stream, ...chunks: readonly Buffer[]): void {
  stream.respond(OK, { waitForTrailers: true });
  stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
  for (const chunk of chunks) stream.write(chunk);
  stream.end();
}

it('a message of nothing comes as that, whoever has its memory next', async () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const came: Buffer[] = [];
  host = (stream) => {
    const chunks: Buffer[] = [];
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.on('end', () => came.push(Buffer.concat(chunks)));
    answer(stream);
  };
  const others: Buffer[] = [];
  const sent = (): void => {
    collect();
    for (let i = 0; i < 500; i++) others[i] = Buffer.alloc(5, 0xee);
  };
  const send = (): Promise<void> =>
    new Promise<void>((closed) => {
      const ignore = (): undefined => undefined;
      const listener = { begins: ignore, message: ignore, ended: ignore, closed };
      const stream = connection.call('/host/Call', Date.now() + 60_000, listener);
      stream.write(Buffer.alloc(0), sent);
      setImmediate(() => stream.end());
    });
  for (let round = 0; round < 2; round++) await Promise.all(Array.from({ length: 20 }, send));
  expect(came).toEqual(Array.from({ length: 40 }, () => framed('')));
});

describe('the messages of a host', () => {
  it('are taken one by one, several in one piece', async () => {
    host = (stream) => answer(stream, Buffer.concat([framed('one'), framed(''), framed('three')]));
    expect(await call()).toEqual(['one', '', 'three']);
  });

  it('are taken one by one, each in pieces of a byte', async () => {
    const bytes = Buffer.concat([framed('one'), framed('two')]);
    host = (stream) => answer(stream, ...Array.from(bytes, (byte) => Buffer.from([byte])));
    expect(await call()).toEqual(['one', 'two']);
  });

  it('are all taken before the call is over, each after the one before, also where its status came long ago', async () => {
    let isAnswered = false;
    host = (stream) => {
      answer(stream, framed('one'), framed('two'), framed('three'));
      stream.once('close', () => (isAnswered = true));
    };
    let taking = 0;
    let atOnce = 0;
    const taken = await call({}, async () => {
      atOnce = Math.max(atOnce, ++taking);
      await new Promise((resolve) => setTimeout(resolve, 20));
      taking--;
    });
    expect([taken, atOnce]).toEqual([['one', 'two', 'three'], 1]);
    await until(() => isAnswered);
  });

  it('end the call with what takes them', async () => {
    host = (stream) => answer(stream, framed('one'), framed('two'));
    const refused = () => {
      throw new Error('not that one');
    };
    await expect(call({}, refused)).rejects.toThrow('not that one');
    await expect(call({}, async () => refused())).rejects.toThrow('not that one');
  });
});

describe('a call to a host fails', () => {
  const respond = (fields: object) => (stream: ServerHttp2Stream) =>
    stream.respond({ ...OK, ...fields }, { endStream: true });
  const say = (bytes: Buffer) => (stream: ServerHttp2Stream) => {
    stream.respond(OK);
    stream.write(bytes);
  };
  const cases: readonly (readonly [string, string, (stream: ServerHttp2Stream) => unknown])[] = [
    [
      'NOT_FOUND',
      'with its status alone',
      respond({ 'grpc-status': '5', 'grpc-message': 'no such n%C3%B6de' }),
    ],
    ['UNKNOWN', 'with a status that gRPC does not have', respond({ 'grpc-status': '99' })],
    ['UNKNOWN', 'with a status that is no number', respond({ 'grpc-status': 'OK' })],
    ['UNAVAILABLE', 'without a status', respond({})],
    ['UNIMPLEMENTED', 'where nobody knows the path', respond({ ':status': 404 })],
    ['UNAVAILABLE', 'where a proxy has no host', respond({ ':status': 503 })],
    ['INTERNAL', 'where a web server answers', respond({ ':status': 500 })],
    [
      'RESOURCE_EXHAUSTED',
      'where it is too much',
      (stream) => stream.close(constants.NGHTTP2_ENHANCE_YOUR_CALM),
    ],
    ['UNAVAILABLE', 'where it is reset', (stream) => stream.close(constants.NGHTTP2_INTERNAL_ERROR)],
    ['UNAVAILABLE', 'where the host dies', (stream) => stream.session?.destroy()],
    ['INTERNAL', 'where a message is packed, which nobody asked for', say(framed('one', 1))],
    [
      'RESOURCE_EXHAUSTED',
      'at once where a message says that it has 4 GiB',
      say(Buffer.alloc(5, 0xff).fill(0, 0, 1)),
    ],
  ];

  it.each(cases)('as %s %s', async (codeName, _, does) => {
    host = does;
    await expect(call()).rejects.toMatchObject({ codeName });
  });

  it('with the text of its status, percent-encoded or not', async () => {
    host = respond({ 'grpc-status': '5', 'grpc-message': 'no such n%C3%B6de' });
    await expect(call()).rejects.toThrow('no such nöde');
    host = respond({ 'grpc-status': '5', 'grpc-message': '100 % wrong' });
    await expect(call()).rejects.toThrow('100 % wrong');
  });
});

it('a message is wiped when its call is over', async () => {
  host = (stream) => answer(stream);
  const message = Buffer.from('a value');
  await call({ message });
  await until(() => message.every((byte) => byte === 0));
});

it('a message is wiped once its host has it, however long the call goes on', async () => {
  let finish = (): void => undefined;
  host = (stream) => {
    stream.resume();
    finish = () => answer(stream);
  };
  const message = Buffer.from('a value');
  let held = 0;
  const hold = () => {
    held++;
    return () => void held--;
  };
  const calling = call({ message, hold });
  expect(held).toBe(1);
  await until(() => held === 0);
  expect(message.every((byte) => byte === 0)).toBe(true);
  finish();
  expect(await calling).toEqual([]);
});

it('a call that its host ends well before it has heard everything ends well, and is closed', async () => {
  let isClosed = false;
  host = (stream) => {
    stream.once('close', () => (isClosed = true));
    answer(stream, framed('enough'));
  };
  async function* endless() {
    for (;;) yield Buffer.alloc(100_000);
  }
  expect(await call({ inputs: endless() })).toEqual(['enough']);
  await until(() => isClosed);
});

it('a call that is under way goes on when its host takes no more, and the next one is refused', async () => {
  let finish = (): void => undefined;
  host = (stream) => {
    finish = () => answer(stream, framed('done'));
    stream.session?.goaway(constants.NGHTTP2_NO_ERROR);
  };
  const underWay = call();
  await connection.whenGone;
  connection.retire();
  const message = Buffer.from('a value');
  await expect(call({ message })).rejects.toMatchObject({ reason: 'NODE_HOST_UNAVAILABLE' });
  expect(message.every((byte) => byte === 0)).toBe(true);
  finish();
  expect(await underWay).toEqual(['done']);
});

it('a message whose call is taken back before its host has room for it is wiped', async () => {
  let isFull = false;
  host = (stream) => stream.session?.settings({ maxConcurrentStreams: 1 }, () => (isFull = true));
  const standing = call();
  await until(() => isFull);
  const message = Buffer.from('a value');
  let cancel = (): void => undefined;
  const onCancel = (listener: () => void) => {
    cancel = listener;
    return () => undefined;
  };
  const wait = { deadline: Date.now() + 60_000, cancellation: { isCancelled: false, onCancel } };
  const waiting = callHost(connection, { path: '/host/Call', message }, wait, () => undefined);
  cancel();
  await expect(waiting).rejects.toMatchObject({ codeName: 'CANCELLED' });
  await until(() => message.every((byte) => byte === 0));
  connection.close();
  await expect(standing).rejects.toMatchObject({ codeName: 'UNAVAILABLE' });
});
