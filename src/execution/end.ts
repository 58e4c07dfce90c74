/** EndExecution: the token gets nothing more, and what only this execution pinned goes. */

import type { Call } from '../domain/call';
import { tokenNotInForce } from '../domain/execution-token';
import type { ConfigId, ExecutionId, TenantId } from '../domain/ids';
import type { WorkloadPrincipal } from '../domain/principal';
import { configScope, TENANT_SCOPE } from '../domain/scope';
import type { EndExecutionRequest } from '../gen/axiom/executions/v1/executions_pb';
import { auditEntry } from '../store/audit-entry';
import type { ExecutionServerContext } from './context';
import { isInForce } from './pinned';
import { readToken } from './tokens';

export async function endExecution(
  context: ExecutionServerContext,
  call: Call<WorkloadPrincipal>,
  request: EndExecutionRequest,
): Promise<Record<string, never>> {
  const claims = await readToken(context.tokenMac, request.executionToken);
  const tenantId = claims.tenantId as TenantId;
  const { executionId } = claims;
  await context.store.write(async (tx) => {
    const now = context.clock();
    if (!(await isInForce(tx, claims, now))) throw tokenNotInForce();
    await tx.endExecution(executionId as ExecutionId, now);
    await tx.dropUnpinnedBundles(tenantId, TENANT_SCOPE, now);
    if (claims.configId !== '')
      await tx.dropUnpinnedBundles(tenantId, configScope(claims.configId as ConfigId), now);
    const details = { action: 'execution.end', resource: claims.configId || claims.flowId, executionId };
    await tx.appendAudit(tenantId, auditEntry(call, now, details));
  });
  return {};
}
