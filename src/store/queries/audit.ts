/** The audit log: typed columns, chained by hash, only ever appended to. */

import { AUDIT_CHAIN_START, auditHash } from '../../domain/audit-chain';
import type { TenantId } from '../../domain/ids';
import { preparedQuery, preparedStatement, type Session } from '../prepared';
import type { AuditEntry, AuditRecord } from '../records';
import type { AuditEventsTable } from '../schema';
import type { PageRequest } from '../store';

const selectLast = preparedQuery((db, args: { tenantId: string }) =>
  db
    .selectFrom('audit_events')
    .select(['sequence', 'hash'])
    .where('tenant_id', '=', args.tenantId)
    .orderBy('sequence', 'desc')
    .limit(1),
);

const insertEvent = preparedStatement((db, row: AuditEventsTable) =>
  db.insertInto('audit_events').values({
    tenant_id: row.tenant_id,
    sequence: row.sequence,
    time: row.time,
    principal: row.principal,
    action: row.action,
    allowed: row.allowed,
    door: row.door,
    resource: row.resource,
    version: row.version,
    scope: row.scope,
    execution_id: row.execution_id,
    node: row.node,
    count: row.count,
    status: row.status,
    hash: row.hash,
  }),
);

interface EventPage {
  tenantId: string;
  below: number;
  limit: number;
  action: string;
  resource: string;
}

/** One query for each combination of filters, so that each finds its index. */
const selectEvents = (byAction: boolean, byResource: boolean) =>
  preparedQuery((db, args: EventPage) =>
    db
      .selectFrom('audit_events')
      .selectAll()
      .where('tenant_id', '=', args.tenantId)
      .where('sequence', '<', args.below)
      .$if(byAction, (query) => query.where('action', '=', args.action))
      .$if(byResource, (query) => query.where('resource', '=', args.resource))
      .orderBy('sequence', 'desc')
      .limit(args.limit),
  );

const selectAll = selectEvents(false, false);
const selectByAction = selectEvents(true, false);
const selectByResource = selectEvents(false, true);
const selectByBoth = selectEvents(true, true);

export async function appendAudit(
  session: Session,
  tenantId: TenantId,
  entry: AuditEntry,
): Promise<AuditRecord> {
  const last = (await selectLast(session, { tenantId }))[0] ?? { sequence: 0, hash: AUDIT_CHAIN_START };
  const sequence = last.sequence + 1;
  const hash = auditHash(last.hash, tenantId, sequence, entry);
  await insertEvent(session, {
    tenant_id: tenantId,
    sequence,
    time: entry.time,
    principal: entry.principal,
    action: entry.action,
    allowed: entry.allowed ? 1 : 0,
    door: entry.door,
    resource: entry.resource,
    version: entry.version,
    scope: entry.scope,
    execution_id: entry.executionId,
    node: entry.node,
    count: entry.count,
    status: entry.status,
    hash,
  });
  return { ...entry, sequence, hash };
}

export async function listAuditEvents(
  session: Session,
  tenantId: TenantId,
  filter: { readonly action?: string; readonly resource?: string },
  page: PageRequest<number>,
): Promise<readonly AuditRecord[]> {
  const { action, resource } = filter;
  const select =
    action === undefined
      ? resource === undefined
        ? selectAll
        : selectByResource
      : resource === undefined
        ? selectByAction
        : selectByBoth;
  const rows = await select(session, {
    tenantId,
    below: page.after ?? Number.MAX_SAFE_INTEGER,
    limit: page.limit,
    action: action ?? '',
    resource: resource ?? '',
  });
  return rows.map(toRecord);
}

function toRecord(row: AuditEventsTable): AuditRecord {
  return {
    time: row.time,
    principal: row.principal,
    action: row.action,
    allowed: row.allowed === 1,
    door: row.door,
    resource: row.resource,
    version: row.version,
    scope: row.scope,
    executionId: row.execution_id,
    node: row.node,
    count: row.count,
    status: row.status,
    sequence: row.sequence,
    hash: row.hash,
  };
}
