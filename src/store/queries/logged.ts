/**
 * What the audit log says beside rows that can be set back: the newest revision of a scope that was saved, which values
 * were taken from running executions, and whether a handle was moved away. Such rows can be set back together with the
 * signed head over them, and then only the log tells; so whoever reads them asks it in the same statement. Three indexes
 * are of exactly these events, and hold nothing else (migrations/011_logged_changes.ts): each question is one look-up.
 */

import type { RawBuilder } from 'kysely';
import { sql } from '../kysely';
import { ACTION_NUMBERS } from '../packed';

const CHANGING = [
  'secret.add',
  'secret.replace',
  'secret.delete',
  'override.set',
  'override.delete',
] as const;

/**
 * Events that gave a scope a new revision, which is their version. Not as a list: for the condition of an index with
 * more than two in one SQLite makes a table at each insert (migrations/014_cheaper_indexes.ts).
 */
export const CHANGES = sql`(${sql.join(
  CHANGING.map((one) => sql`action = ${sql.lit(ACTION_NUMBERS[one])}`),
  sql` or `,
)})`;

/** Events that took a name from executions that pinned a revision up to their version. */
export const REVOCATIONS = sql`action = ${sql.lit(ACTION_NUMBERS['secret.revoke'])}`;

const MOVED_OUT = sql`action = ${sql.lit(ACTION_NUMBERS['handle.move_out'])}`;

/** Events that made a handle another tenant's. */
export const HANDLE_MOVES = sql`action in (${sql.lit(ACTION_NUMBERS['handle.move_in'])},
  ${sql.lit(ACTION_NUMBERS['handle.move_out'])})`;

/** Which scope: where the row that is read has its tenant, and the scope's key. */
interface LoggedScope {
  readonly tenantId: RawBuilder<unknown>;
  readonly scope: RawBuilder<unknown>;
}

/** The newest revision of the scope that the log tells of; null where it tells of none. */
export function newestChange({ tenantId, scope }: LoggedScope): RawBuilder<number | null> {
  return sql`(select max(version) from audit_events as logged
    where logged.tenant_id = ${tenantId} and logged.scope = ${scope} and ${CHANGES})`;
}

/** The newest revision from which the log says that a name was taken; null where it tells of none. */
export function newestRevocation({ tenantId, scope }: LoggedScope): RawBuilder<number | null> {
  return sql`(select max(version) from audit_events as logged
    where logged.tenant_id = ${tenantId} and logged.scope = ${scope} and ${REVOCATIONS})`;
}

/** What the log tells of names taken from executions that pinned this revision, of its newest `limit` events. */
export function revocationsSince(
  { tenantId, scope }: LoggedScope,
  { pinnedRevision, limit }: { readonly pinnedRevision: RawBuilder<unknown>; readonly limit: number },
): {
  /** How many events there are, `limit` at most: a name has one each time that it is taken. */
  readonly events: RawBuilder<number>;
  /** How many of their names have no revocation. */
  readonly missing: RawBuilder<number>;
} {
  const newest = sql`(select resource, version from audit_events
    where tenant_id = ${tenantId} and scope = ${scope} and version >= ${pinnedRevision} and ${REVOCATIONS}
    order by version desc limit ${sql.lit(limit)}) as newest`;
  return {
    events: sql`(select count(*) from ${newest})`,
    missing: sql`(select count(*) from (select resource, max(version) as version from ${newest} group by resource) as logged
      where not exists (select 1 from revocations as made where made.tenant_id = ${tenantId}
        and made.scope = ${scope} and made.name = logged.resource and made.up_to_revision >= logged.version))`,
  };
}

/** Whether the tenant's log says last of the handle that it was moved to another tenant: 1 or 0, null where it says nothing. */
export function wasMovedOut(of: {
  readonly tenantId: RawBuilder<unknown>;
  readonly handle: RawBuilder<unknown>;
}): RawBuilder<number | null> {
  return sql`(select case when ${MOVED_OUT} then 1 else 0 end from audit_events as logged
    where logged.tenant_id = ${of.tenantId} and logged.resource = ${of.handle} and ${HANDLE_MOVES}
    order by sequence desc limit 1)`;
}
