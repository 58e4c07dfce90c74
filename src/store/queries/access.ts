/** API keys and console sessions. */

import type { ApiKeyId, TenantId } from '../../domain/ids';
import type { Role } from '../../domain/principal';
import { preparedQuery, preparedStatement, type Session } from '../prepared';
import type { ApiKeyRecord, SessionRecord } from '../records';
import type { ApiKeysTable, SessionsTable } from '../schema';
import type { PageRequest } from '../store';

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

const insertKey = preparedStatement((db, row: ApiKeysTable) =>
  db.insertInto('api_keys').values({
    key_id: row.key_id,
    tenant_id: row.tenant_id,
    display_name: row.display_name,
    role: row.role,
    key_hash: row.key_hash,
    masked_key: row.masked_key,
    create_time: row.create_time,
    expire_time: row.expire_time,
    last_use_time: row.last_use_time,
    revoke_time: row.revoke_time,
  }),
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

const insertSessionRow = preparedStatement((db, row: SessionsTable) =>
  db.insertInto('sessions').values({
    session_hash: row.session_hash,
    tenant_id: row.tenant_id,
    role: row.role,
    principal: row.principal,
    display_name: row.display_name,
    api_key_id: row.api_key_id,
    create_time: row.create_time,
    expire_time: row.expire_time,
  }),
);

const deleteSessionRow = preparedStatement((db, args: { sessionHash: string }) =>
  db.deleteFrom('sessions').where('session_hash', '=', args.sessionHash),
);

const deleteExpired = preparedStatement((db, args: { now: number }) =>
  db.deleteFrom('sessions').where('expire_time', '<=', args.now),
);

function toApiKey(row: ApiKeysTable): ApiKeyRecord {
  return {
    keyId: row.key_id as ApiKeyId,
    tenantId: row.tenant_id as TenantId,
    displayName: row.display_name,
    role: row.role as Role,
    keyHash: row.key_hash,
    maskedKey: row.masked_key,
    createTime: row.create_time,
    expireTime: row.expire_time ?? undefined,
    lastUseTime: row.last_use_time ?? undefined,
    revokeTime: row.revoke_time ?? undefined,
  };
}

export async function findApiKeyByHash(session: Session, keyHash: string): Promise<ApiKeyRecord | undefined> {
  const row = (await selectKeyByHash(session, { keyHash }))[0];
  return row && toApiKey(row);
}

export async function getApiKey(
  session: Session,
  tenantId: TenantId,
  keyId: ApiKeyId,
): Promise<ApiKeyRecord | undefined> {
  const row = (await selectKey(session, { tenantId, keyId }))[0];
  return row && toApiKey(row);
}

export async function listApiKeys(
  session: Session,
  tenantId: TenantId,
  page: PageRequest,
): Promise<readonly ApiKeyRecord[]> {
  const [afterTime = '', afterId = ''] = (page.after ?? '-1\u0000').split('\u0000');
  const args = { tenantId, afterTime: Number(afterTime), afterId, limit: page.limit };
  return (await selectKeys(session, args)).map(toApiKey);
}

export async function insertApiKey(session: Session, record: ApiKeyRecord): Promise<void> {
  await insertKey(session, {
    key_id: record.keyId,
    tenant_id: record.tenantId,
    display_name: record.displayName,
    role: record.role,
    key_hash: record.keyHash,
    masked_key: record.maskedKey,
    create_time: record.createTime,
    expire_time: record.expireTime ?? null,
    last_use_time: record.lastUseTime ?? null,
    revoke_time: record.revokeTime ?? null,
  });
}

/** The sessions that the key opened end with it. */
export async function revokeApiKey(
  session: Session,
  tenantId: TenantId,
  keyId: ApiKeyId,
  revokeTime: number,
): Promise<void> {
  await updateRevokeTime(session, { tenantId, keyId, revokeTime });
  await deleteSessionsOfKey(session, { tenantId, keyId });
}

export async function touchApiKey(session: Session, keyId: ApiKeyId, lastUseTime: number): Promise<void> {
  await updateLastUse(session, { keyId, lastUseTime });
}

export async function getSession(session: Session, sessionHash: string): Promise<SessionRecord | undefined> {
  const row = (await selectSession(session, { sessionHash }))[0];
  return (
    row && {
      sessionHash,
      tenantId: row.tenant_id as TenantId,
      role: row.role as Role,
      principal: row.principal,
      displayName: row.display_name,
      apiKeyId: (row.api_key_id ?? undefined) as ApiKeyId | undefined,
      createTime: row.create_time,
      expireTime: row.expire_time,
    }
  );
}

export async function insertSession(session: Session, record: SessionRecord): Promise<void> {
  await insertSessionRow(session, {
    session_hash: record.sessionHash,
    tenant_id: record.tenantId,
    role: record.role,
    principal: record.principal,
    display_name: record.displayName,
    api_key_id: record.apiKeyId ?? null,
    create_time: record.createTime,
    expire_time: record.expireTime,
  });
}

export async function deleteSession(session: Session, sessionHash: string): Promise<void> {
  await deleteSessionRow(session, { sessionHash });
}

export async function removeExpiredSessions(session: Session, now: number): Promise<void> {
  await deleteExpired(session, { now });
}
