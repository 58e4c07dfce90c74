/**
 * Console sessions. Those of a tenant are a signed list (signing.ts): a row that is put back after its log-out is not on
 * it, and counts no more. Where the list is missing or does not fit, nobody is logged in, and the next log-in begins
 * it anew: it gives rights and takes none.
 */

import { DomainError } from '../../domain/errors';
import type { TenantId } from '../../domain/ids';
import { preparedQuery, preparedStatement, type Session } from '../prepared';
import type { SessionRecord, UsedSession } from '../records';
import { rowsOf } from '../rows';
import type { RowOf } from '../schema';
import { checkSigned, signedRow } from '../signed-row';
import { Entries } from '../signing';
import { rowNotSigned } from '../store-errors';
import {
  entriesToChange,
  entriesUnder,
  findHead,
  isListAsWritten,
  isListed,
  listEntry,
  putHead,
} from './heads';

const LIST = 'sessions';

const sessions = rowsOf('sessions');

const selectSession = preparedQuery((db, args: { sessionHash: string }) =>
  db.selectFrom('sessions').select(sessions.columns).where('session_hash', '=', args.sessionHash),
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

/** @returns undefined for one that is not there. @throws DomainError DATA_LOSS for a row that is not on the list so. */
async function getSession(session: Session, sessionHash: string): Promise<SessionRecord | undefined> {
  const row = (await selectSession(session, { sessionHash }))[0];
  if (row === undefined) return undefined;
  const { signature, ...recorded } = row;
  checkSigned(session, 'sessions', { ...recorded, signature }, 'the session');
  if (session.signing !== undefined && !(await isLive(session, row))) throw rowNotSigned('the session');
  return sessions.toRecord<SessionRecord>(recorded);
}

async function isLive(session: Session, row: RowOf<'sessions'>): Promise<boolean> {
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

/** Whether the tenant's sessions are all that are live, as they were written. */
async function areSessionsAsWritten(session: Session, tenantId: TenantId): Promise<boolean> {
  const isBegun = (await findHead(session, tenantId, LIST)) !== undefined;
  if (!isBegun) return (await selectSessions(session, { tenantId })).length === 0;
  return isListAsWritten(session, tenantId, LIST, () => loadEntries(session, tenantId));
}

async function insertSession(session: Session, record: SessionRecord): Promise<void> {
  const { tenantId } = record;
  const row = signedRow(session, 'sessions', record);
  const list = await listToChange(session, tenantId);
  list?.entries.set(row.session_hash, listEntry('sessions', row));
  await sessions.insert(session, row);
  putSessionList(session, tenantId, list);
}

async function touchSession(session: Session, sessionHash: string, lastUseTime: number): Promise<void> {
  await upsertUse(session, { sessionHash, lastUseTime });
}

/** Those of the tenant that a caller picks. @returns what has ended. */
export async function deleteSessions(
  session: Session,
  tenantId: TenantId,
  isEnded: (one: UsedSession) => boolean,
): Promise<readonly SessionRecord[]> {
  const ended = (await listSessions(session, tenantId)).filter(isEnded).map((one) => one.session);
  if (ended.length === 0) return [];
  const list = await listToChange(session, tenantId);
  for (const { sessionHash } of ended) {
    list?.entries.delete(sessionHash);
    await deleteRow(session, { tenantId, sessionHash });
    await deleteUse(session, { sessionHash });
  }
  putSessionList(session, tenantId, list);
  return ended;
}

interface SessionList {
  readonly revision: number;
  readonly entries: Entries;
}

/** @returns undefined in a store that is not signed, which has no lists. */
async function listToChange(session: Session, tenantId: TenantId): Promise<SessionList | undefined> {
  if (session.signing === undefined) return undefined;
  const head = await findHead(session, tenantId, LIST);
  try {
    const load = () => loadEntries(session, tenantId);
    const entries = head && (await entriesToChange(session, tenantId, LIST, load));
    if (entries !== undefined) return { revision: (head?.revision ?? 0) + 1, entries };
  } catch (error) {
    if (!(error instanceof DomainError) || error.code !== 'DATA_LOSS') throw error;
  }
  for (const { session_hash } of await selectSessions(session, { tenantId })) {
    await deleteRow(session, { tenantId, sessionHash: session_hash });
    await deleteUse(session, { sessionHash: session_hash });
  }
  return { revision: 0, entries: new Entries() };
}

function putSessionList(session: Session, tenantId: TenantId, list: SessionList | undefined): void {
  if (list === undefined) return;
  const { entries, revision } = list;
  putHead(session, tenantId, LIST, { revision, names: entries.size, bytes: 0 }, entries);
}

export const reads = {
  getSession,
  getSessionUse,
  listSessions,
  listTenantsWithExpiredSessions,
  areSessionsAsWritten,
};

export const writes = { insertSession, touchSession, deleteSessions };
