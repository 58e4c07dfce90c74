/** A real sidecar between a stand-in execution server and a node host of the test's own handlers. */

import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import pino from 'pino';
import { SidecarService } from '../../../src/gen/axiom/sidecar/v1/sidecar_pb';
import { startSidecar, type RunningSidecar, type SidecarOptions } from '../../../src/sidecar/sidecar';
import { openChannel, wireClient, type WireClient } from '../../../src/wire/client';
import { FakeExecutionServer } from './fake-execution-server';
import { FakeNodeHost, type FakeHandler, type FakePipeline } from './fake-node-host';
import { makeTestPki, type TestPki } from './pki';

export interface Rig {
  readonly folder: string;
  readonly pki: TestPki;
  readonly service: FakeExecutionServer;
  readonly host: FakeNodeHost;
  readonly sidecar: RunningSidecar;
  /** As an engine. */
  readonly engine: WireClient<typeof SidecarService>;
  /** Everything that the sidecar logged, one JSON object a line. */
  readonly logLines: string[];
  stop(): Promise<void>;
}

export async function startRig(
  handlers: Record<string, FakeHandler>,
  pipelines: Record<string, FakePipeline> = {},
  overrides: Partial<SidecarOptions> = {},
): Promise<Rig> {
  const pki = await makeTestPki();
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'axiom-sidecar-'));
  const service = new FakeExecutionServer(pki);
  await service.start();
  const nodeSocket = path.join(folder, 'node.sock');
  const host = new FakeNodeHost(nodeSocket, handlers, pipelines);
  await host.start();
  const logLines: string[] = [];
  const sidecar = await startSidecar({
    executionAddress: service.address,
    tls: pki.sidecar,
    listen: '127.0.0.1:0',
    nodeSocket,
    reportIntervalMs: 100,
    logger: pino({ level: 'debug' }, { write: (line: string) => void logLines.push(line) }),
    ...overrides,
  });
  const channel = openChannel(
    overrides.insecureUnixSocket === true
      ? { address: sidecar.address }
      : { address: sidecar.address, tls: { ...pki.engine, toSidecar: true } },
  );
  return {
    ...{ folder, pki, service, host, sidecar, logLines },
    engine: wireClient(SidecarService, channel),
    async stop() {
      channel.close();
      await sidecar.stop();
      host.kill();
      service.stop();
      pki.remove();
      fs.rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Less than a test may take, so that it is said what was waited for, and nothing asks on after the test. */
const UNTIL_MS = 240_000;

/** Waits for something to become true. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const end = performance.now() + UNTIL_MS;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`it never became true that ${condition.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
