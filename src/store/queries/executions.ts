/** Executions and the revisions that they pin. */

import type { ConfigId, ExecutionId, FlowId, TenantId } from '../../domain/ids';
import { configScope, scopeKey, TENANT_SCOPE, type Scope } from '../../domain/scope';
import { preparedQuery, preparedStatement, type Session } from '../prepared';
import type { ExecutionRecord } from '../records';
import type { ExecutionsTable } from '../schema';
import { dropUnneededRevocations, dropUnpinnedBundles } from './bundles';

const selectExecution = preparedQuery((db, args: { executionId: string }) =>
  db.selectFrom('executions').selectAll().where('execution_id', '=', args.executionId),
);

const insertExecutionRow = preparedStatement((db, row: ExecutionsTable) =>
  db.insertInto('executions').values({
    execution_id: row.execution_id,
    tenant_id: row.tenant_id,
    flow_id: row.flow_id,
    config_id: row.config_id,
    tenant_revision: row.tenant_revision,
    config_revision: row.config_revision,
    start_time: row.start_time,
    expire_time: row.expire_time,
    end_time: row.end_time,
    dead_time: row.dead_time,
  }),
);

const insertFlow = preparedStatement((db, args: { tenantId: string; flowId: string }) =>
  db
    .insertInto('flows')
    .values({ tenant_id: args.tenantId, flow_id: args.flowId })
    .onConflict((oc) => oc.doNothing()),
);

// An execution that ended keeps its first end.
const updateEnd = preparedStatement((db, args: { executionId: string; endTime: number }) =>
  db
    .updateTable('executions')
    .set((eb) => ({
      end_time: args.endTime,
      dead_time: eb
        .case()
        .when('expire_time', '<', args.endTime)
        .then(eb.ref('expire_time'))
        .else(args.endTime)
        .end(),
    }))
    .where('execution_id', '=', args.executionId)
    .where('end_time', 'is', null),
);

const deleteDead = preparedQuery((db, args: { before: number; limit: number }) =>
  db
    .deleteFrom('executions')
    .where('execution_id', 'in', (eb) =>
      eb
        .selectFrom('executions')
        .select('execution_id')
        .where('dead_time', '<', args.before)
        .orderBy('dead_time')
        .limit(args.limit),
    )
    .returning(['tenant_id', 'config_id']),
);

export async function getExecution(
  session: Session,
  executionId: ExecutionId,
): Promise<ExecutionRecord | undefined> {
  const row = (await selectExecution(session, { executionId }))[0];
  return (
    row && {
      executionId,
      tenantId: row.tenant_id as TenantId,
      flowId: row.flow_id as FlowId,
      configId: (row.config_id ?? undefined) as ConfigId | undefined,
      tenantRevision: row.tenant_revision,
      configRevision: row.config_revision,
      startTime: row.start_time,
      expireTime: row.expire_time,
      endTime: row.end_time ?? undefined,
    }
  );
}

export async function insertExecution(session: Session, record: ExecutionRecord): Promise<void> {
  await insertExecutionRow(session, {
    execution_id: record.executionId,
    tenant_id: record.tenantId,
    flow_id: record.flowId,
    config_id: record.configId ?? null,
    tenant_revision: record.tenantRevision,
    config_revision: record.configRevision,
    start_time: record.startTime,
    expire_time: record.expireTime,
    end_time: record.endTime ?? null,
    dead_time: Math.min(record.expireTime, record.endTime ?? record.expireTime),
  });
  await insertFlow(session, { tenantId: record.tenantId, flowId: record.flowId });
}

export async function endExecution(
  session: Session,
  executionId: ExecutionId,
  endTime: number,
): Promise<void> {
  await updateEnd(session, { executionId, endTime });
}

export async function removeDeadExecutions(session: Session, before: number, limit: number): Promise<number> {
  const removed = await deleteDead(session, { before, limit });
  const touched = new Map<string, readonly [TenantId, Scope]>();
  for (const row of removed) {
    const tenantId = row.tenant_id as TenantId;
    const scopes = [
      TENANT_SCOPE,
      ...(row.config_id === null ? [] : [configScope(row.config_id as ConfigId)]),
    ];
    for (const scope of scopes) touched.set(`${tenantId} ${scopeKey(scope)}`, [tenantId, scope]);
  }
  for (const [tenantId, scope] of touched.values()) {
    // In force is what dies after `now`; of those that die at `before` or later, none was removed.
    await dropUnpinnedBundles(session, tenantId, scope, before - 1);
    await dropUnneededRevocations(session, tenantId, scope, before - 1);
  }
  return removed.length;
}
