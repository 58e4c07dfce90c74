/** Outputs that nobody reads: their node hosts wait, and nobody's call fails. */

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { create, toBinary } from '@bufbuild/protobuf';
import { connect, type ClientHttp2Session, type ClientHttp2Stream } from 'node:http2';
import {
  InvokePipelineRequestSchema,
  InvokeRequestSchema,
  SidecarService,
} from '../../src/gen/axiom/sidecar/v1/sidecar_pb';
import { methodPath } from '../../src/wire/method';
import { startRig, until, type Rig } from '../sidecar/support/rig';
import { sidecarDoor, type Target } from './target';

const MIB = 1024 * 1024;
/** Of a tenant: the half of the least that there may be is for one such output and not for two. */
const LARGE = 'o'.repeat(400 * 1024);

describe('outputs that their engine does not read', () => {
  let rig: Rig;
  let session: ClientHttp2Session;
  let door: Target;
  let emitted = 0;

  beforeAll(async () => {
    rig = await startRig(
      {
        Large: () => LARGE,
        Loud: ({ log }) => {
          for (let lines = 0; lines < 5; lines++) log(LARGE);
          return 'done';
        },
      },
      {
        Many: async (_inputs, emit) => {
          for (; emitted < 60; emitted++) await emit('o'.repeat(128 * 1024));
        },
      },
      { maxOutputBytes: MIB },
    );
    for (const tenantId of ['acme', 'other'])
      rig.service.executions.set(tenantId, { executionId: tenantId, tenantId, secrets: {} });
    const { ca, cert, key } = rig.pki.engine;
    door = sidecarDoor(rig.sidecar.address, { ca, cert, key });
    session = connect(`https://${door.address}`, { ...door.tls, servername: door.serverName });
  });

  afterAll(async () => {
    session.destroy();
    await rig.stop();
  });

  /** Reads nothing until it is told to. */
  const call = (method: keyof typeof SidecarService.method, message: Uint8Array): ClientHttp2Stream => {
    const path = methodPath(SidecarService.method[method]);
    const stream = session.request({ ':method': 'POST', ':path': path, ...door.headers });
    const head = Buffer.alloc(5);
    head.writeUInt32BE(message.byteLength, 1);
    stream.on('error', () => undefined).end(Buffer.concat([head, message]));
    return stream;
  };
  const invoke = (tenant: string): ClientHttp2Stream =>
    call(
      'invoke',
      toBinary(InvokeRequestSchema, create(InvokeRequestSchema, { executionToken: tenant, node: 'Large' })),
    );
  const invoked = (tenant: string) => rig.engine.invoke({ executionToken: tenant, node: 'Large' });

  it('wait at their host beyond what a tenant may have, and those of another tenant do not', async () => {
    const unread = invoke('acme');
    await new Promise((resolve) => unread.once('response', resolve));
    let isAnswered = false;
    const waiting = invoked('acme').then(({ output }) => {
      isAnswered = true;
      return output.byteLength;
    });
    for (let others = 0; others < 3; others++)
      expect((await invoked('other')).output.byteLength).toBe(LARGE.length);
    expect(isAnswered).toBe(false);
    unread.resume();
    expect(await waiting).toBe(LARGE.length);
  });

  it('give their room back when they are taken back, or their time is over', async () => {
    const unread = invoke('acme');
    await new Promise((resolve) => unread.once('response', resolve));
    const given = rig.engine.invoke(
      { executionToken: 'acme', node: 'Large' },
      { deadline: Date.now() + 300 },
    );
    await expect(given).rejects.toMatchObject({ codeName: 'DEADLINE_EXCEEDED' });
    unread.close();
    expect((await invoked('acme')).output.byteLength).toBe(LARGE.length);
    expect((await invoked('acme')).output.byteLength).toBe(LARGE.length);
  });

  it('are not what a handler logs, however much it is', async () => {
    const { output } = await rig.engine.invoke({ executionToken: 'acme', node: 'Loud' });
    expect(Buffer.from(output).toString()).toBe('done');
  });

  it('are few of a pipeline, however large they are', async () => {
    const value = { executionToken: 'acme', node: 'Many' };
    const start = create(InvokePipelineRequestSchema, { message: { case: 'start', value } });
    const unread = call('invokePipeline', toBinary(InvokePipelineRequestSchema, start));
    await until(() => emitted > 0);
    // Until nothing is emitted any more while so many others are answered.
    for (let before = -1; before !== emitted;) {
      before = emitted;
      for (let others = 0; others < 200; others++)
        await rig.engine.invoke({ node: 'Large' }).catch(() => undefined);
    }
    expect(emitted).toBeLessThan(22);
    let bytes = 0;
    unread.on('data', (chunk: Buffer) => (bytes += chunk.byteLength));
    await until(() => unread.closed);
    expect(bytes).toBeGreaterThan(60 * 128 * 1024);
  });
});
