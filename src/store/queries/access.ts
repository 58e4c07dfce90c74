/** API keys and console sessions. */

import type { ApiKeyId, TenantId } from '../../domain/ids';
import { preparedQuery, preparedStatement, type Session } from '../prepared';
import type { ApiKeyRecord, SessionRecord } from '../records';
import { splitApiKeyKey, type PageRequest } from '../paging';
import { rowsOf } from '../rows';
import type { RowOf } from '../schema';

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

// A key that was revoked keeps its first revocation.
const updateRevokeTime = preparedStatement(
  (db, args: { tenantId: string; keyId: string; revokeTime: number }) =>
    db
      .updateTable('api_keys')
      .set({ revoke_time: args.revokeTime })
      .where('tenant_id', '=', args.tenantId)
      .where('key_id', '=', args.keyId)
      .where('revoke_time', 'is', null),
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

const deleteSessionRow = preparedStatement((db, args: { sessionHash: string }) =>
  db.deleteFrom('sessions').where('session_hash', '=', args.sessionHash),
);

const deleteExpired = preparedStatement((db, args: { now: number }) =>
  db.deleteFrom('sessions').where('expire_time', '<=', args.now),
);

const toApiKey = (row: RowOf<'api_keys'>) => apiKeys.toRecord<ApiKeyRecord>(row);

async function findApiKeyByHash(session: Session, keyHash: string): Promise<ApiKeyRecord | undefined> {
  return (await selectKeyByHash(session, { keyHash })).map(toApiKey)[0];
}

async function getApiKey(
  session: Session,
  tenantId: TenantId,
  keyId: ApiKeyId,
): Promise<ApiKeyRecord | undefined> {
  return (await selectKey(session, { tenantId, keyId })).map(toApiKey)[0];
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
  const rows = await selectSession(session, { sessionHash });
  return rows.map((row) => sessions.toRecord<SessionRecord>(row))[0];
}

async function insertApiKey(session: Session, record: ApiKeyRecord): Promise<void> {
  await apiKeys.insert(session, apiKeys.toRow(record));
}

/** The sessions that the key opened end with it. */
async function revokeApiKey(
  session: Session,
  tenantId: TenantId,
  keyId: ApiKeyId,
  revokeTime: number,
): Promise<void> {
  await updateRevokeTime(session, { tenantId, keyId, revokeTime });
  await deleteSessionsOfKey(session, { tenantId, keyId });
}

async function touchApiKey(session: Session, keyId: ApiKeyId, lastUseTime: number): Promise<void> {
  await updateLastUse(session, { keyId, lastUseTime });
}

async function insertSession(session: Session, record: SessionRecord): Promise<void> {
  await sessions.insert(session, sessions.toRow(record));
}

async function deleteSession(session: Session, sessionHash: string): Promise<void> {
  await deleteSessionRow(session, { sessionHash });
}

async function removeExpiredSessions(session: Session, now: number): Promise<void> {
  await deleteExpired(session, { now });
}

export const reads = { findApiKeyByHash, getApiKey, listApiKeys, getSession };

export const writes = {
  insertApiKey,
  revokeApiKey,
  touchApiKey,
  insertSession,
  deleteSession,
  removeExpiredSessions,
};
