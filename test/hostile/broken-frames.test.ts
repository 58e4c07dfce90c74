/** A request in one read with frames that break HTTP/2: its connection may end, and nothing else does. */

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { openSockets } from '../support/open-files';
import { startServeWith, type ServeProcess } from '../support/serve-process';
import { until } from '../sidecar/support/rig';
import { FLAG, frame, FRAME, RawHttp2, requestFields } from './raw-http2';
import { doorsOf, withApiKey } from './target';
import { grpcVictim } from './victim';

/** Each is an error of the connection, by RFC 9113. */
const BROKEN: readonly (readonly [string, Buffer])[] = [
  ['a window that grows by nothing', frame(FRAME.WINDOW_UPDATE, 0, 0, Buffer.alloc(4))],
  ['data of no stream', frame(FRAME.DATA, 0, 0, Buffer.from('a'))],
  ['settings of a wrong length', frame(FRAME.SETTINGS, 0, 0, Buffer.alloc(5))],
  ['a ping of a wrong length', frame(FRAME.PING, 0, 0, Buffer.alloc(7))],
  ['fields that are no HPACK', frame(FRAME.HEADERS, FLAG.END_HEADERS, 3, Buffer.alloc(9, 0xff))],
  ['a frame that is too long', frame(FRAME.DATA, 0, 1, Buffer.alloc(40_000))],
  ['a continuation of nothing', frame(FRAME.CONTINUATION, FLAG.END_HEADERS, 1)],
];

describe('Requests that are taken back as soon as they are made', () => {
  it('end their connection where they are more at once than it may have open, and nothing else', async () => {
    const serve = await startServeWith({});
    const door = doorsOf(serve.info).operator;
    const raw = await RawHttp2.open(door);
    expect(await raw.greeted).toBe(true);
    // Fewer than HTTP/2 in Node lets a connection take back at once.
    const pairs = Array.from({ length: 900 }, (_, index) => {
      const stream = 2 * index + 1;
      const request = frame(FRAME.HEADERS, FLAG.END_HEADERS, stream, requestFields({ ...door, headers: {} }));
      return Buffer.concat([request, frame(FRAME.RST_STREAM, 0, stream, Buffer.from([0, 0, 0, 8]))]);
    });
    raw.send(Buffer.concat(pairs));
    await raw.closed;
    const victim = grpcVictim(door);
    await victim.call();
    victim.close();
    expect(serve.log()).not.toContain('a server process died');
    expect(await serve.stop()).toBe(0);
  });
});

describe('A request with what breaks HTTP/2 behind it', () => {
  let serve: ServeProcess;
  let quiet = Infinity;
  beforeAll(async () => {
    // Nothing else ends a request that never comes whole while this runs.
    serve = await startServeWith({ flags: ['--request-timeout', '900', '--unproven-timeout', '900'] });
    quiet = sockets();
  });
  afterAll(() => serve.stop());

  /** Of both servers. */
  function sockets(): number {
    const { management, execution } = serve.info;
    return openSockets(management.pid) + openSockets(execution.pid);
  }

  it.each(BROKEN)('%s', async (_what, broken) => {
    const { info } = serve;
    const doors = doorsOf(info);
    const admin = withApiKey(doors.management, info);
    for (const door of [doors.management, admin, doors.console, doors.execution, doors.operator]) {
      for (const path of [door.path, '/no.such.Service/Method', '/grpc.health.v1.Health/Check']) {
        const raw = await RawHttp2.open(door);
        expect(await raw.greeted).toBe(true);
        const request = frame(FRAME.HEADERS, FLAG.END_HEADERS, 1, requestFields({ ...door, path }));
        raw.send(Buffer.concat([request, broken]));
        await Promise.race([raw.closed, sleep(50)]);
        raw.destroy();
      }
    }
    expect([info.management.pid, info.execution.pid].map((pid) => existsSync(`/proc/${pid}`))).toEqual([
      true,
      true,
    ]);
    expect(serve.log()).not.toContain('a server process died');
  });

  it('leaves no connection behind, though HTTP/2 has stopped and nobody reads that the client is gone', async () => {
    await until(() => sockets() <= quiet);
  });
});
