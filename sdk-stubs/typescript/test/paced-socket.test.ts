/** How much of a connection HTTP/2 gets in a turn of the event loop, and that it gets all of it. */

import { mkdtempSync, rmSync } from 'node:fs';
import { createServer as createHttp2, type Http2Server, type ServerHttp2Stream } from 'node:http2';
import { createConnection, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import type { Server } from '@grpc/grpc-js';
import { listen } from '../gen/axiom/socket';
import { Turns } from '../gen/axiom/turns';

const MIB = 1024 * 1024;
const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');

const folder = mkdtempSync(join(tmpdir(), 'axiom-paced-'));
const opened: (() => void)[] = [];
afterEach(() => opened.splice(0).forEach((close) => close()));
afterAll(() => rmSync(folder, { recursive: true }));

/** A host's socket, whose connections go to `injected`, with so many clients on it. */
async function connected(injected: (connection: Duplex) => void, clients: number): Promise<Socket[]> {
  const path = join(folder, `${Math.random()}.sock`);
  const grpc = { createConnectionInjector: () => ({ injectConnection: injected }) };
  const sockets = await listen(grpc as unknown as Server, path);
  opened.push(() => sockets.close());
  const all: Socket[] = [];
  for (let client = 0; client < clients; client++) {
    // Its host may end it while it writes.
    const socket = createConnection(path).on('error', () => undefined);
    opened.push(() => socket.destroy());
    await new Promise<void>((resolve) => socket.once('connect', resolve));
    all.push(socket);
  }
  return all;
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await aTurn();
}

function aTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function numbered(bytes: number): Buffer {
  return Buffer.from(Uint32Array.from({ length: bytes / 4 }, (_, index) => index).buffer);
}

it('all that comes is handed on in its order, a slice in a turn, and then its end', async () => {
  const taken: Buffer[] = [];
  let inTurn = 0;
  let most = 0;
  let hasEnded = false;
  const [client] = await connected((connection) => {
    connection.on('data', (chunk: Buffer) => {
      taken.push(chunk);
      inTurn += chunk.byteLength;
      most = Math.max(most, inTurn);
    });
    connection.once('end', () => (hasEnded = true));
  }, 1);
  const sent = numbered(4 * MIB);
  client?.end(sent);
  while (!hasEnded) {
    await aTurn();
    inTurn = 0;
  }
  expect(Buffer.concat(taken).equals(sent)).toBe(true);
  // Once what is at hand, and once a slice.
  expect(most).toBeLessThanOrEqual(2 * 64 * 1024);
});

it('what HTTP/2 does not want yet is kept, in its order', async () => {
  const sent = numbered(MIB);
  let connection: Duplex | undefined;
  const [client] = await connected((one) => (connection = one), 1);
  client?.end(sent);
  const taken: Buffer[] = [];
  await until(() => (connection?.readableLength ?? 0) > 0);
  connection?.on('data', (chunk: Buffer) => {
    taken.push(chunk);
    connection?.pause();
    setImmediate(() => connection?.resume());
  });
  await new Promise((resolve) => connection?.once('end', resolve));
  expect(Buffer.concat(taken).equals(sent)).toBe(true);
});

it('of what HTTP/2 does not want little is held, in however small pieces it comes', async () => {
  let connection: Duplex | undefined;
  const [client] = await connected((one) => (connection = one), 1);
  for (let piece = 0; piece < 1_024; piece++) {
    client?.write(Buffer.alloc(1_024));
    await aTurn();
  }
  await until(() => (connection?.readableLength ?? 0) > 0);
  expect(connection?.readableLength).toBeLessThan(128 * 1_024);
});

it('who says little is not behind what another connection has to say', async () => {
  const order: string[] = [];
  const [loud, quiet] = await connected(
    (connection) =>
      connection.on('data', (chunk: Buffer) => {
        order.push(chunk.includes('quiet') ? 'quiet' : 'loud');
        if (order.length === 2) quiet?.write('quiet');
      }),
    2,
  );
  loud?.write(Buffer.alloc(4 * MIB));
  await until(() => order.includes('quiet'));
  // By slices of 64 KiB at most there are 64 of them.
  expect(order.indexOf('quiet')).toBeLessThan(16);
});

it('each connection hands on something at once in a turn, and what is more one after the other', async () => {
  const turns = new Turns();
  const handed: string[] = [];
  const [one, other] = ['one', 'other'].map((name) => ({ handOn: () => handed.push(name) }));
  if (one === undefined || other === undefined) throw new Error('there are two');
  expect([one, other, one].map((connection) => turns.takeAtOnce(connection))).toEqual([true, true, false]);
  await aTurn();
  expect(turns.takeAtOnce(one)).toBe(true);
  turns.wait(one);
  turns.wait(other);
  expect(handed).toEqual([]);
  await aTurn();
  expect(handed).toEqual(['one']);
  turns.closed(other);
  turns.wait(one);
  await until(() => handed.length === 2);
  expect(handed).toEqual(['one', 'one']);
});

it('a connection on which HTTP/2 has stopped ends, also where nobody can see that its client has gone', async () => {
  jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'performance', 'queueMicrotask'] });
  try {
    const http2: Http2Server = createHttp2();
    const streams: ServerHttp2Stream[] = [];
    http2.on('stream', (stream) => streams.push(stream.on('error', () => undefined)));
    http2.on('session', (session) => session.on('error', () => undefined));
    let connection: Duplex | undefined;
    const [client] = await connected((one) => {
      connection = one;
      http2.emit('connection', one);
    }, 1);
    // HEADERS without END_STREAM; RFC 7541, appendix A: POST, https, / and an authority.
    const request = Buffer.from([0, 0, 6, 1, 4, 0, 0, 0, 1, 0x83, 0x87, 0x84, 0x01, 0x01, 0x61]);
    const dataOfNoStream = Buffer.from([0, 0, 1, 0, 0, 0, 0, 0, 0, 0x61]);
    client?.write(Buffer.concat([PREFACE, Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]), request]));
    await until(() => streams.length === 1);
    client?.write(Buffer.concat([dataOfNoStream, Buffer.alloc(MIB)]));
    // Later versions of Node than 20 end it by themselves.
    await until(() => connection?.destroyed === true || (connection?.readableLength ?? 0) > 16 * 1024);
    client?.destroy();
    await until(() => {
      jest.advanceTimersByTime(1_000);
      return streams[0]?.closed === true;
    });
  } finally {
    jest.useRealTimers();
  }
});
