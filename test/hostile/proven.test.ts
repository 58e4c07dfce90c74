/** Whoever has proved who calls has limits too: calls, bytes, time. Nobody else feels that they are reached. */

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connect as connectHttp2, type IncomingHttpHeaders } from 'node:http2';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { AccessService, Role } from '../../src/gen/axiom/access/v1/access_pb';
import { SecretsService } from '../../src/gen/axiom/secrets/v1/secrets_pb';
import { ErrorInfoSchema, RetryInfoSchema } from '../../src/gen/google/rpc/error_details_pb';
import { DEFAULT_DOOR_LIMITS, type DoorLimits } from '../../src/server/config';
import { openChannel, wireClient, type StatusError } from '../../src/wire/client';
import { as, managementClients } from '../support/clients';
import { startTestService, type TestService } from '../support/service';
import { startServeWith } from '../support/serve-process';
import { FLAG, frame, FRAME, RawHttp2, requestFields } from './raw-http2';
import { residentMiB } from './resident-memory';
import { doorsOf, IMPORT_SECRETS, target, withApiKey, type Target } from './target';

const { listener, calls } = DEFAULT_DOOR_LIMITS;
const LIST_NAMES = '/axiom.secrets.v1.SecretsService/ListSecretNames';
const MIB = 1024 * 1024;

/** Starts a service with limits that are soon reached. */
function withLimits(limits: {
  readonly [K in 'listener' | 'calls']?: Partial<DoorLimits[K]>;
}): Promise<TestService> {
  return startTestService({
    limits: {
      ...DEFAULT_DOOR_LIMITS,
      listener: { ...listener, ...limits.listener },
      calls: { ...calls, ...limits.calls },
    },
  });
}

async function colleague(service: TestService): Promise<string> {
  const clients = managementClients(service);
  const { rawKey } = await clients.access.createApiKey(
    { displayName: 'colleague', role: Role.VIEWER },
    as(service.adminApiKey),
  );
  clients.close();
  return rawKey;
}

function management(service: TestService): Target {
  return target('management', service.management, {
    ...{ tls: { ca: service.ca }, path: IMPORT_SECRETS },
    headers: {
      'content-type': 'application/grpc',
      te: 'trailers',
      authorization: `Bearer ${service.adminApiKey}`,
    },
  });
}

/** A call of which this many bytes come, and no more. */
async function unfinishedCall(raw: RawHttp2, door: Target, stream: number, bytes: number): Promise<void> {
  raw.send(frame(FRAME.HEADERS, FLAG.END_HEADERS, stream, requestFields(door)));
  raw.send(frame(FRAME.DATA, 0, stream, Buffer.from([0, 0, 0x3f, 0xff, 0xff])));
  await raw.flood(bytes / 16_384, () => frame(FRAME.DATA, 0, stream, Buffer.alloc(16_384)), 4);
}

/**
 * Resolves when a call has been answered on stream 1: what comes after it is read at once, and these floods, which heed no
 * window, are not ended for that.
 */
async function provenBy(raw: RawHttp2, door: Target): Promise<void> {
  const answered = new Promise<void>((resolve) =>
    raw.socket.on('data', (bytes: Buffer) => {
      const isAnswer = (flags: number) => bytes.includes(Buffer.from([FRAME.HEADERS, flags, 0, 0, 0, 1]));
      if (isAnswer(FLAG.END_HEADERS) || isAnswer(FLAG.END_HEADERS | FLAG.END_STREAM)) resolve();
    }),
  );
  raw.send(frame(FRAME.HEADERS, FLAG.END_HEADERS, 1, requestFields(door)));
  raw.send(frame(FRAME.DATA, FLAG.END_STREAM, 1, Buffer.alloc(5)));
  await answered;
}

describe('A principal', () => {
  let service: TestService;
  let other: string;

  beforeAll(async () => {
    const members = { underWay: 3, perSecond: 10, bytes: 2 * MIB };
    service = await withLimits({ calls: { members } });
    other = await colleague(service);
  });

  afterAll(() => service.stop());

  it('that calls too often learns when to try again; its colleague does not notice', async () => {
    const clients = managementClients(service);
    const refused: StatusError[] = [];
    // A busy machine may take a while to make more in a second than that.
    for (let call = 0; refused.length === 0 && call < 600; call++)
      await clients.secrets
        .listSecretNames({}, as(service.adminApiKey))
        .catch((error: StatusError) => refused.push(error));
    expect(refused[0]).toMatchObject({ codeName: 'RESOURCE_EXHAUSTED' });
    expect(refused[0]?.details(RetryInfoSchema)).toMatchObject([{ retryDelay: { seconds: 0n } }]);
    await clients.secrets.listSecretNames({}, as(other));
    await sleep(1_100);
    await clients.secrets.listSecretNames({}, as(service.adminApiKey));
    clients.close();
  });

  it('that has too many calls under way gets no more until one ends', async () => {
    await sleep(1_100);
    const clients = managementClients(service);
    const raw = await RawHttp2.open(management(service));
    for (const stream of [1, 3, 5]) await unfinishedCall(raw, management(service), stream, 16_384);
    /** Why a call is refused; undefined where it is answered. */
    const refusal = () =>
      clients.secrets.listSecretNames({}, as(service.adminApiKey)).then(
        () => undefined,
        (error: StatusError) => error.details(ErrorInfoSchema)[0]?.reason,
      );
    // Asked seldom enough not to be too often, until all three have been taken up, and until they are over.
    while ((await refusal()) !== 'TOO_MANY_CALLS_UNDER_WAY') await sleep(150);
    await clients.secrets.listSecretNames({}, as(other));
    raw.destroy();
    while ((await refusal()) !== undefined) await sleep(150);
    clients.close();
  });

  it('that sends more bytes at once than it may has its calls ended', async () => {
    await sleep(1_100);
    const raw = await RawHttp2.open(management(service));
    const ended = new Promise<Buffer>((resolve) =>
      raw.socket.on('data', (bytes: Buffer) => {
        // Behind its status: nothing more of its body is wanted (RFC 9113 §8.1).
        if (bytes.includes(frame(FRAME.RST_STREAM, 0, 5, Buffer.alloc(4)))) resolve(bytes);
      }),
    );
    await provenBy(raw, management(service));
    raw.send(frame(FRAME.WINDOW_UPDATE, 0, 0, Buffer.from([0x7f, 0xff, 0, 0])));
    await unfinishedCall(raw, management(service), 3, 1.5 * MIB);
    await unfinishedCall(raw, management(service), 5, 1.5 * MIB);
    await ended;
    raw.destroy();
  });
});

describe('What a call holds is counted', () => {
  it('as it is unpacked, where it comes packed', async () => {
    const service = await withLimits({ calls: { members: { ...calls.members, bytes: 2 * MIB } } });
    const door = management(service);
    const session = connectHttp2(`https://${service.management}`, {
      ca: service.ca,
      servername: 'localhost',
    });
    const answer = (bytes: number) =>
      new Promise<IncomingHttpHeaders>((resolve) => {
        const packed = gzipSync(Buffer.alloc(bytes));
        const prefix = Buffer.alloc(5, 1);
        prefix.writeUInt32BE(packed.byteLength, 1);
        const headers = { ...door.headers, ':method': 'POST', ':path': door.path, 'grpc-encoding': 'gzip' };
        const stream = session.request(headers).once('response', resolve).resume();
        stream.end(Buffer.concat([prefix, packed]));
      });
    expect(await answer(3 * MIB)).toMatchObject({
      'grpc-status': '8',
      'grpc-message': expect.stringContaining('hold'),
    });
    // No field has the number 0, so it was read.
    expect(await answer(MIB)).toMatchObject({ 'grpc-status': '3' });
    session.destroy();
    await service.stop();
  });

  it('and a byte that comes by itself takes little more than a byte', async () => {
    // All of them are held at the end, however long the machine takes for so many frames.
    const serve = await startServeWith({ flags: ['--request-timeout', '900'] });
    const { pid } = serve.info.management;
    const door = { ...withApiKey(doorsOf(serve.info).management, serve.info), path: IMPORT_SECRETS };
    const before = residentMiB(pid);
    const raw = await RawHttp2.open(door);
    for (let stream = 1; stream < 40; stream += 2) {
      const one = frame(FRAME.DATA, 0, stream, Buffer.from('a'));
      const thousand = Buffer.concat(Array.from({ length: 1_000 }, () => one));
      raw.send(frame(FRAME.HEADERS, FLAG.END_HEADERS, stream, requestFields(door)));
      raw.send(frame(FRAME.DATA, 0, stream, Buffer.from([0, 0, 0x3f, 0xff, 0xff])));
      await raw.flood(40, () => thousand, 1);
    }
    await raw.allRead();
    expect(raw.isOpen).toBe(true);
    // 800,000 of them, which took 100 MiB each as a buffer of its own.
    expect(residentMiB(pid) - before).toBeLessThan(60);
    raw.destroy();
    await serve.stop();
  });
});

describe('Time', () => {
  let service: TestService;

  beforeAll(async () => {
    service = await withLimits({
      listener: { requestMs: 500, ageMs: 1_500, ageGraceMs: 2_000, idleMs: 1_000 },
    });
  });

  afterAll(() => service.stop());

  it('a request that does not arrive whole is answered DEADLINE_EXCEEDED', async () => {
    const session = connectHttp2(`https://${service.management}`, {
      ca: service.ca,
      servername: 'localhost',
    });
    session.on('error', () => undefined);
    const stream = session.request({
      ...management(service).headers,
      ':method': 'POST',
      ':path': LIST_NAMES,
    });
    stream.on('error', () => undefined).resume();
    stream.write(Buffer.from([0, 0, 0, 0xff, 0xff]));
    const headers = await new Promise<Record<string, unknown>>((resolve) => stream.once('response', resolve));
    expect(headers['grpc-status']).toBe('4');
    session.destroy();
  });

  it('a connection is closed by and by, and no call on it fails', async () => {
    const session = connectHttp2(`https://${service.management}`, {
      ca: service.ca,
      servername: 'localhost',
    });
    const goneAway = new Promise((resolve) => session.once('goaway', resolve));
    await goneAway;
    session.destroy();
    const clients = managementClients(service);
    const end = Date.now() + 4_000;
    while (Date.now() < end) await clients.secrets.listSecretNames({}, as(service.adminApiKey));
    clients.close();
  });
});

describe('Many connections of one address', () => {
  it('make room for a new one while they prove nothing, and keep their places once they have', async () => {
    const service = await withLimits({ listener: { connectionsPerAddress: 3 } });
    const proven = [];
    for (let one = 0; one < 3; one++) {
      const silent = await RawHttp2.open(management(service));
      const channel = openChannel(
        { address: service.management, tls: { ca: service.ca } },
        { 'grpc.use_local_subchannel_pool': 1 },
      );
      await wireClient(SecretsService, channel).listSecretNames({}, as(service.adminApiKey));
      proven.push(channel);
      silent.destroy();
    }
    const late = await RawHttp2.open(management(service));
    await late.closed;
    for (const channel of proven) {
      await wireClient(AccessService, channel).whoAmI({}, as(service.adminApiKey));
      channel.close();
    }
    await service.stop();
  });
});
