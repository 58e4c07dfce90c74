/** What anybody may ask a door, health and reflection, and log-ins: whoever asks without end takes little. */

import { once } from 'node:events';
import { connect as connectHttp2, constants, type OutgoingHttpHeaders } from 'node:http2';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { until } from '../sidecar/support/rig';
import { startServeWith, type ServeProcess } from '../support/serve-process';
import { unfinishedCalls } from './attacks';
import { FLAG, frame, FRAME, RawHttp2, requestFields } from './raw-http2';
import { residentMiB } from './resident-memory';
import { doorsOf, withApiKey, type Target } from './target';
import { browserVictim, grpcVictim, newcomer } from './victim';

const MIB = 1024 * 1024;
const CHECK = '/grpc.health.v1.Health/Check';
const WATCH = '/grpc.health.v1.Health/Watch';
const REFLECT = '/grpc.reflection.v1.ServerReflection/ServerReflectionInfo';

let serve: ServeProcess;

describe('Memory', () => {
  beforeAll(async () => {
    serve = await startServeWith({});
  });
  afterAll(() => serve.stop());

  const cases = [CHECK, WATCH, REFLECT, '/no.such.Service/Method'].map((path) => [path]);
  it.each(cases)('is not taken by 150 calls of %s of 3.9 MiB that never end', async (path) => {
    const { management, execution } = doorsOf(serve.info);
    for (const [door, pid] of [
      [{ ...management, path }, serve.info.management.pid],
      [{ ...execution, path }, serve.info.execution.pid],
    ] as const) {
      const before = residentMiB(pid);
      const attack = await unfinishedCalls(150, 3.9 * MIB).begin(door);
      // What is not a request's is read more and more slowly.
      await Promise.race([attack.sent, sleep(2_500)]);
      expect([door.name, residentMiB(pid) - before < 150]).toEqual([door.name, true]);
      attack.end();
    }
    const victim = grpcVictim(withApiKey(management, serve.info));
    await victim.call();
    victim.close();
  });
});

describe('As many requests of one address as it may have connections', () => {
  const MOST = 12;

  beforeAll(async () => {
    serve = await startServeWith({ flags: ['--max-connections-per-address', String(MOST)] });
  });
  afterAll(() => serve.stop());

  /** @returns how many of so many requests the server holds open, when it has refused those that are too many. */
  async function held(door: Target, headers: OutgoingHttpHeaders, count: number): Promise<number> {
    const session = connectHttp2(`https://${door.address}`, { ...door.tls, servername: 'localhost' });
    session.on('error', () => undefined);
    await once(session, 'connect');
    let refused = 0;
    for (let one = 0; one < count; one++) {
      const stream = session.request({ ...door.headers, ':method': 'POST', ...headers });
      stream.on('error', () => undefined);
      stream.on('close', () => (refused += Number(stream.rstCode === constants.NGHTTP2_REFUSED_STREAM)));
      stream.write(Buffer.alloc(5));
    }
    await until(() => refused >= count - MOST);
    const admin = newcomer(() => grpcVictim(withApiKey(doorsOf(serve.info).management, serve.info)));
    const person = newcomer(() => browserVictim(doorsOf(serve.info).console));
    // The victims are of the same address, and at other doors.
    await (door.name === 'console' ? admin : person).call();
    const open = count - refused;
    session.destroy();
    return open;
  }

  it.each([WATCH, REFLECT])('may be open with %s', async (path) => {
    expect(await held(doorsOf(serve.info).management, { ':path': path }, MOST + 10)).toBe(MOST);
  });

  it('are not all that may be open once somebody has proved who calls', async () => {
    const door = withApiKey(doorsOf(serve.info).management, serve.info);
    const sessions = [];
    let refused = 0;
    for (let one = 0; one < 3; one++) {
      const session = connectHttp2(`https://${door.address}`, { ...door.tls, servername: 'localhost' });
      session.on('error', () => undefined);
      sessions.push(session);
      for (let call = 0; call < MOST - 5; call++) {
        const stream = session.request({ ...door.headers, ':method': 'POST', ':path': door.path });
        stream.on('error', () => refused++);
        stream.write(Buffer.alloc(3));
      }
      const answered = session.request({ ...door.headers, ':method': 'POST', ':path': door.path });
      const [headers] = await once(answered.end(Buffer.alloc(5)), 'response');
      expect(headers).toMatchObject({ ':status': 200 });
    }
    expect(refused).toBe(0);
    for (const session of sessions) session.destroy();
  });

  it('leave room for whoever comes, also where they are log-ins that wait on many connections', async () => {
    const door = { ...doorsOf(serve.info).console, path: '/console/session' };
    const attackers: RawHttp2[] = [];
    for (let one = 0; one < MOST; one++) {
      const raw = await RawHttp2.open(door);
      expect(await raw.greeted).toBe(true);
      for (const stream of [1, 3]) {
        raw.send(frame(FRAME.HEADERS, FLAG.END_HEADERS, stream, requestFields(door)));
        raw.send(frame(FRAME.DATA, 0, stream, Buffer.from('a')));
      }
      attackers.push(raw);
    }
    const person = newcomer(() => browserVictim(door));
    for (let call = 0; call < 3; call++) await person.call();
    // Each has two, so half of them had to go, whatever became of those that came last.
    await until(() => attackers.filter((raw) => raw.isOpen).length <= MOST / 2);
    for (const raw of attackers) raw.destroy();
  });

  it('may be open with log-ins whose keys never come', async () => {
    const login = { ':path': '/console/session', 'content-length': '100' };
    expect(await held(doorsOf(serve.info).console, login, MOST + 10)).toBe(MOST);
    expect(await held(doorsOf(serve.info).console, login, MOST)).toBe(MOST);
  });
});
