import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { once } from 'node:events';
import { connect, type ClientHttp2Session, type IncomingHttpHeaders } from 'node:http2';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { create, toBinary } from '@bufbuild/protobuf';
import { InvokeRequestSchema, SidecarService } from '../../src/gen/axiom/sidecar/v1/sidecar_pb';
import { openChannel, StatusError, wireClient } from '../../src/wire/client';
import { SIDECAR_SERVER_NAME } from '../../src/wire/sidecar-name';
import { startRig, type Rig } from './support/rig';

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString();

describe("a sidecar's door", () => {
  let rig: Rig;
  beforeAll(async () => {
    rig = await startRig({ Greet: () => 'hi' });
    rig.service.executions.set('tok-a', { executionId: 'e', tenantId: 'acme', secrets: {} });
  });
  afterAll(() => rig?.stop());

  it('lets in engines only', async () => {
    const channel = openChannel({
      address: rig.sidecar.address,
      tls: { ...rig.pki.sidecar, toSidecar: true },
    });
    const call = wireClient(SidecarService, channel).invoke({ executionToken: 'tok-a', node: 'Greet' });
    await expect(call).rejects.toMatchObject({ codeName: 'PERMISSION_DENIED' });
    channel.close();
    const server = openChannel({ address: rig.sidecar.address, tls: { ...rig.pki.server, toSidecar: true } });
    const other = wireClient(SidecarService, server).invoke({ executionToken: 'tok-a', node: 'Greet' });
    await expect(other).rejects.toBeInstanceOf(StatusError);
    server.close();
  });

  it('lets nobody in without a certificate', async () => {
    const channel = openChannel({
      address: rig.sidecar.address,
      tls: { ca: rig.pki.engine.ca, toSidecar: true },
    });
    const call = wireClient(SidecarService, channel).invoke(
      { executionToken: 'tok-a', node: 'Greet' },
      { deadline: Date.now() + 3_000 },
    );
    await expect(call).rejects.toBeInstanceOf(StatusError);
    channel.close();
  });
});

describe('an engine on HTTP/2 by hand', () => {
  let asked = false;
  let learned = false;
  let rig: Rig;
  let session: ClientHttp2Session;
  beforeAll(async () => {
    rig = await startRig({
      Greet: () => 'hi',
      Hang: async ({ cancelled }) => {
        asked = true;
        await cancelled;
        learned = true;
        return undefined;
      },
    });
    rig.service.executions.set('t', { executionId: 'e', tenantId: 'acme', secrets: {} });
    const tls = { ...rig.pki.engine, servername: SIDECAR_SERVER_NAME, ALPNProtocols: ['h2'] };
    session = connect(`https://${rig.sidecar.address}`, tls);
  });
  afterAll(async () => {
    session.destroy();
    await rig.stop();
  });

  const invoke = async (node: string, headers: Record<string, string>) => {
    const request = create(InvokeRequestSchema, { executionToken: 't', node });
    const message = toBinary(InvokeRequestSchema, request);
    const stream = session.request({
      ':method': 'POST',
      ':path': '/axiom.sidecar.v1.SidecarService/Invoke',
      'content-type': 'application/grpc',
      ...headers,
    });
    const ended: IncomingHttpHeaders = {};
    stream.on('response', (fields) => Object.assign(ended, fields));
    stream.on('trailers', (fields: IncomingHttpHeaders) => Object.assign(ended, fields));
    stream.end(Buffer.concat([Buffer.from([0, 0, 0, 0, message.length]), message]));
    const answer: Buffer[] = [];
    stream.on('data', (chunk: Buffer) => answer.push(chunk));
    await once(stream, 'close');
    return { status: ended['grpc-status'], answer: Buffer.concat(answer) };
  };

  it('is told when its time is over, and so is the node', async () => {
    // On a busy machine its time may be over before the node is asked.
    for (let ms = 100; !asked; ms *= 2)
      expect((await invoke('Hang', { 'grpc-timeout': `${ms}m` })).status).toBe('4');
    while (!learned) await new Promise((resolve) => setTimeout(resolve, 10));
  });

  it('is answered in bytes that any gRPC client reads', async () => {
    const { status, answer } = await invoke('Greet', {});
    // A message of four bytes: field 1 with the two of the output.
    expect([status, answer]).toEqual(['0', Buffer.from([0, 0, 0, 0, 4, 0x0a, 2, ...Buffer.from('hi')])]);
  });

  it('is refused where its time is none', async () => {
    expect((await invoke('Greet', { 'grpc-timeout': 'soon' })).status).toBe('3');
  });
});

describe('an engine whose certificate was revoked', () => {
  it('is refused by a sidecar too, on a connection that is open already', async () => {
    const rig = await startRig({ Greet: () => 'hi' });
    try {
      rig.service.executions.set('t', { executionId: 'e', tenantId: 'acme', secrets: {} });
      const greet = () => rig.engine.invoke({ executionToken: 't', node: 'Greet' });
      expect(text((await greet()).output)).toBe('hi');
      rig.pki.revokeEngine();
      let failure: unknown;
      while (failure === undefined) {
        failure = await greet().then(
          () => undefined,
          (error: unknown) => error,
        );
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      expect(failure).toMatchObject({
        codeName: 'UNAUTHENTICATED',
        message: 'the client certificate is revoked; ask the operator for a new one',
      });
    } finally {
      await rig.stop();
    }
  });
});

describe('a sidecar on a Unix socket', () => {
  it('serves plain text only to its owner, and only where the flag says so', async () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'axiom-door-'));
    const listen = `unix:${path.join(folder, 'door.sock')}`;
    const rig = await startRig({ Greet: () => 'hi' }, {}, { listen, insecureUnixSocket: true });
    try {
      rig.service.executions.set('t', { executionId: 'e', tenantId: 'acme', secrets: {} });
      expect(text((await rig.engine.invoke({ executionToken: 't', node: 'Greet' })).output)).toBe('hi');
      expect(fs.statSync(path.join(folder, 'door.sock')).mode & 0o777).toBe(0o600);
      expect(fs.readdirSync(folder)).toEqual(['door.sock']);
    } finally {
      await rig.stop();
    }
    expect(fs.readdirSync(folder)).toEqual([]);
    fs.rmSync(folder, { recursive: true, force: true });
  });

  it('asks for a client certificate where it does not', async () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'axiom-door-'));
    const listen = `unix:${path.join(folder, 'door.sock')}`;
    const rig = await startRig({ Greet: () => 'hi' }, {}, { listen });
    try {
      rig.service.executions.set('t', { executionId: 'e', tenantId: 'acme', secrets: {} });
      expect(text((await rig.engine.invoke({ executionToken: 't', node: 'Greet' })).output)).toBe('hi');
    } finally {
      await rig.stop();
      fs.rmSync(folder, { recursive: true, force: true });
    }
  });
});
