/** The audit log: typed columns, chained by hash, only ever appended to. */

import { sql } from 'kysely';
import { AUDIT_CHAIN_START, auditHash } from '../../domain/audit-chain';
import type { AuditEntry } from '../../domain/audit-entry';
import type { TenantId } from '../../domain/ids';
import type { PageRequest } from '../paging';
import { preparedQuery, type Session } from '../prepared';
import type { AuditRecord, ExecutionRecord } from '../records';
import { rowsOf } from '../rows';

const events = rowsOf('audit_events');

/** Who asks knows the tenant. */
const OF_A_TENANT = events.columns.filter((column) => column !== 'tenant_id');

const selectLast = preparedQuery((db, args: { tenantId: string }) =>
  db
    .selectFrom('audit_events')
    .select(['sequence', 'hash'])
    .where('tenant_id', '=', args.tenantId)
    .orderBy('sequence', 'desc')
    .limit(1),
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
      .select(OF_A_TENANT)
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

/** Puts the entry at the end of the tenant's chain. */
async function appendAudit(session: Session, tenantId: TenantId, entry: AuditEntry): Promise<AuditRecord> {
  const last = (await selectLast(session, { tenantId }))[0] ?? { sequence: 0, hash: AUDIT_CHAIN_START };
  const sequence = last.sequence + 1;
  const record = { ...entry, sequence, hash: auditHash(last.hash, tenantId, sequence, entry) };
  await events.insert(session, events.toRow({ tenantId, ...record }));
  return record;
}

/** Newest first; `after` is the sequence to go on below. */
async function listAuditEvents(
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
  return rows.map((row) => events.toRecord<AuditRecord>(row));
}

// The action is written out, so that the index of ends is used.
const selectEnd = preparedQuery((db, args: { tenantId: string; executionId: string; since: number }) =>
  db
    .selectFrom('audit_events')
    .select('sequence')
    .where(sql<boolean>`action = 'execution.end'`)
    .where('execution_id', '=', args.executionId)
    .where('tenant_id', '=', args.tenantId)
    .where('time', '>=', args.since)
    .limit(1),
);

/** Whether the log says that the execution was ended: its own row could have been set back. */
async function hasEnded(
  session: Session,
  { tenantId, executionId, startTime }: Pick<ExecutionRecord, 'tenantId' | 'executionId' | 'startTime'>,
): Promise<boolean> {
  return (await selectEnd(session, { tenantId, executionId, since: startTime })).length > 0;
}

export const reads = { listAuditEvents, hasEnded };

export const writes = { appendAudit };
