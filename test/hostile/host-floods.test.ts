/** Floods of HTTP/2 frames from a node host: its sidecar goes on answering, stays as it was, and serves the host that comes next. */

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { SidecarService } from '../../src/gen/axiom/sidecar/v1/sidecar_pb';
import { openChannel, wireClient } from '../../src/wire/client';
import { FakeExecutionServer } from '../sidecar/support/fake-execution-server';
import { FakeNodeHost } from '../sidecar/support/fake-node-host';
import { HealthClient } from '../sidecar/support/health';
import { makeTestPki, type TestPki } from '../sidecar/support/pki';
import { until } from '../sidecar/support/rig';
import { startSidecarProcess, type SidecarProcess } from '../sidecar/support/sidecar-process';
import { HostileHost } from './hostile-host';
import { FLAG, fields, frame, FRAME, integer, text } from './raw-http2';
import { peakMiB, residentMiB } from './resident-memory';

const MORE_MIB = 150;

const RESPONSE = fields([
  [':status', '200'],
  ['content-type', 'application/grpc'],
]);

/** Each on the stream of a call that waits for its answer. */
const floods: readonly (readonly [string, (host: HostileHost, call: number) => Promise<void>])[] = [
  [
    'SETTINGS, each to be acknowledged',
    (host) => host.add(50_000, () => frame(FRAME.SETTINGS, 0, 0, Buffer.from([0, 4, 0, 1, 0, 0]))),
  ],
  ['PING, each to be answered', (host) => host.add(50_000, () => frame(FRAME.PING, 0, 0, Buffer.alloc(8)))],
  [
    'WINDOW_UPDATE',
    (host) => host.add(50_000, () => frame(FRAME.WINDOW_UPDATE, 0, 0, Buffer.from([0, 0, 0, 1]))),
  ],
  [
    'CONTINUATION, of headers that never end',
    async (host, call) => {
      await host.add(1, () => frame(FRAME.HEADERS, 0, call, RESPONSE));
      const more = frame(FRAME.CONTINUATION, 0, call, fields([['x-more', 'm'.repeat(4_000)]]));
      await host.add(5_000, () => more);
    },
  ],
  [
    'headers that name one long entry thousands of times',
    (host, call) => {
      const stored = Buffer.concat([Buffer.from([0x40]), text('x-bomb'), text('b'.repeat(3_900))]);
      const references = Array.from({ length: 4_000 }, () => integer(62, 7, 0x80));
      const bomb = Buffer.concat([RESPONSE, stored, ...references]);
      return host.add(500, () => frame(FRAME.HEADERS, FLAG.END_HEADERS, call, bomb), 10);
    },
  ],
  [
    'DATA that is empty',
    async (host, call) => {
      await host.add(1, () => frame(FRAME.HEADERS, FLAG.END_HEADERS, call, RESPONSE));
      await host.add(50_000, () => frame(FRAME.DATA, 0, call));
    },
  ],
  [
    'DATA of one byte, of a message that never ends',
    async (host, call) => {
      await host.add(1, () => frame(FRAME.HEADERS, FLAG.END_HEADERS, call, RESPONSE));
      await host.add(1, () => frame(FRAME.DATA, 0, call, Buffer.from([0, 0, 0x3f, 0xff, 0xff])));
      const one = frame(FRAME.DATA, 0, call, Buffer.from('a'));
      await host.add(100_000, () => one);
    },
  ],
];

describe('A sidecar whose node host floods it', () => {
  let folder: string;
  let pki: TestPki;
  let service: FakeExecutionServer;
  let behind: FakeNodeHost;
  let host: HostileHost;
  let sidecar: SidecarProcess;
  let waiting: number;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'axiom-hostile-host-'));
    pki = await makeTestPki();
    service = new FakeExecutionServer(pki);
    await service.start();
    service.executions.set('token', { executionId: 'e', tenantId: 'acme', secrets: {} });
    const [socket, real] = [join(folder, 'node.sock'), join(folder, 'real.sock')];
    behind = new FakeNodeHost(real, {
      Wait: () => new Promise<undefined>(() => waiting++),
      Greet: () => 'hi',
      LongName: ({ read }) => {
        read('x'.repeat(60 * 1_024 * 1_024), true);
        return 'done';
      },
    });
    await behind.start();
    host = await HostileHost.listen(socket, real);
    // A process of its own: what it holds is nobody else's.
    sidecar = await startSidecarProcess(pki, service.address, socket);
  });

  afterAll(async () => {
    await sidecar.stop();
    host.close();
    behind.kill();
    service.stop();
    pki.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  const connect = () => {
    const channel = openChannel({ address: sidecar.address, tls: { ...pki.engine, toSidecar: true } });
    return { channel, engine: wireClient(SidecarService, channel) };
  };
  let client: ReturnType<typeof connect>;

  beforeEach(async () => {
    waiting = 0;
    client = connect();
    client.engine.invoke({ executionToken: 'token', node: 'Wait' }).catch(() => undefined);
    await until(() => waiting === 1);
  });
  afterEach(() => client.channel.close());

  it.each(floods)('with %s', async (_what, flood) => {
    const before = residentMiB(sidecar.pid);
    let isOver = false;
    const flooding = flood(host, host.latestCall).finally(() => (isOver = true));
    const health = new HealthClient(sidecar.address, pki);
    do await health.check();
    while (!isOver);
    await flooding;
    expect(residentMiB(sidecar.pid) - before).toBeLessThan(MORE_MIB);
    host.drop();
    // It connects to the host that comes next by itself.
    let output: Uint8Array | undefined;
    for (let tries = 0; output === undefined && tries < 100; tries++) {
      const greeted = client.engine.invoke({ executionToken: 'token', node: 'Greet' });
      output = await greeted.then(
        (answer) => answer.output,
        () => sleep(100, undefined),
      );
    }
    expect(output).toEqual(Buffer.from('hi'));
    health.close();
  });

  it('with a name of 60 MB does not look for values in it', async () => {
    const { output } = await client.engine.invoke({ executionToken: 'token', node: 'LongName' });
    expect(output).toEqual(Buffer.from('done'));
    // The message alone takes 220 MiB at its peak; with the name masked as a whole it was more than 1,000.
    expect(peakMiB(sidecar.pid)).toBeLessThan(600);
  });
});
