/** Tenants, their keysets and the service's own. */

import type { TenantId } from '../../domain/ids';
import { scopeKey, TENANT_SCOPE } from '../../domain/scope';
import type { PageRequest } from '../paging';
import { preparedQuery, type Session } from '../prepared';
import type { ServiceKeysRecord, TenantKeysRecord, TenantRecord } from '../records';
import { rowsOf } from '../rows';
import type { RowOf } from '../schema';
import { checkSigned, signedRow } from '../signed-row';
import { beginScope } from './heads';

const tenants = rowsOf('tenants');
const tenantKeys = rowsOf('tenant_keys');
const serviceKeys = rowsOf('service_keys');

const selectTenant = preparedQuery((db, args: { tenantId: string }) =>
  db.selectFrom('tenants').selectAll().where('tenant_id', '=', args.tenantId),
);

const selectTenants = preparedQuery((db, args: { after: string; limit: number }) =>
  db
    .selectFrom('tenants')
    .selectAll()
    .where('tenant_id', '>', args.after)
    .orderBy('tenant_id')
    .limit(args.limit),
);

const selectTenantKeys = preparedQuery((db, args: { tenantId: string }) =>
  db
    .selectFrom('tenant_keys')
    .selectAll()
    .where('tenant_id', '=', args.tenantId)
    .orderBy('keys_revision', 'desc')
    .limit(1),
);

const selectTenantKeysRevision = preparedQuery((db, args: { tenantId: string }) =>
  db
    .selectFrom('tenant_keys')
    .select('keys_revision')
    .where('tenant_id', '=', args.tenantId)
    .orderBy('keys_revision', 'desc')
    .limit(1),
);

const selectServiceKeys = preparedQuery((db) =>
  db.selectFrom('service_keys').select(['wrapped_signing_keyset', 'wrapped_token_keyset']),
);

function toTenant({ signature: _, ...row }: RowOf<'tenants'>): TenantRecord {
  return tenants.toRecord<TenantRecord>(row);
}

function toTenantKeys({ signature: _, ...row }: RowOf<'tenant_keys'>): TenantKeysRecord {
  return tenantKeys.toRecord<TenantKeysRecord>(row);
}

async function getTenant(session: Session, tenantId: TenantId): Promise<TenantRecord | undefined> {
  const row = (await selectTenant(session, { tenantId }))[0];
  if (row !== undefined) checkSigned(session, 'tenants', row, `tenant ${tenantId}`);
  return row && toTenant(row);
}

async function listTenants(session: Session, page: PageRequest): Promise<readonly TenantRecord[]> {
  const rows = await selectTenants(session, { after: page.after ?? '', limit: page.limit });
  return rows.map(toTenant);
}

/** The newest. */
async function getTenantKeys(session: Session, tenantId: TenantId): Promise<TenantKeysRecord | undefined> {
  const row = (await selectTenantKeys(session, { tenantId }))[0];
  if (row !== undefined) checkSigned(session, 'tenant_keys', row, `the keysets of tenant ${tenantId}`);
  return row && toTenantKeys(row);
}

/** Which keysets are the tenant's newest, without reading them. */
async function getTenantKeysRevision(session: Session, tenantId: TenantId): Promise<number | undefined> {
  const known = session.state?.keysRevisions;
  if (known?.has(tenantId) === true) return known.get(tenantId);
  const revision = (await selectTenantKeysRevision(session, { tenantId }))[0]?.keys_revision;
  known?.set(tenantId, revision);
  return revision;
}

async function getServiceKeys(session: Session): Promise<ServiceKeysRecord | undefined> {
  const rows = await selectServiceKeys(session, {});
  return rows.map((row) => serviceKeys.toRecord<ServiceKeysRecord>(row))[0];
}

/** With the heads of its secrets, its flow configs and its API keys: from now on, one that is gone was taken away. */
async function insertTenant(session: Session, record: TenantRecord): Promise<void> {
  await tenants.insert(session, signedRow(session, 'tenants', record));
  for (const scope of [scopeKey(TENANT_SCOPE), 'configs', 'access'])
    await beginScope(session, record.tenantId, scope);
}

async function insertTenantKeys(session: Session, record: TenantKeysRecord): Promise<void> {
  await tenantKeys.insert(session, signedRow(session, 'tenant_keys', record));
  session.state?.keysRevisions.delete(record.tenantId);
}

async function insertServiceKeys(session: Session, record: ServiceKeysRecord): Promise<void> {
  await serviceKeys.insert(session, serviceKeys.toRow({ id: 1, ...record }));
}

export const reads = { getTenant, listTenants, getTenantKeys, getTenantKeysRevision, getServiceKeys };

export const writes = { insertTenant, insertTenantKeys, insertServiceKeys };
