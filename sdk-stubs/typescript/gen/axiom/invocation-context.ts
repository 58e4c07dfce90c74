/** What a handler sees of its invocation. */

import type { AxiomContext } from '../axiomContext';
import type { Events } from './events';
import { emptyReflection, refusedMutation } from './flow';
import { InvocationLogger } from './invocation-logger';
import { InvocationSecrets } from './invocation-secrets';
import type { ExecutionContext } from './node_pb';
import { SecretText } from './secret-text';

export class InvocationContext implements AxiomContext {
  readonly log: InvocationLogger;
  readonly secrets: InvocationSecrets;
  readonly executionId: string;
  readonly flowId: string;
  readonly tenantId: string;
  readonly reflection = emptyReflection();
  readonly mutation = refusedMutation();

  constructor(execution: ExecutionContext, events: Events) {
    this.log = new InvocationLogger(events);
    this.secrets = takeSecrets(execution, (name, found) => events.read(name, found));
    this.executionId = execution.getExecutionId();
    this.flowId = execution.getFlowId();
    this.tenantId = execution.getTenantId();
  }
}

/** Moves the values out of the request, so that whoever looks at the request sees none. */
function takeSecrets(
  execution: ExecutionContext,
  onRead: (name: string, found: boolean) => void,
): InvocationSecrets {
  const values = new Map(
    execution.getSecretsList().map((entry) => [entry.getKey(), new SecretText(entry.getValue_asU8())]),
  );
  execution.clearSecretsList();
  return new InvocationSecrets(values, execution.getRevokedSecretNamesList(), onRead);
}
