/** Signed checkpoints of the audit logs, what was pruned of the logs, and the key that signs. */

import type { AuditLogId } from '../../domain/audit-log';
import { DAY_MS } from '../../domain/clock';
import type { PageRequest } from '../paging';
import { preparedQuery, preparedStatement, type Session } from '../prepared';
import type { CheckpointKeysRecord, CheckpointRecord, PruneRecord } from '../records';
import { pick, rowsOf } from '../rows';
import type { RowOf } from '../schema';

const checkpoints = rowsOf('audit_checkpoints');
const prunes = rowsOf('audit_prunes');
const keys = rowsOf('checkpoint_keys');

const selectMoved = (isFirst: boolean) =>
  preparedQuery((db, args: { after: string; limit: number }) =>
    db
      .selectFrom('audit_moved')
      .select('tenant_id')
      .$if(!isFirst, (query) => query.where('tenant_id', '>', args.after))
      .orderBy('tenant_id')
      .limit(args.limit),
  );

const selectFirstMoved = selectMoved(true);
const selectMovedAfter = selectMoved(false);

const deleteMark = preparedStatement((db, args: { tenantId: string }) =>
  db.deleteFrom('audit_moved').where('tenant_id', '=', args.tenantId),
);

const selectCheckpoints = preparedQuery((db, args: { tenantId: string; limit: number }) =>
  db
    .selectFrom('audit_checkpoints')
    .select(['size', 'note', 'sign_time'])
    .where('tenant_id', '=', args.tenantId)
    .orderBy('day', 'desc')
    .limit(args.limit),
);

const selectAnyCheckpoint = preparedQuery((db) => db.selectFrom('audit_checkpoints').select('size').limit(1));

const upsertCheckpoint = preparedStatement((db, row: RowOf<'audit_checkpoints'>) => {
  const values = pick(row, checkpoints.columns);
  return db
    .insertInto('audit_checkpoints')
    .values(values)
    .onConflict((oc) => oc.columns(['tenant_id', 'day']).doUpdateSet(values));
});

const deleteCheckpoints = preparedStatement((db, args: { tenantId: string; below: number }) =>
  db.deleteFrom('audit_checkpoints').where('tenant_id', '=', args.tenantId).where('size', '<', args.below),
);

const selectPrune = preparedQuery((db, args: { tenantId: string }) =>
  db
    .selectFrom('audit_prunes')
    .select(['sequence', 'hash', 'note', 'prune_time'])
    .where('tenant_id', '=', args.tenantId),
);

const upsertPrune = preparedStatement((db, row: RowOf<'audit_prunes'>) => {
  const values = pick(row, prunes.columns);
  return db
    .insertInto('audit_prunes')
    .values(values)
    .onConflict((oc) => oc.column('tenant_id').doUpdateSet(values));
});

const selectKeys = preparedQuery((db) =>
  db.selectFrom('checkpoint_keys').select(['wrapped_keyset', 'verifier_key']),
);

/** Logs that have events since their newest checkpoint. */
async function listMovedLogs(
  session: Session,
  { after, limit }: PageRequest<AuditLogId>,
): Promise<readonly AuditLogId[]> {
  // The service's own log comes first, and no name is less than its empty one.
  const select = after === undefined ? selectFirstMoved : selectMovedAfter;
  return (await select(session, { after: after ?? '', limit })).map((row) => row.tenant_id as AuditLogId);
}

/** Newest first: the newest of all, then the last of each day before. */
async function listCheckpoints(
  session: Session,
  log: AuditLogId,
  limit: number,
): Promise<readonly CheckpointRecord[]> {
  const rows = await selectCheckpoints(session, { tenantId: log, limit });
  return rows.map((row) => checkpoints.toRecord<CheckpointRecord>(row));
}

async function hasCheckpoints(session: Session): Promise<boolean> {
  return (await selectAnyCheckpoint(session, {})).length > 0;
}

async function getAuditPrune(session: Session, log: AuditLogId): Promise<PruneRecord | undefined> {
  return (await selectPrune(session, { tenantId: log })).map((row) => prunes.toRecord<PruneRecord>(row))[0];
}

async function getCheckpointKeys(session: Session): Promise<CheckpointKeysRecord | undefined> {
  return (await selectKeys(session, {})).map((row) => keys.toRecord<CheckpointKeysRecord>(row))[0];
}

/** Keeps a checkpoint of the log's end, in place of the one before of the same day. */
async function putCheckpoint(session: Session, log: AuditLogId, record: CheckpointRecord): Promise<void> {
  const day = Math.floor(record.signTime / DAY_MS);
  await upsertCheckpoint(session, checkpoints.toRow({ tenantId: log, day, ...record }));
  await deleteMark(session, { tenantId: log });
  session.state?.ends.delete(log);
}

/** From now on the events up to that sequence may be deleted; the checkpoints of those before it go. */
async function putAuditPrune(session: Session, log: AuditLogId, record: PruneRecord): Promise<void> {
  await upsertPrune(session, prunes.toRow({ tenantId: log, ...record }));
  await deleteCheckpoints(session, { tenantId: log, below: record.sequence });
}

async function insertCheckpointKeys(session: Session, record: CheckpointKeysRecord): Promise<void> {
  await keys.insert(session, keys.toRow({ id: 1, ...record }));
}

export const reads = { getAuditPrune, getCheckpointKeys, hasCheckpoints, listCheckpoints, listMovedLogs };

export const writes = { insertCheckpointKeys, putAuditPrune, putCheckpoint };
