/** Engines that begin what they do not go on with at a sidecar's door, or nodes that do not: little is held for either. */

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { create, toBinary } from '@bufbuild/protobuf';
import { mkdtempSync, rmSync } from 'node:fs';
import {
  connect as connectHttp2,
  createServer,
  type ClientHttp2Session,
  type ClientHttp2Stream,
  type IncomingHttpHeaders,
} from 'node:http2';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { DescribeResponseSchema, NodeService } from '../../src/gen/axiom/node/v1/node_pb';
import {
  InvokePipelineRequestSchema,
  InvokeRequestSchema,
  SidecarService,
} from '../../src/gen/axiom/sidecar/v1/sidecar_pb';
import { DEFAULT_LISTENER_LIMITS } from '../../src/wire/listener/limits';
import { methodPath } from '../../src/wire/method';
import { startRig, type Rig } from '../sidecar/support/rig';
import { sidecarDoor } from './target';

const MIB = 1024 * 1024;
/** Of a tenant: the half of a MiB is for one such output and not for two. */
const LARGE = 'o'.repeat(400 * 1024);
/** Longer than a request of 3 MiB is on its way on a busy machine. */
const REQUEST_MS = 4_000;
const [INVOKE, PIPELINE] = [SidecarService.method.invoke, SidecarService.method.invokePipeline].map(
  methodPath,
);

/** gRPC's message head for so many bytes. */
function head(packed: boolean, bytes: number): Buffer {
  const prefix = Buffer.from([Number(packed), 0, 0, 0, 0]);
  prefix.writeUInt32BE(bytes, 1);
  return prefix;
}

/** An engine that writes its frames as it likes. */
function connected({ pki, sidecar }: Rig) {
  const { ca, cert, key } = pki.engine;
  const door = sidecarDoor(sidecar.address, { ca, cert, key });
  const session = connectHttp2(`https://${door.address}`, { ...door.tls, servername: door.serverName });
  return { session, door };
}

describe('A sidecar ends', () => {
  let rig: Rig;
  let session: ClientHttp2Session;
  /** An answer of which nothing is taken. */
  let unread: ClientHttp2Stream;
  let dropped: Promise<number | undefined>;

  beforeAll(async () => {
    rig = await startRig(
      { Greet: () => 'hi', Large: () => LARGE },
      {
        Upper: async (inputs, emit) => {
          for await (const input of inputs) await emit(input.toUpperCase());
        },
      },
      {
        limits: { ...DEFAULT_LISTENER_LIMITS, requestMs: REQUEST_MS },
        calls: { underWay: 100, perSecond: 1_000, bytes: 4 * MIB },
        maxOutputBytes: MIB,
      },
    );
    rig.service.executions.set('token', { executionId: 'e', tenantId: 'acme', secrets: {} });
    ({ session } = connected(rig));
    const message = create(InvokeRequestSchema, { executionToken: 'token', node: 'Large' });
    const bytes = toBinary(InvokeRequestSchema, message);
    unread = session.request({ ':method': 'POST', ':path': INVOKE, 'content-type': 'application/grpc' });
    unread.on('error', () => undefined).end(Buffer.concat([head(false, bytes.byteLength), bytes]));
    dropped = new Promise((resolve) => unread.once('close', () => resolve(unread.rstCode)));
  });

  afterAll(async () => {
    session.destroy();
    await rig.stop();
  });

  const begin = (path: string | undefined, more: object, body: Buffer) => {
    const headers = { 'content-type': 'application/grpc', te: 'trailers', ...more };
    const stream = session.request({ ':method': 'POST', ':path': path, ...headers });
    stream.on('error', () => undefined).resume();
    stream.write(body);
    const answered = new Promise<IncomingHttpHeaders>((resolve) => {
      stream.once('response', resolve);
      stream.once('close', () => resolve({ reset: String(stream.rstCode) }));
    });
    return { stream, answered };
  };

  it('a pipeline whose start never comes, and none whose start has come', async () => {
    async function* requests() {
      yield { message: { case: 'start' as const, value: { executionToken: 'token', node: 'Upper' } } };
      // Longer than a start may take.
      expect(await begin(PIPELINE, {}, head(false, 100)).answered).toMatchObject({ 'grpc-status': '4' });
      yield { message: { case: 'input' as const, value: Buffer.from('a') } };
    }
    const outputs = [];
    for await (const { output } of rig.engine.invokePipeline(requests()))
      outputs.push(Buffer.from(output).toString());
    expect(outputs).toEqual(['A']);
  });

  it('a pipeline that its engine ends at once', async () => {
    const { stream, answered } = begin(PIPELINE, {}, Buffer.alloc(0));
    stream.end();
    expect(await answered).toMatchObject({ 'grpc-status': '3' });
  });

  it('pipelines whose starts are more bytes than their engine may have', async () => {
    const start = () => begin(PIPELINE, {}, Buffer.concat([head(false, 60 * MIB), Buffer.alloc(3 * MIB)]));
    const outcomes = await Promise.all([start().answered, start().answered]);
    // RESOURCE_EXHAUSTED. The other one is too slow then.
    expect(outcomes).toContainEqual(expect.objectContaining({ 'grpc-status': '8' }));
    // Nothing is held for them any more.
    const input = Buffer.alloc(3 * MIB, 'a');
    expect((await rig.engine.invoke({ executionToken: 'token', node: 'Greet', input })).output).toEqual(
      Buffer.from('hi'),
    );
  });

  it.each([INVOKE, PIPELINE])('%s with what is packed, before it is unpacked', async (path) => {
    const packed = gzipSync(Buffer.alloc(60 * MIB));
    const body = Buffer.concat([head(true, packed.byteLength), packed]);
    const { stream, answered } = begin(path, { 'grpc-encoding': 'gzip' }, body);
    expect(await answered).toMatchObject({ 'grpc-status': '12' });
    stream.destroy();
  });

  it('an answer that its engine does not take, and the next one has its room', async () => {
    // RFC 9113 §7: ENHANCE_YOUR_CALM.
    expect(await dropped).toBe(11);
    const { output } = await rig.engine.invoke({ executionToken: 'token', node: 'Large' });
    expect(output.byteLength).toBe(LARGE.length);
  });
});

it('A sidecar holds few inputs of a pipeline whose node host takes none', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'axiom-deaf-host-'));
  const nodeSocket = join(folder, 'node.sock');
  const host = createServer();
  const described = toBinary(
    DescribeResponseSchema,
    create(DescribeResponseSchema, { package: 'acme/deaf', nodes: [{ name: 'Deaf', pipeline: true }] }),
  );
  host.on('stream', (stream, headers) => {
    stream.on('error', () => undefined);
    if (headers[':path'] !== methodPath(NodeService.method.describe)) return;
    stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
    stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
    stream.end(Buffer.concat([head(false, described.byteLength), described]));
  });
  await new Promise<void>((resolve) => host.listen(nodeSocket, resolve));
  const rig = await startRig({}, {}, { nodeSocket });
  rig.service.executions.set('token', { executionId: 'e', tenantId: 'acme', secrets: {} });
  const { session, door } = connected(rig);
  const start = { message: { case: 'start' as const, value: { executionToken: 'token', node: 'Deaf' } } };
  const input = { message: { case: 'input' as const, value: Buffer.alloc(MIB) } };
  const [first, next] = [start, input].map((message) => {
    const bytes = toBinary(InvokePipelineRequestSchema, create(InvokePipelineRequestSchema, message));
    return Buffer.concat([head(false, bytes.byteLength), bytes]);
  });
  const stream = session.request({ ':method': 'POST', ':path': PIPELINE, ...door.headers });
  stream.on('error', () => undefined).write(first);
  let sent = 0;
  const send = (): void => void stream.write(next, (error) => (error ? undefined : (sent++, send())));
  send();
  // Until nothing is sent any more while so many others are answered.
  for (let before = -1; before !== sent || sent === 0;) {
    before = sent;
    for (let others = 0; others < 100; others++)
      await rig.engine.invoke({ node: 'Deaf' }).catch(() => undefined);
  }
  expect(sent).toBeLessThan(4);
  session.destroy();
  await rig.stop();
  host.close();
  rmSync(folder, { recursive: true, force: true });
});
