/**
 * Console sessions. Those of a tenant are a signed list (signing.ts): a row that is put back after its log-out is not on
 * it, and counts no more; nor does one that the audit log says has ended, where the list was set back with it. Where the
 * list is missing or does not fit, nobody is logged in, and the next log-in begins it anew: it gives rights and takes
 * none.
 */

import { Entries } from '../entries';
import { sql } from '../kysely';
import type { TenantId } from '../../domain/ids';
import { SESSION_ID_LENGTH } from '../../domain/session';
import { preparedQuery, preparedStatement, type Session } from '../prepared';
import type { SessionRecord, UsedSession } from '../records';
import { rowsOf } from '../rows';
import type { RowOf } from '../schema';
import { checkSigned, signedRow } from '../signed-row';
import { noneIfNotAsWritten, rowNotSigned } from '../store-errors';
import { doneTo } from './audit';
import {
  entriesToChange,
  entriesUnder,
  findHead,
  findRevision,
  isListAsWritten,
  isListed,
  listEntry,
  putHead,
} from './heads';

const LIST = 'sessions';

const sessions = rowsOf('sessions');

const END = doneTo(
  {
    tenantId: sql.ref('sessions.tenant_id'),
    resource: sql`substr(sessions.session_hash, 1, ${sql.lit(SESSION_ID_LENGTH)})`,
  },
  ['session.close', 'session.end'],
);

const selectSession = preparedQuery((db, args: { sessionHash: string }) =>
  db
    .selectFrom('sessions')
    .select(sessions.columns)
    .select(END.as('end'))
    .where('session_hash', '=', args.sessionHash),
);

const selectEnded = preparedQuery((db, args: { tenantId: string }) =>
  db
    .selectFrom('sessions')
    .select('session_hash')
    .where('tenant_id', '=', args.tenantId)
    .where(END, 'is not', null)
    .limit(1),
);

const selectUse = preparedQuery((db, args: { sessionHash: string }) =>
  db.selectFrom('session_uses').select('last_use_time').where('session_hash', '=', args.sessionHash),
);

const selectSessions = preparedQuery((db, args: { tenantId: string }) =>
  db
    .selectFrom('sessions')
    .leftJoin('session_uses', 'session_uses.session_hash', 'sessions.session_hash')
    .selectAll('sessions')
    .select('last_use_time')
    .where('tenant_id', '=', args.tenantId)
    .orderBy('create_time', 'desc'),
);

const selectTenantsWithExpired = preparedQuery((db, args: { after: string; now: number; limit: number }) =>
  db
    .selectFrom('sessions')
    .select('tenant_id')
    .distinct()
    .where('expire_time', '<=', args.now)
    .where('tenant_id', '>', args.after)
    .orderBy('tenant_id')
    .limit(args.limit),
);

const upsertUse = preparedStatement((db, args: { sessionHash: string; lastUseTime: number }) =>
  db
    .insertInto('session_uses')
    .values({ session_hash: args.sessionHash, last_use_time: args.lastUseTime })
    .onConflict((oc) => oc.column('session_hash').doUpdateSet({ last_use_time: args.lastUseTime })),
);

const deleteUse = preparedStatement((db, args: { sessionHash: string }) =>
  db.deleteFrom('session_uses').where('session_hash', '=', args.sessionHash),
);

const deleteRow = preparedStatement((db, args: { tenantId: string; sessionHash: string }) =>
  db
    .deleteFrom('sessions')
    .where('session_hash', '=', args.sessionHash)
    .where('tenant_id', '=', args.tenantId),
);

async function loadEntries(session: Session, tenantId: TenantId) {
  const rows = await selectSessions(session, { tenantId });
  return rows.map((row) => [row.session_hash, listEntry('sessions', row)] as const);
}

/** @returns undefined for one that is not there. @throws DomainError DATA_LOSS for a row that is not on the list so, or has ended. */
async function getSession(session: Session, sessionHash: string): Promise<SessionRecord | undefined> {
  const row = (await selectSession(session, { sessionHash }))[0];
  if (row === undefined) return undefined;
  const { signature, end, ...recorded } = row;
  checkSigned(session, 'sessions', { ...recorded, signature }, 'the session');
  const isSetBack = end !== null && session.signing !== undefined;
  if (isSetBack || !(await isLive(session, row))) throw rowNotSigned('the session');
  return sessions.toRecord<SessionRecord>(recorded);
}

async function isLive(session: Session, row: RowOf<'sessions'>): Promise<boolean> {
  if (session.signing === undefined) return true;
  const tenantId = row.tenant_id as TenantId;
  const head = await findHead(session, tenantId, LIST);
  if (head === undefined) return false;
  const load = () => loadEntries(session, tenantId);
  const entries = await entriesUnder(session, tenantId, LIST, head, load);
  return entries !== undefined && isListed(entries, row.session_hash, 'sessions', row);
}

/** When the session was last used. */
async function getSessionUse(session: Session, record: SessionRecord): Promise<number> {
  return (await selectUse(session, record))[0]?.last_use_time ?? record.createTime;
}

/** The newest first. Listing gives no right, so no signature is asked for: a forged one is seen, and can be ended. */
async function listSessions(session: Session, tenantId: TenantId): Promise<readonly UsedSession[]> {
  const rows = await selectSessions(session, { tenantId });
  return rows.map(({ signature: _, last_use_time: lastUseTime, ...recorded }) => {
    const record = sessions.toRecord<SessionRecord>(recorded);
    return { session: record, lastUseTime: lastUseTime ?? record.createTime };
  });
}

/** Tenants after one, in order, with sessions whose time is over. */
async function listTenantsWithExpiredSessions(
  session: Session,
  after: string,
  now: number,
  limit: number,
): Promise<readonly TenantId[]> {
  const rows = await selectTenantsWithExpired(session, { after, now, limit });
  return rows.map((row) => row.tenant_id as TenantId);
}

/** Whether the tenant's sessions are all that are live, as they were written, and none has ended. */
async function areSessionsAsWritten(session: Session, tenantId: TenantId): Promise<boolean> {
  if ((await selectEnded(session, { tenantId })).length > 0) return false;
  const isBegun = (await findHead(session, tenantId, LIST)) !== undefined;
  if (!isBegun) return (await selectSessions(session, { tenantId })).length === 0;
  return isListAsWritten(session, tenantId, LIST, () => loadEntries(session, tenantId));
}

/** @throws DomainError DATA_LOSS where the list is not as it was written: renewSessions begins it anew. */
async function insertSession(session: Session, record: SessionRecord): Promise<void> {
  const { tenantId } = record;
  const row = signedRow(session, 'sessions', record);
  const isBegun = (await findHead(session, tenantId, LIST)) !== undefined;
  const entries = isBegun ? await listToChange(session, tenantId) : session.signing && new Entries();
  entries?.set(row.session_hash, listEntry('sessions', row));
  await sessions.insert(session, row);
  await putSessionList(session, tenantId, entries);
}

/** Removes every session of the tenant and begins its list anew, whatever it was. @returns how many there were. */
async function renewSessions(session: Session, tenantId: TenantId): Promise<number> {
  const rows = await selectSessions(session, { tenantId });
  for (const row of rows) await removeSession(session, tenantId, row.session_hash);
  if (session.signing === undefined) return rows.length;
  session.signing.forget(`${tenantId}/${LIST}`);
  putHead(session, tenantId, LIST, { revision: 0, names: 0, bytes: 0 }, new Entries());
  return rows.length;
}

async function touchSession(session: Session, sessionHash: string, lastUseTime: number): Promise<void> {
  await upsertUse(session, { sessionHash, lastUseTime });
}

/**
 * Those of the tenant that a caller picks. A list that is not as it was written stays so, for verify to find and the next
 * log-in to begin anew. @returns what has ended.
 */
export async function deleteSessions(
  session: Session,
  tenantId: TenantId,
  isEnded: (one: UsedSession) => boolean,
): Promise<readonly SessionRecord[]> {
  const ended = (await listSessions(session, tenantId)).filter(isEnded).map((one) => one.session);
  if (ended.length === 0) return [];
  const entries = await listToChange(session, tenantId).catch(noneIfNotAsWritten);
  for (const { sessionHash } of ended) {
    entries?.delete(sessionHash);
    await removeSession(session, tenantId, sessionHash);
  }
  await putSessionList(session, tenantId, entries);
  return ended;
}

async function removeSession(session: Session, tenantId: TenantId, sessionHash: string): Promise<void> {
  await deleteRow(session, { tenantId, sessionHash });
  await deleteUse(session, { sessionHash });
}

/** Undefined in a store that is not signed, which has no lists. @throws DomainError DATA_LOSS as heads.ts' entriesOf. */
function listToChange(session: Session, tenantId: TenantId): Promise<Entries | undefined> {
  return entriesToChange(session, tenantId, LIST, () => loadEntries(session, tenantId));
}

async function putSessionList(
  session: Session,
  tenantId: TenantId,
  entries: Entries | undefined,
): Promise<void> {
  if (entries === undefined) return;
  const revision = (await findRevision(session, tenantId, LIST)) + 1;
  putHead(session, tenantId, LIST, { revision, names: entries.size, bytes: 0 }, entries);
}

export const reads = {
  getSession,
  getSessionUse,
  listSessions,
  listTenantsWithExpiredSessions,
  areSessionsAsWritten,
};

export const writes = { insertSession, renewSessions, touchSession, deleteSessions };
