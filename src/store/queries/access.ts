/**
 * API keys. A key that the audit log says was revoked is refused whatever its row and the signed list say: both together
 * could have been set back to when it was in force.
 */

import { Entries } from '../entries';
import { sql } from '../kysely';
import type { ApiKeyId, TenantId } from '../../domain/ids';
import { CheckedRows } from '../checked-rows';
import { preparedQuery, preparedStatement, type Session } from '../prepared';
import type { ApiKeyRecord } from '../records';
import { splitApiKeyKey, type PageRequest } from '../paging';
import { pick, rowsOf } from '../rows';
import type { RowOf } from '../schema';
import { rowNotSigned } from '../store-errors';
import { doneTo } from './audit';
import {
  entriesOf,
  entriesToChange,
  entriesUnder,
  isListAsWritten,
  isListed,
  listEntry,
  putHead,
  putList,
} from './heads';
import { deleteSessions } from './sessions';

const apiKeys = rowsOf('api_keys');

const REVOCATION = doneTo({ tenantId: sql.ref('api_keys.tenant_id'), resource: sql.ref('api_keys.key_id') }, [
  'api_key.revoke',
]).as('revocation');

/** With the head of the list that says whether the key is to be believed: every call of a management door asks for both. */
const selectKeyByHash = preparedQuery((db, args: { keyHash: string }) =>
  db
    .selectFrom('api_keys')
    .leftJoin('scopes', (join) =>
      join.onRef('scopes.tenant_id', '=', 'api_keys.tenant_id').on('scopes.scope', '=', sql.lit('access')),
    )
    .select(apiKeys.columns.map((column) => `api_keys.${column}` as const))
    .select(REVOCATION)
    .select(['scopes.scope', 'revision', 'names', 'bytes', 'digest', 'signature'])
    .where('key_hash', '=', args.keyHash),
);

const selectKey = preparedQuery((db, args: { tenantId: string; keyId: string }) =>
  db
    .selectFrom('api_keys')
    .select(apiKeys.columns)
    .select(REVOCATION)
    .where('tenant_id', '=', args.tenantId)
    .where('key_id', '=', args.keyId),
);

const selectKeys = preparedQuery(
  (db, args: { tenantId: string; afterTime: number; afterId: string; limit: number }) =>
    db
      .selectFrom('api_keys')
      .select(apiKeys.columns)
      .where('tenant_id', '=', args.tenantId)
      .where((eb) => eb(eb.refTuple('create_time', 'key_id'), '>', eb.tuple(args.afterTime, args.afterId)))
      .orderBy('create_time')
      .orderBy('key_id')
      .limit(args.limit),
);

const selectAllKeys = preparedQuery((db, args: { tenantId: string }) =>
  db.selectFrom('api_keys').select(apiKeys.columns).where('tenant_id', '=', args.tenantId),
);

const updateRevokeTime = preparedStatement((db, row: RowOf<'api_keys'>) =>
  db
    .updateTable('api_keys')
    .set(pick(row, ['revoke_time']))
    .where('key_id', '=', row.key_id),
);

const updateLastUse = preparedStatement((db, args: { keyId: string; lastUseTime: number }) =>
  db.updateTable('api_keys').set({ last_use_time: args.lastUseTime }).where('key_id', '=', args.keyId),
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

const toApiKey = (row: RowOf<'api_keys'>) => apiKeys.toRecord<ApiKeyRecord>(row);

type FoundKey = RowOf<'api_keys'> & { readonly revocation: number | null };

/** By the key's hash; so many keys at least, 1 kB each. */
const checkedKeys = new CheckedRows<ApiKeyRecord>(1_000);

/** @throws DomainError DATA_LOSS as checkedKey. */
async function findApiKeyByHash(session: Session, keyHash: string): Promise<ApiKeyRecord | undefined> {
  const { signing } = session;
  const standing = session.standingKeys?.();
  const known = standing?.get(keyHash);
  if (known !== undefined && known.signing === signing) return known.record;
  const record = await readApiKey(session, keyHash);
  if (record !== undefined) standing?.set(keyHash, { signing, record });
  return record;
}

async function readApiKey(session: Session, keyHash: string): Promise<ApiKeyRecord | undefined> {
  const row = (await selectKeyByHash(session, { keyHash }))[0];
  const { signing } = session;
  if (row === undefined || signing === undefined) return row && toApiKey(row);
  return checkedKeys.foundIn(signing, keyHash, Object.values(row), async () =>
    checkedKey(await keyEntriesUnder(session, row), row),
  );
}

/** The tenant's list under the head that was read with the key. @throws DomainError DATA_LOSS as heads.ts' entriesUnder. */
function keyEntriesUnder(
  session: Session,
  { scope, ...row }: RowOf<'api_keys'> & { readonly [C in keyof RowOf<'scopes'>]: RowOf<'scopes'>[C] | null },
): Promise<Entries | undefined> {
  const head = scope === null ? undefined : ({ ...row, scope } as RowOf<'scopes'>);
  return entriesUnder(session, row.tenant_id as TenantId, 'access', head, () =>
    loadEntries(session, row.tenant_id as TenantId),
  );
}

async function getApiKey(
  session: Session,
  tenantId: TenantId,
  keyId: ApiKeyId,
): Promise<ApiKeyRecord | undefined> {
  const row = (await selectKey(session, { tenantId, keyId }))[0];
  return row && checkedKey(await keyEntries(entriesOf, session, tenantId), row);
}

/** @throws DomainError DATA_LOSS for a key that the tenant's list or its log does not have so: forged, changed or set back. */
function checkedKey(entries: Entries | undefined, { revocation, ...row }: FoundKey): ApiKeyRecord {
  const isSetBack = revocation !== null && row.revoke_time === null;
  if (entries !== undefined && (isSetBack || !isListed(entries, row.key_id, 'api_keys', row)))
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
  putHead(session, tenantId, 'access', { revision: 0, names: entries.size, bytes: 0 }, entries);
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
  await deleteSessions(session, tenantId, (one) => one.session.apiKeyId === keyId);
}

async function touchApiKey(session: Session, keyId: ApiKeyId, lastUseTime: number): Promise<void> {
  await updateLastUse(session, { keyId, lastUseTime });
}

export const reads = {
  findApiKeyByHash,
  getApiKey,
  areKeysAsWritten,
  listApiKeys,
  countOtherAdminKeys,
};

export const writes = {
  insertApiKey,
  revokeApiKey,
  touchApiKey,
};
