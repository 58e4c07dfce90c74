/** EndExecution: the token gets nothing more, and what only this execution pinned goes. */

import { auditEntry, type AuditDetails } from '../domain/audit-entry';
import type { Call } from '../domain/call';
import { tokenNotInForce } from '../domain/execution-token';
import type { WorkloadPrincipal } from '../domain/principal';
import type { EndExecutionRequest } from '../gen/axiom/executions/v1/executions_pb';
import { stateAskedAhead } from '../store/queries/resolution';
import type { ExecutionServerContext } from './context';
import { isInForceAs } from './pinned';
import { forgetToken, readToken } from './tokens';

export async function endExecution(
  context: ExecutionServerContext,
  call: Call<WorkloadPrincipal>,
  request: EndExecutionRequest,
): Promise<void> {
  const claims = await readToken(context.tokenMac, request.executionToken);
  const { executionId, tenantId, flowId, configId } = claims;
  await context.store.write(
    async (tx) => {
      const now = context.clock();
      const state = await tx.getExecutionState(executionId);
      if (!isInForceAs(state, claims, now)) throw tokenNotInForce();
      await tx.putExecutionEnd(state.execution, now);
      await tx.endExecutionReads(executionId, now);
      for (const scope of state.pinnedOlder) await tx.dropUnpinnedBundles(tenantId, scope, now);
      const details: AuditDetails = { action: 'execution.end', resource: configId ?? flowId, executionId };
      await tx.appendAudit(tenantId, auditEntry(call, now, details));
    },
    { waiter: call, tenant: tenantId, asksFirst: true, asksAhead: stateAskedAhead(claims) },
  );
  forgetToken(context.tokenMac, request.executionToken);
}
