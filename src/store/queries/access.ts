/** API keys and console sessions. */

import type { ApiKeyId, TenantId } from '../../domain/ids';
import { preparedQuery, preparedStatement, type Session } from '../prepared';
import type { ApiKeyRecord, SessionRecord, UsedSession } from '../records';
import { splitApiKeyKey, type PageRequest } from '../paging';
import { pick, rowsOf } from '../rows';
import type { RowOf } from '../schema';
import { checkSigned, signedRow } from '../signed-row';
import { Entries } from '../signing';
import { rowNotSigned } from '../store-errors';
import { entriesOf, entriesToChange, isListAsWritten, isListed, listEntry, putHead, putList } from './heads';

const apiKeys = rowsOf('api_keys');
const sessions = rowsOf('sessions');

const selectKeyByHash = preparedQuery((db, args: { keyHash: string }) =>
  db.selectFrom('api_keys').selectAll().where('key_hash', '=', args.keyHash),
);

const selectKey = preparedQuery((db, args: { tenantId: string; keyId: string }) =>
  db
    .selectFrom('api_keys')
    .selectAll()
    .where('tenant_id', '=', args.tenantId)
    .where('key_id', '=', args.keyId),
);

const selectKeys = preparedQuery(
  (db, args: { tenantId: string; afterTime: number; afterId: string; limit: number }) =>
    db
      .selectFrom('api_keys')
      .selectAll()
      .where('tenant_id', '=', args.tenantId)
      .where((eb) => eb(eb.refTuple('create_time', 'key_id'), '>', eb.tuple(args.afterTime, args.afterId)))
      .orderBy('create_time')
      .orderBy('key_id')
      .limit(args.limit),
);

const selectAllKeys = preparedQuery((db, args: { tenantId: string }) =>
  db.selectFrom('api_keys').selectAll().where('tenant_id', '=', args.tenantId),
);

const updateRevokeTime = preparedStatement((db, row: RowOf<'api_keys'>) =>
  db
    .updateTable('api_keys')
    .set(pick(row, ['revoke_time']))
    .where('key_id', '=', row.key_id),
);

const deleteSessionsOfKey = preparedStatement((db, args: { tenantId: string; keyId: string }) =>
  db.deleteFrom('sessions').where('api_key_id', '=', args.keyId).where('tenant_id', '=', args.tenantId),
);

const updateLastUse = preparedStatement((db, args: { keyId: string; lastUseTime: number }) =>
  db.updateTable('api_keys').set({ last_use_time: args.lastUseTime }).where('key_id', '=', args.keyId),
);

const selectSession = preparedQuery((db, args: { sessionHash: string }) =>
  db.selectFrom('sessions').selectAll().where('session_hash', '=', args.sessionHash),
);

const selectSessionUse = preparedQuery((db, args: { sessionHash: string }) =>
  db.selectFrom('session_uses').select('last_use_time').where('session_hash', '=', args.sessionHash),
);

const selectSessions = preparedQuery((db, args: { tenantId: string }) =>
  db.selectFrom('sessions').selectAll().where('tenant_id', '=', args.tenantId).orderBy('create_time', 'desc'),
);

const upsertSessionUse = preparedStatement((db, args: { sessionHash: string; lastUseTime: number }) =>
  db
    .insertInto('session_uses')
    .values({ session_hash: args.sessionHash, last_use_time: args.lastUseTime })
    .onConflict((oc) => oc.column('session_hash').doUpdateSet({ last_use_time: args.lastUseTime })),
);

const deleteUsesWithoutSession = preparedStatement((db) =>
  db
    .deleteFrom('session_uses')
    .where('session_hash', 'not in', (eb) => eb.selectFrom('sessions').select('session_hash')),
);

const countAdminKeys = preparedQuery((db, args: { tenantId: string; now: number; exceptId: string }) =>
  db
    .selectFrom('api_keys')
    .select((one) => one.fn.countAll<number>().as('count'))
    .where('tenant_id', '=', args.tenantId)
    .where('role', '=', 'admin')
    .where('key_id', '<>', args.exceptId)
    .where('revoke_time', 'is', null)
    .where((eb) => eb.or([eb('expire_time', 'is', null), eb('expire_time', '>', args.now)])),
);

const deleteSessionRow = preparedStatement((db, args: { sessionHash: string }) =>
  db.deleteFrom('sessions').where('session_hash', '=', args.sessionHash),
);

const deleteExpired = preparedStatement((db, args: { now: number }) =>
  db.deleteFrom('sessions').where('expire_time', '<=', args.now),
);

const toApiKey = (row: RowOf<'api_keys'>) => apiKeys.toRecord<ApiKeyRecord>(row);

async function findApiKeyByHash(session: Session, keyHash: string): Promise<ApiKeyRecord | undefined> {
  return checkedKey(session, (await selectKeyByHash(session, { keyHash }))[0]);
}

async function getApiKey(
  session: Session,
  tenantId: TenantId,
  keyId: ApiKeyId,
): Promise<ApiKeyRecord | undefined> {
  return checkedKey(session, (await selectKey(session, { tenantId, keyId }))[0]);
}

/** @throws DomainError DATA_LOSS for a key that the tenant's list does not have so: forged, changed or set back. */
async function checkedKey(
  session: Session,
  row: RowOf<'api_keys'> | undefined,
): Promise<ApiKeyRecord | undefined> {
  if (row === undefined) return undefined;
  const entries = await keyEntries(entriesOf, session, row.tenant_id as TenantId);
  if (entries !== undefined && !isListed(entries, row.key_id, 'api_keys', row))
    throw rowNotSigned(`API key ${row.key_id}`);
  return toApiKey(row);
}

function keyEntries(read: typeof entriesOf, session: Session, tenantId: TenantId) {
  return read(session, tenantId, 'access', () => loadEntries(session, tenantId));
}

async function loadEntries(session: Session, tenantId: TenantId) {
  const rows = await selectAllKeys(session, { tenantId });
  return rows.map((row) => [row.key_id, listEntry('api_keys', row)] as const);
}

/** Whether the tenant's API keys are all that were written, as they were written. */
async function areKeysAsWritten(session: Session, tenantId: TenantId): Promise<boolean> {
  return isListAsWritten(session, tenantId, 'access', () => loadEntries(session, tenantId));
}

/** Makes the list of the keys that are found (as-found.ts). @returns how many there are. */
export async function listKeysAsFound(session: Session, tenantId: TenantId): Promise<number> {
  const entries = new Entries(await loadEntries(session, tenantId));
  await putHead(session, tenantId, 'access', { revision: 0, names: entries.size, bytes: 0 }, entries);
  return entries.size;
}

/** Puts the key into the tenant's list as it is now. */
async function listKey(session: Session, row: RowOf<'api_keys'>): Promise<void> {
  const tenantId = row.tenant_id as TenantId;
  const entries = await keyEntries(entriesToChange, session, tenantId);
  entries?.set(row.key_id, listEntry('api_keys', row));
  await putList(session, tenantId, 'access', entries);
}

/** By create time, then id; the page's key is paging's apiKeyKey. */
async function listApiKeys(
  session: Session,
  tenantId: TenantId,
  page: PageRequest,
): Promise<readonly ApiKeyRecord[]> {
  const [afterTime, afterId] = splitApiKeyKey(page.after) ?? [Infinity, ''];
  return (await selectKeys(session, { tenantId, afterTime, afterId, limit: page.limit })).map(toApiKey);
}

async function getSession(session: Session, sessionHash: string): Promise<SessionRecord | undefined> {
  const row = (await selectSession(session, { sessionHash }))[0];
  if (row === undefined) return undefined;
  const { signature, ...recorded } = row;
  checkSigned(session, 'sessions', { ...recorded, signature }, 'the session');
  return sessions.toRecord<SessionRecord>(recorded);
}

/** When the session was last used. */
async function getSessionUse(session: Session, record: SessionRecord): Promise<number> {
  const use = (await selectSessionUse(session, record))[0];
  return use?.last_use_time ?? record.createTime;
}

/** The newest first. */
async function listSessions(session: Session, tenantId: TenantId): Promise<readonly UsedSession[]> {
  const used: UsedSession[] = [];
  for (const row of await selectSessions(session, { tenantId })) {
    // Listing gives no right, so the signature is not asked for: a forged one is seen, and can be ended.
    const { signature: _, ...recorded } = row;
    const record = sessions.toRecord<SessionRecord>(recorded);
    used.push({ session: record, lastUseTime: await getSessionUse(session, record) });
  }
  return used;
}

/** How many API keys with the role admin the tenant has in force beside that one. */
async function countOtherAdminKeys(
  session: Session,
  tenantId: TenantId,
  keyId: ApiKeyId,
  now: number,
): Promise<number> {
  return (await countAdminKeys(session, { tenantId, now, exceptId: keyId }))[0]?.count ?? 0;
}

async function insertApiKey(session: Session, record: ApiKeyRecord): Promise<void> {
  const row = apiKeys.toRow(record);
  await listKey(session, row);
  await apiKeys.insert(session, row);
}

/** A key that was revoked keeps its first revocation. The sessions that the key opened end with it. */
async function revokeApiKey(
  session: Session,
  tenantId: TenantId,
  keyId: ApiKeyId,
  revokeTime: number,
): Promise<void> {
  const record = await getApiKey(session, tenantId, keyId);
  if (record !== undefined && record.revokeTime === undefined) {
    const row = apiKeys.toRow({ ...record, revokeTime });
    await listKey(session, row);
    await updateRevokeTime(session, row);
  }
  await deleteSessionsOfKey(session, { tenantId, keyId });
}

async function touchApiKey(session: Session, keyId: ApiKeyId, lastUseTime: number): Promise<void> {
  await updateLastUse(session, { keyId, lastUseTime });
}

async function insertSession(session: Session, record: SessionRecord): Promise<void> {
  await sessions.insert(session, signedRow(session, 'sessions', record));
}

async function touchSession(session: Session, sessionHash: string, lastUseTime: number): Promise<void> {
  await upsertSessionUse(session, { sessionHash, lastUseTime });
}

async function deleteSession(session: Session, sessionHash: string): Promise<void> {
  await deleteSessionRow(session, { sessionHash });
}

async function removeExpiredSessions(session: Session, now: number): Promise<void> {
  await deleteExpired(session, { now });
  await deleteUsesWithoutSession(session, {});
}

export const reads = {
  findApiKeyByHash,
  getApiKey,
  areKeysAsWritten,
  listApiKeys,
  countOtherAdminKeys,
  getSession,
  getSessionUse,
  listSessions,
};

export const writes = {
  insertApiKey,
  revokeApiKey,
  touchApiKey,
  insertSession,
  touchSession,
  deleteSession,
  removeExpiredSessions,
};
