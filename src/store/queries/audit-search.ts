/** Looks for parts of words in a stretch of the audit log: no index finds them, so the caller bounds the stretch. */

import { sql } from '../kysely';
import type { TenantId } from '../../domain/ids';
import { preparedQuery, type Session } from '../prepared';
import type { AuditRecord } from '../records';
import { ACTIONS } from '../packed';
import { rowsOf } from '../rows';

const events = rowsOf('audit_events');
const columns = events.columns.filter((column) => column !== 'tenant_id');

export type AuditOutcome = 'any' | 'ok' | 'failed' | 'denied';

export interface AuditSearch {
  /** '' finds all. */
  readonly part: string;
  readonly action: string;
  readonly principalPrefix: string;
  readonly outcome: AuditOutcome;
  readonly fromTime: number;
  readonly untilTime: number;
}

/** Sequences from `from` on and below `below`. */
interface Stretch {
  readonly from: number;
  readonly below: number;
  readonly limit: number;
}

type SearchArgs = Stretch & {
  tenantId: string;
  part: string;
  leastAction: number;
  mostAction: number;
  principal: string;
  fromTime: number;
  untilTime: number;
};

const selectMatching = (outcome: AuditOutcome) =>
  preparedQuery((db, args: SearchArgs) =>
    db
      .selectFrom('audit_events')
      .select(columns)
      .where('tenant_id', '=', args.tenantId)
      .where('sequence', '>=', args.from)
      .where('sequence', '<', args.below)
      .where('time', '>=', args.fromTime)
      .where('time', '<', args.untilTime)
      .where('action', '>=', args.leastAction)
      .where('action', '<=', args.mostAction)
      .where(sql<boolean>`principal like ${args.principal} escape '\\'`)
      .where(sql<boolean>`lower(resource || ' ' || scope || ' ' || node) like ${args.part} escape '\\'`)
      .$if(outcome === 'denied', (query) => query.where('allowed', '=', 0))
      .$if(outcome === 'ok', (query) => query.where('allowed', '=', 1).where('status', '=', 'OK'))
      .$if(outcome === 'failed', (query) => query.where('allowed', '=', 1).where('status', '!=', 'OK'))
      .orderBy('sequence', 'desc')
      .limit(args.limit),
  );

const SELECTS = {
  any: selectMatching('any'),
  ok: selectMatching('ok'),
  failed: selectMatching('failed'),
  denied: selectMatching('denied'),
};

const selectNewest = preparedQuery((db, args: { tenantId: string }) =>
  db
    .selectFrom('audit_events')
    .select('sequence')
    .where('tenant_id', '=', args.tenantId)
    .orderBy('sequence', 'desc')
    .limit(1),
);

/** Newest first. */
async function searchAuditEvents(
  session: Session,
  tenantId: TenantId,
  { part, action, principalPrefix, outcome, fromTime, untilTime }: AuditSearch,
  stretch: Stretch,
): Promise<readonly AuditRecord[]> {
  const number = action === '' ? undefined : ACTIONS.find(action);
  const rows = await SELECTS[outcome](session, {
    ...{ ...stretch, tenantId, fromTime, untilTime },
    part: `%${literal(part.toLowerCase())}%`,
    leastAction: number ?? 0,
    mostAction: number ?? Number.MAX_SAFE_INTEGER,
    principal: `${literal(principalPrefix)}%`,
  });
  return rows.map((row) => events.toRecord<AuditRecord>(row));
}

/** The newest event's sequence; 0 where there is none. */
async function getNewestAuditSequence(session: Session, tenantId: TenantId): Promise<number> {
  return (await selectNewest(session, { tenantId }))[0]?.sequence ?? 0;
}

/** A text that LIKE takes as it is. */
function literal(text: string): string {
  return text.replace(/[\\%_]/g, '\\$&');
}

export const reads = { searchAuditEvents, getNewestAuditSequence };
