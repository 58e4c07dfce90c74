/** Whoever has proved nothing costs nothing: no memory, no place that another needs, no time. */

import { create, toBinary } from '@bufbuild/protobuf';
import { on, once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect as connectHttp2, type IncomingHttpHeaders, type Settings } from 'node:http2';
import { connect as connectTcp } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect as connectTls, type ConnectionOptions } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { StartExecutionRequestSchema } from '../../src/gen/axiom/executions/v1/executions_pb';
import { dataDirAt } from '../../src/server/data-dir';
import { ensureCertificates } from '../../src/server/pki/certificates';
import { createFolders } from '../../src/server/prepare';
import { until } from '../sidecar/support/rig';
import { startServeWith, type ServeProcess } from '../support/serve-process';
import { silentConnections, unfinishedCalls } from './attacks';
import { connectTo, FLAG, frame, FRAME, RawHttp2, requestFields } from './raw-http2';
import { residentMiB } from './resident-memory';
import { doorsOf, IMPORT_SECRETS, withApiKey, type Target } from './target';
import { connectionsWithinFileLimit } from '../../src/wire/listener/file-limit';
import { prefixOf } from '../../src/wire/message-frames';
import { browserVictim, grpcVictim, newcomer, type Victim } from './victim';

const MIB = 1024 * 1024;
/** RFC 9113 §7. */
const REFUSED_STREAM = Buffer.from([0, 0, 0, 7]);

/** A pair and the CA that signed it, as another service has them. */
async function certificatesOfStrangers() {
  const dir = dataDirAt(mkdtempSync(join(tmpdir(), 'axiom-strangers-')));
  createFolders(dir, 'both', undefined);
  const wishes = { hosts: [], isFirstStart: true, needsServerPairs: true, needsClientCa: true };
  await ensureCertificates(dir, wishes, Date.now());
  const { certificate, key } = dir.workloads.pair('engine');
  const [pem, keyPem, ca] = [certificate, key, dir.caCertificate].map((path) => readFileSync(path, 'utf8'));
  rmSync(dir.root, { recursive: true });
  return { certificate: pem!, key: keyPem!, ca: ca! };
}

describe('Without a credential', () => {
  let serve: ServeProcess;
  let doors: ReturnType<typeof doorsOf>;
  let admin: Target;

  beforeAll(async () => {
    serve = await startServeWith({
      flags: ['--unproven-timeout', '1', '--handshake-timeout', '1', '--request-timeout', '1'],
    });
    doors = doorsOf(serve.info);
    admin = withApiKey(doors.management, serve.info);
  });

  afterAll(() => serve.stop());

  it('150 calls of 3.9 MiB that never end are held by nobody', async () => {
    const { pid } = serve.info.management;
    const victim = grpcVictim(admin);
    await victim.call();
    const before = residentMiB(pid);
    const attack = await unfinishedCalls(150, 3.9 * MIB).begin({ ...doors.management, path: IMPORT_SECRETS });
    await Promise.all([attack.sent, victim.call(), victim.call()]);
    // Without judging headers first it was 668 MiB more.
    expect(residentMiB(pid) - before).toBeLessThan(150);
    await victim.call();
    attack.end();
    victim.close();
  });

  it('log-ins whose bytes come one by one take little more than those bytes', async () => {
    // All of them are there at the end, however long the machine takes for so many frames.
    const patient = await startServeWith({
      flags: ['--unproven-timeout', '900', '--request-timeout', '900'],
    });
    const { pid } = patient.info.management;
    const door = { ...doorsOf(patient.info).console, path: '/console/session' };
    await browserVictim(door).call();
    const before = residentMiB(pid);
    const all = [];
    for (let one = 0; one < 60; one++) all.push(await loginsByteByByte(door));
    await browserVictim(door).call();
    expect(all.map((raw) => raw.isOpen)).toEqual(all.map(() => true));
    // 960,000 of them, which took more than 120 MiB as buffers of their own.
    expect(residentMiB(pid) - before).toBeLessThan(90);
    for (const raw of all) raw.destroy();
    await patient.stop();
  });

  it.each([
    ['TLS', true],
    ['TCP', false],
  ])('silent %s connections are closed, on every door', async (_what, handshake) => {
    for (const door of [doors.management, doors.console]) {
      const attack = await silentConnections(50, handshake).begin(door);
      for (let tries = 0; attack.open() > 0 && tries < 100; tries++) await sleep(100);
      expect([door.name, attack.open()]).toEqual([door.name, 0]);
    }
    const door = doors.execution;
    const attack = await silentConnections(50, handshake).begin(door);
    for (let tries = 0; attack.open() > 0 && tries < 100; tries++) await sleep(100);
    expect([door.name, attack.open()]).toEqual([door.name, 0]);
  });

  it('a connection may have few requests open until one of them has proved who calls, on every door', async () => {
    const start = create(StartExecutionRequestSchema, { tenantId: 'default', flowId: 'f' });
    for (const [door, message] of [
      [admin, new Uint8Array()],
      [doors.execution, toBinary(StartExecutionRequestSchema, start)],
      [doors.console, undefined],
    ] as const) {
      const session = connectHttp2(`https://${door.address}`, { ...door.tls, servername: 'localhost' });
      const told = on(session, 'remoteSettings') as AsyncIterator<[Settings]>;
      expect((await told.next()).value[0].maxConcurrentStreams).toBe(16);
      if (message !== undefined) {
        const call = session.request({ ...door.headers, ':method': 'POST', ':path': door.path });
        call.end(Buffer.concat([prefixOf(message.byteLength), message])).resume();
        // What looks for broken connections repeats in between what has been told.
        let { maxConcurrentStreams: most } = (await told.next()).value[0];
        while (most === 16) most = (await told.next()).value[0].maxConcurrentStreams;
        expect(most).toBe(256);
      }
      session.destroy();
    }
  });

  it('of requests that come before their sender was told so, those beyond are refused unread', async () => {
    const raw = await RawHttp2.open(doors.management);
    const received: Buffer[] = [];
    raw.socket.on('data', (bytes: Buffer) => received.push(bytes));
    const request = requestFields(doors.management);
    const calls = Array.from({ length: 50 }, (_, call) =>
      frame(FRAME.HEADERS, FLAG.END_HEADERS | FLAG.END_STREAM, 2 * call + 1, request),
    );
    raw.send(Buffer.concat(calls));
    const count = (type: number, payload = Buffer.alloc(0)) =>
      framesIn(Buffer.concat(received)).filter(
        (one) => one.type === type && one.payload.subarray(0, payload.byteLength).equals(payload),
      ).length;
    const refused = () => count(FRAME.RST_STREAM, REFUSED_STREAM);
    await until(() => count(FRAME.HEADERS) + refused() >= 50);
    expect([count(FRAME.HEADERS), refused()]).toEqual([16, 34]);
    expect(raw.isOpen).toBe(true);
    raw.destroy();
  });

  it('a hundred calls that begin together on a new connection are all answered', async () => {
    const victim = grpcVictim(admin);
    await Promise.all(Array.from({ length: 100 }, () => victim.ask()));
    victim.close();
  });

  it('clients of an address get in while others of it show long chains of certificates that nobody here has signed', async () => {
    const strangers = await certificatesOfStrangers();
    // Some 9 KB, as many certificates as cost others less than a millisecond on the curve of this test.
    const cert = [strangers.certificate, ...new Array<string>(20).fill(strangers.ca)].join('\n');
    const { at, tls } = doors.execution;
    const open = (options: ConnectionOptions) =>
      connectTls({
        ...{ socket: connectTcp({ ...at, localAddress: '127.0.0.9' }), servername: 'localhost' },
        ...{ ALPNProtocols: ['h2'], ...options },
      }).on('error', () => undefined);
    let refused = 0;
    let isOver = false;
    const attack = async () => {
      while (!isOver) {
        await once(open({ ca: tls?.ca, cert, key: strangers.key }).resume(), 'close');
        refused++;
      }
    };
    const attackers = Array.from({ length: 8 }, attack);
    await until(() => refused > 0);
    const start = create(StartExecutionRequestSchema, { tenantId: 'default', flowId: 'f' });
    const message = Buffer.from(toBinary(StartExecutionRequestSchema, start));
    for (let call = 0; call < 5; call++) {
      const session = connectHttp2(`https://${doors.execution.address}`, {
        createConnection: () => open(tls!),
      });
      const { headers, path } = doors.execution;
      const stream = session.request({ ...headers, ':method': 'POST', ':path': path });
      stream.end(Buffer.concat([prefixOf(message.byteLength), message])).resume();
      const [trailers] = (await once(stream, 'trailers')) as [IncomingHttpHeaders];
      expect(trailers['grpc-status']).toBe('0');
      session.destroy();
    }
    isOver = true;
    await Promise.all(attackers);
  });

  it('an HTTP/1.1 request whose body, or whose headers, never end is closed', async () => {
    const begun = {
      body: 'POST /console/session HTTP/1.1\r\nHost: localhost\r\nSec-Fetch-Site: same-origin\r\nContent-Length: 100\r\n\r\nabc',
      headers: 'GET /console/secrets HTTP/1.1\r\nHost: localhost\r\nX-Slow: ',
    };
    for (const [what, bytes] of Object.entries(begun)) {
      const socket = await connectTo(doors.console, ['http/1.1']);
      socket.on('error', () => undefined).resume();
      const closed = new Promise((resolve) => socket.once('close', () => resolve(what)));
      socket.write(bytes);
      expect(await Promise.race([closed, sleep(20_000, 'still open', { ref: false })])).toBe(what);
    }
  });

  it.each([
    [16, 16],
    [17, 0],
    [1_000, 0],
  ])(
    'of %i HTTP/1.1 requests that come without waiting for an answer %i are answered',
    async (sent, answered) => {
      const socket = await connectTo(doors.console, ['http/1.1']);
      let text = '';
      socket.on('error', () => undefined).on('data', (bytes: Buffer) => (text += bytes.toString('latin1')));
      socket.write('GET /console/login-methods HTTP/1.1\r\nHost: localhost\r\n\r\n'.repeat(sent));
      const answers = () => text.split('HTTP/1.1 200').length - 1;
      await until(() => socket.destroyed || answers() >= sent);
      expect(answers()).toBe(answered);
      socket.destroy();
    },
  );

  it('an HTTP/1.1 request whose body comes in chunks is not answered', async () => {
    const socket = await connectTo(doors.console, ['http/1.1']);
    let answered = 0;
    socket.on('error', () => undefined).on('data', (bytes: Buffer) => (answered += bytes.byteLength));
    socket.write(
      `POST ${doors.console.path} HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n`,
    );
    await until(() => socket.destroyed);
    expect(answered).toBe(0);
  });

  it('a body that the console does not wait for need not be sent', async () => {
    const session = connectHttp2(`https://${doors.console.address}`, {
      ca: doors.console.tls?.ca,
      servername: 'localhost',
    });
    const stream = session.request({
      ...doors.console.headers,
      ':method': 'POST',
      ':path': doors.console.path,
      'content-length': '500',
    });
    const headers = await new Promise<IncomingHttpHeaders & { ':status'?: number }>((resolve) =>
      stream.once('response', resolve),
    );
    expect(headers[':status']).toBe(401);
    stream.resume();
    await new Promise((resolve) => stream.once('close', resolve));
    session.destroy();
  });
});

describe('With 256 open files in all', () => {
  it('230 silent TLS connections keep nobody out', async () => {
    const serve = await startServeWith({ openFiles: 256 });
    const doors = doorsOf(serve.info);
    const attacks = [];
    for (const door of [doors.management, doors.console]) {
      const attack = await silentConnections(230, true).begin(door);
      attacks.push(attack);
    }
    const admin = newcomer(() => grpcVictim(withApiKey(doors.management, serve.info)));
    const person = newcomer(() => browserVictim(doors.console));
    for (let call = 0; call < 5; call++) await Promise.all([admin.call(), person.call()]);
    attacks.forEach((attack) => attack.end());
    expect(await serve.stop()).toBe(0);
  });
});

describe('5,000 idle connections', () => {
  it('cost each door little, leave room for whoever comes, and are closed', async () => {
    const serve = await startServeWith({
      flags: [
        '--unproven-timeout',
        '5',
        '--max-connections-per-address',
        '6000',
        '--max-connections',
        '6000',
      ],
    });
    const doors = doorsOf(serve.info);
    const cases: readonly [Target, () => Victim, number][] = [
      [
        doors.management,
        () => grpcVictim(withApiKey(doors.management, serve.info)),
        serve.info.management.pid,
      ],
      [doors.console, () => browserVictim(doors.console), serve.info.management.pid],
    ];
    for (const [door, makeVictim, pid] of cases) {
      const before = residentMiB(pid);
      // Without a handshake: this process pays for one as much as the server does.
      const attack = await silentConnections(connectionsHere(), false).begin(door);
      const held = attack.open();
      const victim = newcomer(makeVictim);
      for (let call = 0; call < 3; call++) await victim.call();
      expect([door.name, residentMiB(pid) - before < 250]).toEqual([door.name, true]);
      for (let tries = 0; attack.open() > 0 && tries < 600; tries++) await sleep(100);
      expect([door.name, attack.open()]).toEqual([door.name, 0]);
      attack.end();
      process.stderr.write(`${door.name}: ${held} idle connections\n`);
    }
    expect(await serve.stop()).toBe(0);
  });
});

/** RFC 9113 §4.1. */
function framesIn(bytes: Buffer): { type: number; payload: Buffer }[] {
  const frames = [];
  for (let at = 0, end; at + 9 <= bytes.byteLength; at = end) {
    end = at + 9 + bytes.readUIntBE(at, 3);
    if (end > bytes.byteLength) break;
    frames.push({ type: bytes.readUInt8(at + 3), payload: bytes.subarray(at + 9, end) });
  }
  return frames;
}

/** As many of the 5,000 as this process, and a door with a third of its files, may have open. */
function connectionsHere(): number {
  return Math.min(5_000, connectionsWithinFileLimit());
}

/** Log-ins of 1,000 bytes each that come one by one and are not the last. */
async function loginsByteByByte(door: Target): Promise<RawHttp2> {
  const raw = await RawHttp2.open(door);
  for (let login = 0; login < 16; login++) {
    const stream = 2 * login + 1;
    raw.send(frame(FRAME.HEADERS, FLAG.END_HEADERS, stream, requestFields(door)));
    const one = frame(FRAME.DATA, 0, stream, Buffer.from('a'));
    await raw.flood(1_000, () => one, 250);
  }
  await raw.allRead();
  return raw;
}
