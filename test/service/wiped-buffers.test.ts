/**
 * What a server's streams carried of values is zeros once the call is over, whether its client waited for it or not: the
 * buffers that HTTP/2 read and was given, the request that was put together of them, what was opened, and the answer.
 */

import { once } from 'node:events';
import { connect, type IncomingHttpHeaders } from 'node:http2';
import { createDecipheriv, type Decipher } from 'node:crypto';
import { Duplex, Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { MessagePort } from 'node:worker_threads';
import { create, toBinary } from '@bufbuild/protobuf';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { openSession } from '../console/support/http';
import { AddSecretRequestSchema } from '../../src/gen/axiom/secrets/v1/secrets_pb';
import { as, bytes, executionClients, managementClients } from '../support/clients';
import { ADD_SECRET, rawCall } from '../server/doors';
import { Metadata } from '@grpc/grpc-js';
import { startTestService, type TestService } from '../support/service';

const MARK = 'a value that is looked for';

let service: TestService;
let admin: ReturnType<typeof managementClients>;
let engine: ReturnType<typeof executionClients>;
let sidecar: ReturnType<typeof executionClients>;

type By = 'read' | 'opened' | 'put together' | 'written';
/** Every buffer with a value that a server had in its hands, by what handed it over. */
let seen: { readonly by: By; readonly buffer: Uint8Array }[];
/** How often memory was given back (src/work/give-back.ts), and how often with a value in it. */
let givenBack: number;
let givenBackUnwiped: number;
/** Runs when a server is about to see a buffer with a value. */
let onValue: ((by: By) => void) | undefined;
/** The server's stream that was read from last. */
let latest: Duplex | undefined;

const decipher = Object.getPrototypeOf(
  createDecipheriv('aes-128-gcm', Buffer.alloc(16), Buffer.alloc(12)),
) as Decipher;
const original = {
  push: Readable.prototype.push,
  write: Duplex.prototype.write,
  concat: Buffer.concat,
  update: decipher.update,
  postMessage: MessagePort.prototype.postMessage,
};
/** What was given back has no bytes any more. */
const hasValue = (chunk: unknown): chunk is Uint8Array =>
  chunk instanceof Uint8Array &&
  chunk.byteLength > 0 &&
  Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength).includes(MARK);
const note = (by: By, buffer: unknown): void => {
  if (!hasValue(buffer)) return;
  seen.push({ by, buffer });
  onValue?.(by);
};
const isServers = (stream: object) => stream.constructor.name === 'ServerHttp2Stream';

beforeAll(async () => {
  service = await startTestService();
  admin = managementClients(service);
  engine = executionClients(service, 'engine');
  sidecar = executionClients(service, 'sidecar');
  await admin.secrets.addSecret(secret('A'), as(service.adminApiKey));
});
afterAll(async () => {
  for (const clients of [admin, engine, sidecar]) clients.close();
  await service.stop();
});

beforeEach(() => {
  seen = [];
  givenBack = 0;
  givenBackUnwiped = 0;
  onValue = undefined;
  // Memory is given back with an empty message; what seals values in a thread is given them in one that is not.
  MessagePort.prototype.postMessage = function (this: MessagePort, ...args: unknown[]) {
    if (args[0] === undefined) {
      givenBack++;
      if ((args[1] as ArrayBuffer[]).some((buffer) => Buffer.from(buffer).includes(MARK))) givenBackUnwiped++;
    }
    return Reflect.apply(original.postMessage, this, args) as undefined;
  } as typeof original.postMessage;
  Readable.prototype.push = function (this: Readable, chunk: unknown, encoding) {
    if (isServers(this)) latest = this as Duplex;
    if (isServers(this)) note('read', chunk);
    return original.push.call(this, chunk, encoding);
  };
  Duplex.prototype.write = function (this: Duplex, ...args: unknown[]) {
    if (isServers(this)) note('written', args[0]);
    return Reflect.apply(original.write, this, args) as boolean;
  } as typeof original.write;
  Buffer.concat = (...args) => {
    const whole = original.concat(...args);
    note('put together', whole);
    return whole;
  };
  decipher.update = function (this: Decipher, ...args: unknown[]) {
    const opened = Reflect.apply(original.update, this, args) as Buffer;
    note('opened', opened);
    return opened;
  } as typeof original.update;
});
afterEach(() => {
  Readable.prototype.push = original.push;
  Duplex.prototype.write = original.write;
  Buffer.concat = original.concat;
  decipher.update = original.update;
  MessagePort.prototype.postMessage = original.postMessage;
});

function secret(name: string) {
  return { name, content: { case: 'value', value: bytes(MARK) } } as const;
}

/** @returns which buffers there were. Streams close some turns after their client has its answer. */
async function allWiped(): Promise<readonly string[]> {
  for (let turn = 0; turn < 2_000 && seen.some(({ buffer }) => hasValue(buffer)); turn++) await sleep(10);
  expect(seen.filter(({ buffer }) => hasValue(buffer)).map(({ by }) => by)).toEqual([]);
  expect(givenBackUnwiped).toBe(0);
  return [...new Set(seen.map(({ by }) => by))].sort();
}

describe('No buffer has a value any more', () => {
  it('after an add', async () => {
    await admin.secrets.addSecret(secret('B'), as(service.adminApiKey));
    expect(await allWiped()).toEqual(['put together', 'read']);
  });

  it('after an add whose client went away', async () => {
    const leaving = new AbortController();
    const left = admin.secrets.addSecret(secret('C'), { ...as(service.adminApiKey), signal: leaving.signal });
    onValue = (by) => {
      if (by !== 'put together') return;
      leaving.abort();
      latest?.destroy();
    };
    await expect(left).rejects.toMatchObject({ codeName: 'CANCELLED' });
    expect(await allWiped()).toEqual(['put together', 'read']);
  });

  it.each([
    ['at once', 'D', '', ['put together', 'read']],
    ['byte by byte', 'E', 'x'.repeat(9_000), ['put together']],
  ])(
    "after an add of a value that a program sent through the console's door %s",
    async (_, name, rest, by) => {
      const cookie = await openSession(service.console, service.adminApiKey);
      const value = bytes(`${MARK}${rest}`);
      const add = create(AddSecretRequestSchema, { name, content: { case: 'value', value } });
      const body = toBinary(AddSecretRequestSchema, add);
      const origin = `https://${service.console}`;
      const session = connect(origin, { rejectUnauthorized: false });
      const call = session.request({
        ':method': 'POST',
        ':path': '/axiom.secrets.v1.SecretsService/AddSecret',
        'content-type': 'application/proto',
        'content-length': String(body.length),
        ...{ origin, cookie },
      });
      const answered = once(call, 'response') as Promise<[IncomingHttpHeaders]>;
      if (rest !== '')
        for (const byte of body) await new Promise((sent) => call.write(Uint8Array.of(byte), sent));
      call.end(rest === '' ? body : undefined);
      const [headers] = await answered;
      session.destroy();
      expect(headers[':status']).toBe(200);
      expect(await allWiped()).toEqual(by);
    },
  );

  it('after a request that is no message', async () => {
    const metadata = new Metadata();
    metadata.set('authorization', `Bearer ${service.adminApiKey}`);
    const broken = Buffer.concat([Buffer.from([0x0a, 0xff]), bytes(MARK)]);
    seen = [];
    const { status } = await rawCall(service.management, service.tls(), ADD_SECRET, broken, metadata);
    expect(status).toBe('INVALID_ARGUMENT');
    expect(await allWiped()).toEqual(['put together', 'read']);
  });

  it('after a resolution', async () => {
    const { executionToken } = await engine.executions.startExecution({ tenantId: 'default', flowId: 'f' });
    const { secrets } = await sidecar.secrets.resolveForExecution({ executionToken });
    expect(Buffer.from(secrets['A']?.value ?? []).toString()).toBe(MARK);
    // The client is in this process too: its own copy is its own to wipe.
    for (const { value } of Object.values(secrets)) value.fill(0);
    expect(await allWiped()).toEqual(['opened', 'put together', 'written']);
    // Its bundle is long: one of the values before is.
    expect(givenBack).toBeGreaterThan(0);
  });

  it.each([
    ['when its values were opened', 'opened', ['opened']],
    ['when its answer was written', 'written', ['opened', 'written']],
  ] as const)('after a resolution whose sidecar was gone %s', async (_, when, by) => {
    const { executionToken } = await engine.executions.startExecution({ tenantId: 'default', flowId: 'f' });
    seen = [];
    onValue = (now) => void (now === when && latest?.destroy());
    await expect(sidecar.secrets.resolveForExecution({ executionToken })).rejects.toMatchObject({
      codeName: expect.stringMatching(/^(CANCELLED|INTERNAL|UNAVAILABLE)$/),
    });
    expect(await allWiped()).toEqual(by);
  });
});
