/** The audit logs: typed columns, chained by hash, appended to at the end and pruned from the beginning. */

import type { Kysely, RawBuilder } from 'kysely';
import { sql } from '../kysely';
import { AUDIT_CHAIN_START, auditHash } from '../../domain/audit-chain';
import type { AuditAction } from '../../domain/audit-actions';
import type { AuditEntry } from '../../domain/audit-entry';
import type { AuditLogId } from '../../domain/audit-log';
import type { Question } from '../asked-ahead';
import type { PageRequest } from '../paging';
import { preparedQuery, preparedStatement, preparedWrite, type Session } from '../prepared';
import type { AuditRecord } from '../records';
import { ACTION_NUMBERS, ACTIONS, DOORS, hexOf, packId } from '../packed';
import { rowsOf } from '../rows';
import type { Database, RowOf } from '../schema';
import type { LogEnd } from '../transaction-state';

const events = rowsOf('audit_events');

/** Who asks knows the log. */
const OF_A_LOG = events.columns.filter((column) => column !== 'tenant_id');

const selectLast = preparedQuery((db, args: { tenantId: string }) =>
  db
    .selectFrom('audit_events')
    .select(['sequence', 'hash'])
    .select((eb) =>
      eb
        .selectFrom('audit_moved')
        .select((one) => one.fn.countAll<number>().as('marks'))
        .where('audit_moved.tenant_id', '=', args.tenantId)
        .as('marks'),
    )
    .where('tenant_id', '=', args.tenantId)
    .orderBy('sequence', 'desc')
    .limit(1),
);

interface EventPage {
  tenantId: string;
  below: number;
  limit: number;
  action: number;
  resource: string;
}

/**
 * One query for each combination of filters. An index is asked for sequences and the log for their events: asked for
 * both at once, SQLite goes through the log, since that lies in the order that is wanted.
 */
const selectEvents = (byAction: boolean, byResource: boolean) =>
  preparedQuery((db, args: EventPage) =>
    db
      .selectFrom('audit_events as found')
      .innerJoin('audit_events', (join) =>
        join
          .onRef('audit_events.tenant_id', '=', 'found.tenant_id')
          .onRef('audit_events.sequence', '=', 'found.sequence'),
      )
      .select(OF_A_LOG.map((column) => `audit_events.${column}` as const))
      .where('found.tenant_id', '=', args.tenantId)
      .where('found.sequence', '<', args.below)
      .$if(byResource, (query) => query.where('found.resource', '=', args.resource))
      .$if(byAction && !byResource, (query) => query.where('found.action', '=', args.action))
      .$if(byAction && byResource, (query) => query.where('audit_events.action', '=', args.action))
      .orderBy('found.sequence', 'desc')
      .limit(args.limit),
  );

const selectAll = preparedQuery((db, args: EventPage) =>
  db
    .selectFrom('audit_events')
    .select(OF_A_LOG)
    .where('tenant_id', '=', args.tenantId)
    .where('sequence', '<', args.below)
    .orderBy('sequence', 'desc')
    .limit(args.limit),
);

const selectByAction = selectEvents(true, false);
const selectByResource = selectEvents(false, true);
const selectByBoth = selectEvents(true, true);

const selectForward = preparedQuery((db, args: { tenantId: string; after: number; limit: number }) =>
  db
    .selectFrom('audit_events')
    .select(OF_A_LOG)
    .where('tenant_id', '=', args.tenantId)
    .where('sequence', '>', args.after)
    .orderBy('sequence')
    .limit(args.limit),
);

const selectTimes = preparedQuery((db, args: { tenantId: string; after: number; limit: number }) =>
  db
    .selectFrom('audit_events')
    .select(['sequence', 'time', 'hash'])
    .where('tenant_id', '=', args.tenantId)
    .where('sequence', '>', args.after)
    .orderBy('sequence')
    .limit(args.limit),
);

const insertMark = preparedWrite((db, args: { tenantId: string }) =>
  db
    .insertInto('audit_moved')
    .values({ tenant_id: args.tenantId })
    .onConflict((oc) => oc.doNothing()),
);

const deleteEvents = preparedStatement((db, args: { tenantId: string; through: number; limit: number }) =>
  db
    .deleteFrom('audit_events')
    .where('tenant_id', '=', args.tenantId)
    .where('sequence', 'in', (eb) =>
      eb
        .selectFrom('audit_events')
        .select('sequence')
        .where('tenant_id', '=', args.tenantId)
        .where('sequence', '<=', args.through)
        .orderBy('sequence')
        .limit(args.limit),
    ),
);

/**
 * The sequence of an event that says one of these actions was done to a resource, null where there is none. What the log
 * says holds, whatever was set back beside it.
 * @param of where the row that is read has its tenant and the resource.
 */
export function doneTo(
  of: { readonly tenantId: RawBuilder<string>; readonly resource: RawBuilder<string> },
  actions: readonly AuditAction[],
): RawBuilder<number | null> {
  const numbers = actions.map((action) => sql.lit(ACTION_NUMBERS[action]));
  // As selectEvents: the index tells the sequences, and the log their actions.
  return sql`(select found.sequence from audit_events as found
    join audit_events as event on event.tenant_id = found.tenant_id and event.sequence = found.sequence
    where found.tenant_id = ${of.tenantId} and found.resource = ${of.resource}
      and event.action in (${sql.join(numbers)}) limit 1)`;
}

/** Where an entry is in its log's chain. */
type ChainPlace = Pick<AuditRecord, 'sequence' | 'hash'>;

/** Puts the entry at the end of the log's chain. */
async function appendAudit(session: Session, log: AuditLogId, entry: AuditEntry): Promise<ChainPlace> {
  const { standing } = session;
  const last = session.state?.ends.get(log) ?? standing?.ends.get(log) ?? (await readEnd(session, log));
  const sequence = (last?.sequence ?? 0) + 1;
  const hash = auditHash(last?.hash ?? AUDIT_CHAIN_START, log, sequence, entry);
  if (last?.isMarked !== true) await insertMark(session, { tenantId: log });
  await events.add(session, rowOf(log, sequence, hash, entry));
  const end: LogEnd = { sequence, hash, isMarked: true };
  session.state?.ends.set(log, end);
  standing?.ends.set(log, end);
  standing?.appended(entry);
  return { sequence, hash };
}

/** Column by column: three of these are made in every execution. */
function rowOf(log: AuditLogId, sequence: number, hash: string, entry: AuditEntry): RowOf<'audit_events'> {
  return {
    tenant_id: log,
    sequence,
    time: entry.time,
    principal: entry.principal,
    action: ACTIONS.numberOf(entry.action),
    allowed: entry.allowed ? 1 : 0,
    door: DOORS.numberOf(entry.door),
    resource: entry.resource,
    version: entry.version,
    scope: entry.scope,
    execution_id: packId(entry.executionId),
    node: entry.node,
    count: entry.count,
    status: entry.status,
    hash: Buffer.from(hash, 'hex'),
    source: entry.source,
  };
}

/** What tells where the log ends, before anything was appended to it. */
export function logEndQuestion(compiler: Kysely<Database>, log: AuditLogId): Question {
  return selectLast.questionOf(compiler, { tenantId: log });
}

async function readEnd(session: Session, log: AuditLogId): Promise<LogEnd | undefined> {
  const last = (await selectLast(session, { tenantId: log }))[0];
  return last && { sequence: last.sequence, hash: hexOf(last.hash), isMarked: (last.marks ?? 0) > 0 };
}

/** Which events, and in which order. */
export interface AuditFilter {
  readonly action?: string;
  readonly resource?: string;
  /** As the chain goes; then without action and resource. */
  readonly oldestFirst?: boolean;
}

/** Newest first unless asked otherwise; `after` is the sequence to go on below, or above. */
async function listAuditEvents(
  session: Session,
  log: AuditLogId,
  filter: AuditFilter,
  page: PageRequest<number>,
): Promise<readonly AuditRecord[]> {
  const rows = filter.oldestFirst
    ? await selectForward(session, { tenantId: log, after: page.after ?? 0, limit: page.limit })
    : await selectFiltered(filter)(session, {
        tenantId: log,
        below: page.after ?? Number.MAX_SAFE_INTEGER,
        limit: page.limit,
        action: ACTIONS.find(filter.action ?? ''),
        resource: filter.resource ?? '',
      });
  return rows.map((row) => events.toRecord<AuditRecord>(row));
}

function selectFiltered({ action, resource }: AuditFilter) {
  if (action === undefined) return resource === undefined ? selectAll : selectByResource;
  return resource === undefined ? selectByAction : selectByBoth;
}

/** When the events after that sequence happened, oldest first. */
async function listAuditTimes(
  session: Session,
  log: AuditLogId,
  page: PageRequest<number>,
): Promise<readonly { readonly sequence: number; readonly time: number; readonly hash: string }[]> {
  const rows = await selectTimes(session, { tenantId: log, after: page.after ?? 0, limit: page.limit });
  return rows.map((row) => ({ ...row, hash: hexOf(row.hash) }));
}

/** The newest event's place and hash. */
async function getAuditEnd(
  session: Session,
  log: AuditLogId,
): Promise<{ readonly size: number; readonly hash: string } | undefined> {
  const last = (await selectLast(session, { tenantId: log }))[0];
  return last && { size: last.sequence, hash: hexOf(last.hash) };
}

/** Takes out at most `limit` events up to that sequence, oldest first, once putAuditPrune says that they may go. */
async function deleteAuditEvents(
  session: Session,
  log: AuditLogId,
  through: number,
  limit: number,
): Promise<number> {
  return deleteEvents(session, { tenantId: log, through, limit });
}

export const reads = { getAuditEnd, listAuditEvents, listAuditTimes };

export const writes = { appendAudit, deleteAuditEvents };
