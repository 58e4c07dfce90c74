/** What nodes would read: the values that an execution started now gets. */

import { executionClients } from '../../support/clients';
import type { TestService } from '../../support/service';

/** @param profileName the flow config's profile; undefined: as an invocation that names none. */
export async function valuesOfNextExecution(service: TestService, flowId = 'flow', profileName?: string) {
  const engine = executionClients(service, 'engine');
  const sidecar = executionClients(service, 'sidecar');
  try {
    const config =
      profileName === undefined
        ? { case: undefined }
        : ({ case: 'profileName', value: profileName } as const);
    const { executionToken, nodeTimeout } = await engine.executions.startExecution({
      tenantId: 'default',
      flowId,
      config,
    });
    const { secrets } = await sidecar.secrets.resolveForExecution({ executionToken });
    const values = Object.fromEntries(
      Object.entries(secrets).map(([name, { value }]) => [name, Buffer.from(value).toString()]),
    );
    return { values, nodeTimeoutSeconds: Number(nodeTimeout?.seconds) };
  } finally {
    engine.close();
    sidecar.close();
  }
}
