/** Executions and the revisions that they pin. */

import type { ConfigId, ExecutionId, FlowId, TenantId } from '../../domain/ids';
import { configScope, scopeKey, TENANT_SCOPE, type Scope } from '../../domain/scope';
import { preparedQuery, preparedWrite, type Session } from '../prepared';
import type { ExecutionRecord } from '../records';
import { pick, rowsOf } from '../rows';
import type { RowOf } from '../schema';
import { checkSigned } from '../signed-row';
import { dropUnneededRevocations, dropUnpinnedBundles } from './bundles';

const executions = rowsOf('executions');

/** `dead_time` follows from the others. */
export const RECORDED = executions.columns.filter((column) => column !== 'dead_time');

const selectExecution = preparedQuery((db, args: { executionId: string }) =>
  db.selectFrom('executions').select(RECORDED).where('execution_id', '=', args.executionId),
);

const insertFlow = preparedWrite((db, args: { tenantId: string; flowId: string }) =>
  db
    .insertInto('flows')
    .values({ tenant_id: args.tenantId, flow_id: args.flowId })
    .onConflict((oc) => oc.doNothing()),
);

const updateEnd = preparedWrite((db, row: RowOf<'executions'>) =>
  db
    .updateTable('executions')
    .set(pick(row, ['end_time', 'dead_time', 'signature']))
    .where('execution_id', '=', row.execution_id),
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

const selectUnended = preparedQuery((db, args: { tenantId: string }) =>
  db
    .selectFrom('executions')
    .select('execution_id')
    .where('tenant_id', '=', args.tenantId)
    .where('end_time', 'is', null),
);

interface Running {
  readonly tenantId: TenantId;
  readonly scope: Scope;
  readonly revision: number;
  readonly now: number;
  readonly limit: number;
}

/** Executions that pinned the tenant's scope at that revision or later, or before it, and have not ended. */
const countOfTenant = (compared: '>=' | '<') =>
  preparedQuery((db, args: Omit<Running, 'scope'>) =>
    db
      .selectFrom((eb) =>
        eb
          .selectFrom('executions')
          .select('execution_id')
          .where('tenant_id', '=', args.tenantId)
          .where('tenant_revision', compared, args.revision)
          .where('end_time', 'is', null)
          .where('dead_time', '>', args.now)
          .limit(args.limit)
          .as('running'),
      )
      .select((eb) => eb.fn.countAll<number>().as('count')),
  );

/** The same of a config's scope: only executions of that config have pinned it. */
const countOfConfig = (compared: '>=' | '<') =>
  preparedQuery((db, args: Omit<Running, 'scope'> & { readonly configId: ConfigId }) =>
    db
      .selectFrom((eb) =>
        eb
          .selectFrom('executions')
          .select('execution_id')
          .where('tenant_id', '=', args.tenantId)
          .where('config_id', '=', args.configId)
          .where('config_revision', compared, args.revision)
          .where('end_time', 'is', null)
          .where('dead_time', '>', args.now)
          .limit(args.limit)
          .as('running'),
      )
      .select((eb) => eb.fn.countAll<number>().as('count')),
  );

const countSince = { tenant: countOfTenant('>='), config: countOfConfig('>=') };
const countBefore = { tenant: countOfTenant('<'), config: countOfConfig('<') };

async function getExecution(
  session: Session,
  executionId: ExecutionId,
): Promise<ExecutionRecord | undefined> {
  const row = (await selectExecution(session, { executionId }))[0];
  return row && toExecution(session, row);
}

/** Those of the tenant whose rows tell of no end. */
async function listUnended(session: Session, tenantId: TenantId): Promise<readonly ExecutionId[]> {
  return (await selectUnended(session, { tenantId })).map((row) => row.execution_id as ExecutionId);
}

/** @throws DomainError DATA_LOSS for a row that this service did not write so. */
export function toExecution(session: Session, row: Omit<RowOf<'executions'>, 'dead_time'>): ExecutionRecord {
  checkSigned(session, 'executions', row, `execution ${row.execution_id}`);
  return {
    executionId: row.execution_id as ExecutionId,
    tenantId: row.tenant_id as TenantId,
    flowId: row.flow_id as FlowId,
    configId: (row.config_id ?? undefined) as ConfigId | undefined,
    tenantRevision: row.tenant_revision,
    configRevision: row.config_revision,
    startTime: row.start_time,
    expireTime: row.expire_time,
    endTime: row.end_time ?? undefined,
  };
}

/**
 * @param isFlowKnown false: also notes the flow as seen, where it is not yet. True where the same write read so, and what
 *   the execution pins as the newest.
 */
async function insertExecution(
  session: Session,
  record: ExecutionRecord,
  isFlowKnown = false,
): Promise<void> {
  await executions.add(session, executionRow(session, record));
  const { signing, standing } = session;
  if (!isFlowKnown) await insertFlow(session, { tenantId: record.tenantId, flowId: record.flowId });
  else if (signing !== undefined) standing?.executions.set(record.executionId, { record, signing });
}

/** Column by column: this is done twice in every execution. */
function executionRow(
  session: Session,
  record: ExecutionRecord,
  endTime = record.endTime,
): RowOf<'executions'> {
  const { expireTime } = record;
  const row: RowOf<'executions'> = {
    execution_id: record.executionId,
    tenant_id: record.tenantId,
    flow_id: record.flowId,
    config_id: record.configId ?? null,
    tenant_revision: record.tenantRevision,
    config_revision: record.configRevision,
    start_time: record.startTime,
    expire_time: expireTime,
    end_time: endTime ?? null,
    dead_time: Math.min(expireTime, endTime ?? expireTime),
    signature: null,
  };
  row.signature = session.signing?.sign('executions', row) ?? null;
  return row;
}

/** An execution that ended keeps its first end. */
async function endExecution(session: Session, executionId: ExecutionId, endTime: number): Promise<void> {
  const record = await getExecution(session, executionId);
  if (record !== undefined && record.endTime === undefined) await putExecutionEnd(session, record, endTime);
}

/** The same of one that was read already and has not ended. */
async function putExecutionEnd(session: Session, record: ExecutionRecord, endTime: number): Promise<void> {
  session.standing?.executions.delete(record.executionId);
  await updateEnd(session, executionRow(session, record, endTime));
}

/** Removes executions ended or expired before `before`, with bundles and revocations that only they needed. */
async function removeDeadExecutions(session: Session, before: number, limit: number): Promise<number> {
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

/** Executions that hold what stood in the scope at that revision or later. At most `limit`: a tenant may have any number. */
function countRunningExecutions(session: Session, running: Running): Promise<number> {
  return countWith(countSince, session, running);
}

/** Executions that started before that revision of the scope, at most `limit`. */
function countOlderExecutions(session: Session, running: Running): Promise<number> {
  return countWith(countBefore, session, running);
}

async function countWith(
  queries: typeof countSince,
  session: Session,
  { scope, ...running }: Running,
): Promise<number> {
  const rows =
    scope.kind === 'tenant'
      ? await queries.tenant(session, running)
      : await queries.config(session, { ...running, configId: scope.configId });
  return rows[0]?.count ?? 0;
}

export const reads = { getExecution, listUnended, countRunningExecutions, countOlderExecutions };

export const writes = { insertExecution, endExecution, putExecutionEnd, removeDeadExecutions };
