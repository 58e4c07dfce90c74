/** What nodes would read: the values of a running service, by an execution of its own. */

import { readFileSync } from 'node:fs';
import {
  ExecutionsService,
  type StartExecutionRequest,
} from '../../src/gen/axiom/executions/v1/executions_pb';
import { SecretsService } from '../../src/gen/axiom/secrets/v1/secrets_pb';
import { dataDirAt } from '../../src/server/data-dir';
import type { ServiceInfo } from '../../src/server/service';
import { openChannel, wireClient } from '../../src/wire/client';

/** Values by name, as text. */
export async function storedValues(
  info: ServiceInfo,
  start: Partial<Pick<StartExecutionRequest, 'tenantId' | 'flowId' | 'config'>> = {},
): Promise<Record<string, string>> {
  const { workloads } = dataDirAt(info.dataDir);
  const open = (name: string) =>
    openChannel({
      address: info.execution.address,
      tls: {
        ca: readFileSync(info.caCertificate),
        cert: readFileSync(workloads.pair(name).certificate),
        key: readFileSync(workloads.pair(name).key),
      },
    });
  const [engine, sidecar] = [open('engine'), open('sidecar')];
  try {
    const request = { tenantId: 'default', flowId: 'read-by-a-test', ...start };
    const { executionToken } = await wireClient(ExecutionsService, engine).startExecution(request);
    const { secrets } = await wireClient(SecretsService, sidecar).resolveForExecution({ executionToken });
    return Object.fromEntries(
      Object.entries(secrets).map(([name, { value }]) => [name, Buffer.from(value).toString('utf8')]),
    );
  } finally {
    engine.close();
    sidecar.close();
  }
}
