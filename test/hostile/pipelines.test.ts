/** Engines that begin what they do not go on with, at a sidecar's door: it ends, and nobody else notices. */

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connect as connectHttp2, type ClientHttp2Session, type IncomingHttpHeaders } from 'node:http2';
import { gzipSync } from 'node:zlib';
import { SidecarService } from '../../src/gen/axiom/sidecar/v1/sidecar_pb';
import { DEFAULT_LISTENER_LIMITS } from '../../src/wire/listener/limits';
import { methodPath } from '../../src/wire/method';
import { startRig, type Rig } from '../sidecar/support/rig';
import { sidecarDoor } from './target';

const MIB = 1024 * 1024;
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

describe('A sidecar ends', () => {
  let rig: Rig;
  let session: ClientHttp2Session;

  beforeAll(async () => {
    rig = await startRig(
      { Greet: () => 'hi' },
      {
        Upper: async (inputs, emit) => {
          for await (const input of inputs) await emit(input.toUpperCase());
        },
      },
      {
        limits: { ...DEFAULT_LISTENER_LIMITS, requestMs: REQUEST_MS },
        calls: { underWay: 100, perSecond: 1_000, bytes: 4 * MIB },
      },
    );
    rig.service.executions.set('token', { executionId: 'e', tenantId: 'acme', secrets: {} });
    const { ca, cert, key } = rig.pki.engine;
    const door = sidecarDoor(rig.sidecar.address, { ca, cert, key });
    session = connectHttp2(`https://${door.address}`, { ...door.tls, servername: door.serverName });
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

  it('pipelines whose starts are more bytes than their engine may have', async () => {
    const start = () => begin(PIPELINE, {}, Buffer.concat([head(false, 60 * MIB), Buffer.alloc(3 * MIB)]));
    const outcomes = await Promise.all([start().answered, start().answered]);
    // RFC 9113 §7: ENHANCE_YOUR_CALM. The other one is too slow then.
    expect(outcomes).toContainEqual({ reset: '11' });
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
});
