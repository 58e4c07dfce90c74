/** Doors under bad input: a fitting status, nothing changed, and the servers live on. */

import { credentials, Metadata } from '@grpc/grpc-js';
import { create, toBinary } from '@bufbuild/protobuf';
import { randomBytes, webcrypto } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { connect as connectHttp2, constants, type OutgoingHttpHeaders } from 'node:http2';
import { connect } from 'node:net';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { deflateSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import 'reflect-metadata';
import * as x509 from '@peculiar/x509';
import { AddSecretRequestSchema } from '../../src/gen/axiom/secrets/v1/secrets_pb';
import { StartExecutionRequestSchema } from '../../src/gen/axiom/executions/v1/executions_pb';
import type { ServiceInfo } from '../../src/server/service';
import { startServeProcess, type ServeProcess } from '../support/serve-process';
import { IMPORT_SECRETS } from '../hostile/target';
import { ADD_SECRET, caOf, LIST_NAMES, mutualTls, rawCall, START_EXECUTION, withKey } from './doors';

let serve: ServeProcess;
let info: ServiceInfo;
const CANARY = `canary-${randomBytes(8).toString('hex')}`;

beforeAll(async () => {
  serve = await startServeProcess();
  info = serve.info;
});

afterAll(() => serve.stop());

const manage = (path: string, request: Uint8Array, metadata = withKey(info)) =>
  rawCall(info.management.address, credentials.createSsl(caOf(info)), path, request, metadata);
const execute = (tls = mutualTls(info, 'engine'), request: Uint8Array = startRequest()) =>
  rawCall(info.execution.address, tls, START_EXECUTION, request);
const startRequest = () =>
  toBinary(
    StartExecutionRequestSchema,
    create(StartExecutionRequestSchema, { tenantId: 'default', flowId: 'f' }),
  );
const addRequest = (value: Uint8Array) =>
  toBinary(
    AddSecretRequestSchema,
    create(AddSecretRequestSchema, { name: 'HOSTILE', content: { case: 'value', value } }),
  );

/** Both servers answer as ever, are the processes that they were, and store nothing that was refused. */
async function expectUnharmed(): Promise<void> {
  expect((await manage(LIST_NAMES, new Uint8Array())).status).toBe('OK');
  expect((await manage(LIST_NAMES, new Uint8Array())).answer.toString()).not.toContain('HOSTILE');
  expect((await execute()).status).toBe('OK');
  for (const { pid } of [info.management, info.execution]) expect(existsSync(`/proc/${pid}`)).toBe(true);
}

describe('Bad messages', () => {
  it.each([
    ['a truncated message', () => addRequest(Buffer.from(CANARY)).subarray(0, 20)],
    ['a length that runs past the end', () => Uint8Array.of(0x12, 0xff, 0xff, 0xff, 0x0f)],
    ['a wire type that there is not', () => Uint8Array.of(0x0f, 0x0f)],
    ['text that is not UTF-8 where text belongs', () => Uint8Array.of(0x0a, 0x02, 0xff, 0xfe)],
    ['groups without an end', () => new Uint8Array(10_000).fill(0x1b)],
  ])('%s gets INVALID_ARGUMENT', async (_what, bytes) => {
    const { status, message } = await manage(ADD_SECRET, bytes());
    expect(status).toBe('INVALID_ARGUMENT');
    expect(message).not.toContain('canary');
    expect((await execute(undefined, bytes())).status).toBe('INVALID_ARGUMENT');
  });

  it('random bytes never succeed and never fail inside', async () => {
    for (let round = 0; round < 30; round++) {
      const { status } = await manage(ADD_SECRET, randomBytes(1 + Math.floor(Math.random() * 200)));
      expect(status).toBe('INVALID_ARGUMENT');
    }
    await expectUnharmed();
  });

  it.each([
    ['StartExecution', 64 * 1024, (bytes: Uint8Array) => execute(undefined, bytes)],
    ['AddSecret', 1024 * 1024, (bytes: Uint8Array) => manage(ADD_SECRET, bytes)],
    ['ImportSecrets', 4 * 1024 * 1024, (bytes: Uint8Array) => manage(IMPORT_SECRETS, bytes)],
  ])('%s of more than %i bytes gets RESOURCE_EXHAUSTED, and is read up to there', async (_, most, call) => {
    // No field has the number 0.
    expect((await call(new Uint8Array(most))).status).toBe('INVALID_ARGUMENT');
    const { status, message } = await call(new Uint8Array(most + 1));
    expect([status, message]).toEqual(['RESOURCE_EXHAUSTED', expect.stringContaining(`${most} bytes`)]);
  });

  it('what is only unpacked too long gets RESOURCE_EXHAUSTED', async () => {
    const { headers } = await frame(gzipSync(new Uint8Array(64 * 1024 * 1024)), {
      compressed: 1,
      'grpc-encoding': 'gzip',
    });
    expect(headers['grpc-status']).toBe('8');
    await expectUnharmed();
  });

  it('a value of 64 KiB and a byte gets INVALID_ARGUMENT', async () => {
    expect((await manage(ADD_SECRET, addRequest(new Uint8Array(64 * 1024 + 1).fill(97)))).status).toBe(
      'INVALID_ARGUMENT',
    );
  });

  it('metadata that is too large or no API key is refused', async () => {
    const metadata = new Metadata();
    metadata.set('authorization', `Bearer axk_${'0'.repeat(64)}`);
    expect((await manage(LIST_NAMES, new Uint8Array(), metadata)).status).toBe('UNAUTHENTICATED');
    expect((await manage(LIST_NAMES, new Uint8Array(), new Metadata())).status).toBe('UNAUTHENTICATED');
    const large = withKey(info);
    large.set('x-large', 'a'.repeat(200_000));
    expect((await manage(LIST_NAMES, new Uint8Array(), large)).status).not.toBe('OK');
    await expectUnharmed();
  });
});

describe('A message that comes in another way', () => {
  const message = () => Buffer.from(addRequest(Buffer.from('v')));
  const nameless = () => message().subarray(message().indexOf(0x12));

  it.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
  ])('is read where it is packed with %s', async (encoding, pack) => {
    // A name is missing, and whoever says so has read the message.
    const { headers } = await frame(pack(nameless()), { compressed: 1, 'grpc-encoding': encoding });
    expect(headers['grpc-status']).toBe('3');
    expect(decodeURI(String(headers['grpc-message']))).toContain('name');
  });

  it('is read where it comes byte by byte', async () => {
    const { headers } = await frame(nameless(), { compressed: 0, pieceBytes: 1 });
    expect(headers['grpc-status']).toBe('3');
    expect(decodeURI(String(headers['grpc-message']))).toContain('name');
  });

  it.each([
    ['packed in an unknown way', { compressed: 1, 'grpc-encoding': 'br' }, '12'],
    ['packed, and in which way is not said', { compressed: 1 }, '12'],
    ['cut off', { compressed: 0, promised: 1_000 }, '13'],
    ['longer than it says, as two would be', { compressed: 0, promised: 1 }, '12'],
    // Of which nothing more is read: it is not told that it was cut off.
    ['to become longer than it may', { compressed: 0, promised: 1024 * 1024 + 1 }, '8'],
  ])('is refused where it is %s', async (_, how, status) => {
    const { headers } = await frame(message(), how);
    expect(headers['grpc-status']).toBe(status);
    await expectUnharmed();
  });

  it.each(['soon', '10', '-1S', '123456789S', '1S, 2S'])(
    'is not waited for where its timeout is %j',
    async (timeout) => {
      const { headers } = await frame(message(), { compressed: 0, 'grpc-timeout': timeout });
      expect(headers['grpc-status']).toBe('3');
      expect(decodeURI(String(headers['grpc-message']))).toContain('grpc-timeout: is no timeout');
      await expectUnharmed();
    },
  );

  it('is missed where there is none', async () => {
    const { headers } = await frame(undefined, { compressed: 0 });
    expect(headers['grpc-status']).toBe('12');
  });
});

describe('Bad frames', () => {
  it('a compressed message that does not unpack fails its call only', async () => {
    const { headers } = await frame(randomBytes(100), { compressed: 1, 'grpc-encoding': 'gzip' });
    expect(headers['grpc-status']).toMatch(/^(3|13)$/);
    await expectUnharmed();
  });

  it('a frame that promises 4 GiB fails its call only', async () => {
    const { headers } = await frame(Buffer.alloc(0), { compressed: 0, promised: 0xffffffff });
    expect(headers['grpc-status']).toBe('8');
    await expectUnharmed();
  });

  it('another content type is no gRPC', async () => {
    const { headers } = await frame(Buffer.alloc(0), { compressed: 0, 'content-type': 'application/json' });
    expect(headers[':status']).toBe(415);
  });

  it('random bytes on the port, plain and inside TLS, end their connection only', async () => {
    for (const address of [info.management.address, info.execution.address, info.console.address]) {
      const [host = '', port] = address.split(':');
      await untilClosed(connect(Number(port), host), randomBytes(4_096));
      await untilClosed(
        connectTls({
          host,
          port: Number(port),
          ca: caOf(info),
          servername: 'localhost',
          ALPNProtocols: ['h2'],
        }),
        randomBytes(4_096),
      );
    }
    await expectUnharmed();
  });
});

describe('The console', () => {
  it.each([
    ['http://a@b:c/', '400'],
    ['//%', '400'],
    ['/%', '404'],
    ['//elsewhere/..', '302'],
    ['/console/../../../etc/passwd', '404'],
  ])('a request for %s gets %s', async (target, status) => {
    const [host = '', port] = info.console.address.split(':');
    const options = { host, port: Number(port), ca: caOf(info), servername: 'localhost' };
    const socket = connectTls({ ...options, ALPNProtocols: ['http/1.1'] });
    socket.write(`GET ${target} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n`);
    let answer = '';
    for await (const chunk of socket) answer += String(chunk);
    expect(answer.slice(0, 12)).toBe(`HTTP/1.1 ${status}`);
    if (status === '302') expect(answer).toMatch(/^location: \/console\/secrets\r$/m);
  });
});

describe('TLS on every door', () => {
  it('plain text is refused', async () => {
    const plain = credentials.createInsecure();
    expect(
      (await rawCall(info.management.address, plain, LIST_NAMES, new Uint8Array(), withKey(info))).status,
    ).toBe('UNAVAILABLE');
    expect((await rawCall(info.execution.address, plain, START_EXECUTION, startRequest())).status).toBe(
      'UNAVAILABLE',
    );
  });

  it('the execution door opens for no one without a certificate of our CA', async () => {
    expect((await execute(credentials.createSsl(caOf(info)))).status).toBe('UNAVAILABLE');
    expect(
      (await execute(await certificate({ uris: ['spiffe://axiom/engine/x'], foreign: true }))).status,
    ).toBe('UNAVAILABLE');
  });

  it.each([
    ['no URI', []],
    ['a URI of another kind', ['spiffe://axiom/admin/x']],
    ['a URI of another trust domain', ['spiffe://other/engine/x']],
    ['two URIs', ['spiffe://axiom/engine/x', 'spiffe://axiom/sidecar/x']],
    ['a URI with more behind it', ['spiffe://axiom/engine/x, URI:spiffe://axiom/engine/y']],
  ])('a certificate with %s is nobody', async (_what, uris) => {
    expect((await execute(await certificate({ uris }))).status).toBe('UNAUTHENTICATED');
  });

  it('a certificate that has an engine within a host’s name is nobody', async () => {
    const credential = await certificate({ uris: [], host: 'a, URI:spiffe://axiom/engine/x, b' });
    expect((await execute(credential)).status).toBe('UNAUTHENTICATED');
  });

  it('a certificate that says engine is one, and one that says sidecar may not start executions', async () => {
    expect((await execute(await certificate({ uris: ['spiffe://axiom/engine/x'] }))).status).toBe('OK');
    expect((await execute(mutualTls(info, 'sidecar'))).status).toBe('PERMISSION_DENIED');
    expect((await execute(mutualTls(info, 'server'))).status).not.toBe('OK');
  });
});

describe('Logs', () => {
  it('tell of every refusal and hold no value, no key and no stack', () => {
    const log = serve.log();
    expect(log).toContain('"status":"INVALID_ARGUMENT"');
    expect(log).not.toContain('canary');
    expect(log).not.toContain(readFileSync(info.adminApiKeyFile, 'utf8').trim());
    expect(log).not.toContain('unexpected error');
    expect(log).not.toContain('died');
    // The last one may be on its way yet.
    const lines = log.split('\n').slice(0, -1);
    for (const line of lines) expect(() => JSON.parse(line) as unknown).not.toThrow();
  });
});

/** A call of AddSecret made of one frame or of none, byte for byte (gRPC over HTTP/2: 1 byte compressed, 4 bytes length). */
function frame(
  message: Buffer | undefined,
  {
    compressed,
    promised,
    pieceBytes = Infinity,
    ...headers
  }: { compressed: number; promised?: number; pieceBytes?: number } & OutgoingHttpHeaders,
) {
  const session = connectHttp2(`https://${info.management.address}`, {
    ca: caOf(info),
    servername: 'localhost',
  });
  const stream = session.request({
    [constants.HTTP2_HEADER_METHOD]: 'POST',
    [constants.HTTP2_HEADER_PATH]: ADD_SECRET,
    [constants.HTTP2_HEADER_CONTENT_TYPE]: 'application/grpc',
    te: 'trailers',
    authorization: String(withKey(info).get('authorization')[0]),
    ...headers,
  });
  stream.on('error', () => undefined);
  if (message !== undefined) {
    const prefix = Buffer.alloc(5);
    prefix.writeUInt8(compressed, 0);
    prefix.writeUInt32BE(promised ?? message.byteLength, 1);
    const whole = Buffer.concat([prefix, message]);
    for (let at = 0; at < whole.byteLength; at += pieceBytes)
      stream.write(whole.subarray(at, at + pieceBytes));
  }
  stream.end();
  return new Promise<{ headers: Record<string, unknown> }>((resolve, reject) => {
    const seen: Record<string, unknown> = {};
    stream.on('response', (answered) => void Object.assign(seen, answered));
    stream.on('trailers', (trailers) => void Object.assign(seen, trailers));
    stream.resume();
    stream.once('close', () => {
      session.destroy();
      resolve({ headers: seen });
    });
    session.once('error', reject);
  });
}

function untilClosed(socket: ReturnType<typeof connect>, bytes: Buffer): Promise<void> {
  return new Promise((resolve) => {
    socket.on('error', () => undefined);
    socket.once('close', () => resolve());
    socket.write(bytes);
    socket.resume();
    // The other side may wait for more; our end tells it that no more comes.
    setTimeout(() => socket.end(), 200);
  });
}

interface Wished {
  readonly uris: readonly string[];
  readonly host?: string;
  readonly foreign?: boolean;
}

/** A client certificate of the service's CA, or of another one of the same name, with these names. */
async function certificate({ uris, host = 'test', foreign = false }: Wished) {
  x509.cryptoProvider.set(webcrypto as never);
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  const keys = (await webcrypto.subtle.generateKey(algorithm, true, [
    'sign',
    'verify',
  ])) as webcrypto.CryptoKeyPair;
  const caKey = foreign
    ? keys.privateKey
    : await importKey(readFileSync(join(info.dataDir, 'ca', 'ca.key'), 'utf8'));
  const made = await x509.X509CertificateGenerator.create({
    subject: 'CN=test',
    issuer: new x509.X509Certificate(caOf(info).toString('utf8')).subject,
    publicKey: keys.publicKey as never,
    signingKey: caKey as never,
    signingAlgorithm: algorithm as never,
    notBefore: new Date(Date.now() - 60_000),
    notAfter: new Date(Date.now() + 600_000),
    extensions: [
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.clientAuth]),
      new x509.SubjectAlternativeNameExtension([
        { type: 'dns', value: host },
        ...uris.map((value) => ({ type: 'url' as const, value })),
      ]),
    ],
  });
  const key = x509.PemConverter.encode(
    await webcrypto.subtle.exportKey('pkcs8', keys.privateKey),
    'PRIVATE KEY',
  );
  return credentials.createSsl(caOf(info), Buffer.from(key), Buffer.from(made.toString('pem')));
}

function importKey(pem: string) {
  const [der] = x509.PemConverter.decode(pem);
  return webcrypto.subtle.importKey(
    'pkcs8',
    der as ArrayBuffer,
    { name: 'ECDSA', namedCurve: 'P-256' },
    true,
    ['sign'],
  );
}
