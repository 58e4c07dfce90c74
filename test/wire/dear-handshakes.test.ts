/**
 * Handshakes in which a client shows a long chain of certificates wait for others, and others do not wait for them; what comes
 * of them by bytes is read later and later.
 */

import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { PassThrough } from 'node:stream';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { clientHello } from '../../src/wire/listener/client-hello';
import { CountedSocket, FREE_BYTES } from '../../src/wire/listener/counted-socket';
import { DearHandshakes } from '../../src/wire/listener/dear-handshakes';
import { DearTurns, REST_TIMES, REST_TIMES_AFTER_LONG } from '../../src/wire/listener/dear-turns';

describe('What may take long', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  /** Parts that take so long, and when each was begun. */
  function begun() {
    const turns = new DearTurns();
    const order: [string, number][] = [];
    const zero = performance.now();
    const run = (source: string, tookMs: number) =>
      turns.run(source, () => {
        order.push([source, performance.now() - zero]);
        jest.advanceTimersByTime(tookMs);
      });
    return { order, run };
  }

  it('is done one after the other, each address in turn, and the others have most of the time', () => {
    const { order, run } = begun();
    for (let part = 0; part < 3; part++) run('loud', 300);
    run('quiet', 20);
    jest.advanceTimersByTime(120_000);
    const afterLong = 300 * (1 + REST_TIMES_AFTER_LONG);
    expect(order).toEqual([
      ['loud', 0],
      ['loud', afterLong],
      ['quiet', 2 * afterLong],
      ['loud', 2 * afterLong + 20 * (1 + REST_TIMES)],
    ]);
  });

  it('is not done for who has gone, and begins at once where nothing waits', () => {
    const { order, run } = begun();
    run('one', 1);
    const cancel = run('gone', 1);
    cancel();
    jest.advanceTimersByTime(1_000);
    run('two', 1);
    expect(order.map(([source]) => source)).toEqual(['one', 'two']);
  });
});

describe('A socket whose bytes are counted', () => {
  let server: Server;
  beforeAll(async () => {
    server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterAll(() => void server.close());

  /** Both ends of a connection. */
  async function connected(): Promise<{ client: Socket; accepted: Socket }> {
    const client = connect((server.address() as AddressInfo).port, '127.0.0.1').on('error', () => undefined);
    const [accepted] = (await once(server, 'connection')) as [Socket];
    return { client, accepted };
  }

  /** Collects what can be read of it. */
  function readOf(counted: CountedSocket): { bytes(): number } {
    let length = 0;
    counted.on('data', (bytes: Buffer) => (length += bytes.byteLength));
    return { bytes: () => length };
  }

  async function until(holds: () => boolean): Promise<void> {
    while (!holds()) await new Promise(setImmediate);
  }

  it('gives at once what is free, the rest when its turn comes, and everything once the handshake is done', async () => {
    const { client, accepted } = await connected();
    const waiting: (() => void)[] = [];
    const turns = { run: (_source: string, part: () => void) => (waiting.push(part), () => undefined) };
    let isSecured = false;
    const counted = new CountedSocket({
      ...{ socket: accepted, source: '', turns: turns as unknown as DearTurns, isSecured: () => isSecured },
    });
    const read = readOf(counted);
    client.write(Buffer.alloc(20_000, 'c'));
    await until(() => waiting.length === 1);
    expect(read.bytes()).toBe(FREE_BYTES);
    waiting[0]!();
    await until(() => read.bytes() === 20_000);
    client.write(Buffer.alloc(100, 'd'));
    await until(() => waiting.length === 2);
    expect(read.bytes()).toBe(20_000);
    isSecured = true;
    waiting[1]!();
    client.write(Buffer.alloc(100_000, 'e'));
    await until(() => read.bytes() === 120_100);
    expect(waiting).toHaveLength(2);
    client.destroy();
    await once(counted, 'close');
  });

  it('waits for nobody where the handshake was done by what was free', async () => {
    const { client, accepted } = await connected();
    let isSecured = false;
    const turns = { run: () => expect('waits').toBe('never') };
    const counted = new CountedSocket({
      ...{ socket: accepted, source: '', turns: turns as unknown as DearTurns, isSecured: () => isSecured },
    });
    counted.on('data', () => (isSecured = true));
    const read = readOf(counted);
    client.write(Buffer.alloc(50_000, 'c'));
    await until(() => read.bytes() === 50_000);
    client.destroy();
    await once(counted, 'close');
  });

  it('writes what it is given, and ends with either side', async () => {
    const { client, accepted } = await connected();
    const counted = new CountedSocket({
      ...{ socket: accepted, source: '', turns: new DearTurns(), isSecured: () => true },
    });
    let said = '';
    client.on('data', (bytes) => (said += bytes.toString()));
    counted.cork();
    counted.write('a');
    counted.write('b');
    counted.uncork();
    counted.write('c');
    await until(() => said === 'abc');
    counted.destroy();
    await once(client, 'close');
    expect(accepted.destroyed).toBe(true);
  });
});

describe('Of a client that says a byte each millisecond', () => {
  beforeEach(() => void jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] }));
  afterEach(() => void jest.useRealTimers());

  /** How often such a socket is read in five seconds. */
  async function timesRead(take: (socket: Socket) => void): Promise<number> {
    let [isRead, times, waiting] = [true, 0, 0];
    const _handle = {
      writeQueueSize: 0,
      readStop: () => (isRead = false),
      readStart: () => (isRead = true),
    };
    const socket = Object.assign(new PassThrough(), { _handle });
    take(socket as unknown as Socket);
    // RFC 8446: of a record with a message that is longer than what comes.
    socket.push(Buffer.from([22, 3, 1, 63, 255, 1, 0, 63, 251]));
    for (let ms = 0; ms < 5_000; ms++) {
      waiting++;
      if (isRead) {
        socket.push(Buffer.alloc(waiting));
        [times, waiting] = [times + 1, 0];
      }
      await jest.advanceTimersByTimeAsync(1);
    }
    return times;
  }

  // The rests up to 128 ms are eight, and each further one is of 256 ms.
  const MOST = 8 + 20;

  it('the first message is read a few times a second', async () => {
    expect(await timesRead((socket) => void clientHello(socket))).toBeLessThanOrEqual(MOST);
  });

  it('what comes after it is, while the handshake is not done', async () => {
    const options = { source: '', turns: new DearTurns() };
    const read = (isSecured: () => boolean) =>
      timesRead((socket) => void new CountedSocket({ socket, isSecured, ...options }).resume());
    expect(await read(() => false)).toBeLessThanOrEqual(MOST);
    expect(await read(() => true)).toBe(5_000);
  });
});

it('Handshakes are counted while four others go on, and after one whose client said a lot came to nothing', () => {
  const dear = new DearHandshakes();
  const said = (bytesRead: number) =>
    ({ bytesRead, on: () => said(0), once: () => said(0) }) as unknown as Socket;
  const isCounted = (socket: Socket) => dear.begin(socket, '', () => false) !== socket;
  const first = [said(0), said(0), said(FREE_BYTES), said(FREE_BYTES + 1)];
  expect(first.map(isCounted)).toEqual([false, false, false, false]);
  expect(isCounted(said(0))).toBe(true);
  dear.succeeded(first[0]!);
  dear.failed(first[2]!);
  expect([said(0), said(0), said(0)].map(isCounted)).toEqual([false, false, true]);
  dear.failed(first[3]!);
  expect(isCounted(said(0))).toBe(true);
});
