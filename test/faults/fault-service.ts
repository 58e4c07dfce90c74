/** A real `axiom serve` whose storage calls a test can fail, and typed clients of its doors that never wait for ever. */

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { dataDirAt } from '../../src/server/data-dir';
import { ExecutionsService } from '../../src/gen/axiom/executions/v1/executions_pb';
import { FlowConfigsService } from '../../src/gen/axiom/flowconfigs/v1/flow_configs_pb';
import { MaintenanceService } from '../../src/gen/axiom/maintenance/v1/maintenance_pb';
import { SecretsService } from '../../src/gen/axiom/secrets/v1/secrets_pb';
import { openChannel, wireClient } from '../../src/wire/client';
import { startServeProcess, type ServeProcess } from '../support/serve-process';
import { StorageShim } from './storage-shim';

export interface FaultService {
  readonly folder: string;
  readonly shim: StorageShim;
  readonly serve: ServeProcess;
  readonly doors: Doors;
  stop(): Promise<void>;
}

export async function startFaultService(): Promise<FaultService> {
  const scratch = mkdtempSync(join(tmpdir(), 'axiom-faults-'));
  const folder = join(scratch, 'data');
  const shim = new StorageShim(scratch, join(folder, 'store'));
  const serve = await startServeProcess(folder, shim.env);
  const doors = openDoors(serve);
  return {
    ...{ folder, shim, serve, doors },
    async stop() {
      shim.clear();
      doors.close();
      await serve.stop();
      shim.close();
      rmSync(scratch, { recursive: true, force: true });
    },
  };
}

export type Doors = ReturnType<typeof openDoors>;

/** How long one call may take before it counts as one that hangs. */
const DEADLINE_MS = 15_000;

export function openDoors({ info }: Pick<ServeProcess, 'info'>, deadlineMs = DEADLINE_MS) {
  const ca = readFileSync(info.caCertificate);
  const { workloads } = dataDirAt(info.dataDir);
  const as = (name: string) => {
    const { certificate, key } = workloads.pair(name);
    const tls = { ca, cert: readFileSync(certificate), key: readFileSync(key) };
    return openChannel({ address: info.execution.address, tls }, QUICK);
  };
  const admin = openChannel({ address: info.management.address, tls: { ca } }, QUICK);
  const [engine, sidecar] = [as('engine'), as('sidecar')];
  const operator = openChannel({ address: `unix:${info.operatorSocket}` }, QUICK);
  const apiKey = readFileSync(info.adminApiKeyFile, 'utf8').trim();
  const deadline = () => ({ deadline: Date.now() + deadlineMs });
  return {
    secrets: wireClient(SecretsService, admin),
    flowConfigs: wireClient(FlowConfigsService, admin),
    executions: wireClient(ExecutionsService, engine),
    resolver: wireClient(SecretsService, sidecar),
    maintenance: wireClient(MaintenanceService, operator),
    deadline,
    admin: () => ({ metadata: { authorization: `Bearer ${apiKey}` }, ...deadline() }),
    close: () => [admin, engine, sidecar, operator].forEach((channel) => channel.close()),
  };
}

/** Of a process that is started again, every call counts. */
const QUICK = {
  'grpc.initial_reconnect_backoff_ms': 100,
  'grpc.max_reconnect_backoff_ms': 300,
};

export const valueOf = (text: string) => ({ case: 'value' as const, value: Buffer.from(text) });

/** Every value that an execution which starts now reads. */
export async function readAll(doors: Doors): Promise<Map<string, string>> {
  const { executionToken } = await doors.executions.startExecution(
    { tenantId: 'default', flowId: 'f' },
    doors.deadline(),
  );
  const { secrets } = await doors.resolver.resolveForExecution({ executionToken }, doors.deadline());
  return new Map(Object.entries(secrets).map(([name, { value }]) => [name, Buffer.from(value).toString()]));
}

/** Long enough for a restart on a machine that is busy with everything else. */
const RECOVERY_MS = 120_000;

/** Once the service answers again; what it said last is the test's failure. */
export async function eventually<T>(body: () => Promise<T>): Promise<T> {
  const until = performance.now() + RECOVERY_MS;
  for (;;) {
    try {
      return await body();
    } catch (error) {
      if (performance.now() > until) throw error;
      await sleep(200);
    }
  }
}

/** The status of a call that may fail. */
export function codeOf(call: Promise<unknown>): Promise<string> {
  return call.then(
    () => 'OK',
    (error: { readonly codeName?: string; readonly message?: string }) =>
      error.codeName ?? String(error.message),
  );
}
