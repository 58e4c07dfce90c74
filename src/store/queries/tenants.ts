/** Tenants, their keysets and the service's own. */

import type { TenantId } from '../../domain/ids';
import { ownBytes } from '../bytes';
import { preparedQuery, preparedStatement, type Session } from '../prepared';
import type { ServiceKeysRecord, TenantKeysRecord, TenantRecord } from '../records';
import type { TenantKeysTable, TenantsTable } from '../schema';
import type { PageRequest } from '../store';

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

const insertTenantRow = preparedStatement((db, row: TenantsTable) =>
  db.insertInto('tenants').values({
    tenant_id: row.tenant_id,
    display_name: row.display_name,
    create_time: row.create_time,
  }),
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

const insertTenantKeysRow = preparedStatement((db, row: TenantKeysTable) =>
  db.insertInto('tenant_keys').values({
    tenant_id: row.tenant_id,
    keys_revision: row.keys_revision,
    public_keyset: row.public_keyset,
    public_keyset_signature: row.public_keyset_signature,
    wrapped_private_keyset: row.wrapped_private_keyset,
    wrapped_bundle_keyset: row.wrapped_bundle_keyset,
    create_time: row.create_time,
  }),
);

const selectServiceKeys = preparedQuery((db) => db.selectFrom('service_keys').selectAll());

const insertServiceKeysRow = preparedStatement((db, args: { signing: Uint8Array; token: Uint8Array }) =>
  db
    .insertInto('service_keys')
    .values({ id: 1, wrapped_signing_keyset: args.signing, wrapped_token_keyset: args.token }),
);

function toTenant(row: TenantsTable): TenantRecord {
  return {
    tenantId: row.tenant_id as TenantId,
    displayName: row.display_name,
    createTime: row.create_time,
  };
}

export async function getTenant(session: Session, tenantId: TenantId): Promise<TenantRecord | undefined> {
  const row = (await selectTenant(session, { tenantId }))[0];
  return row && toTenant(row);
}

export async function listTenants(session: Session, page: PageRequest): Promise<readonly TenantRecord[]> {
  const rows = await selectTenants(session, { after: page.after ?? '', limit: page.limit });
  return rows.map(toTenant);
}

export async function insertTenant(session: Session, record: TenantRecord): Promise<void> {
  await insertTenantRow(session, {
    tenant_id: record.tenantId,
    display_name: record.displayName,
    create_time: record.createTime,
  });
}

export async function getTenantKeys(
  session: Session,
  tenantId: TenantId,
): Promise<TenantKeysRecord | undefined> {
  const row = (await selectTenantKeys(session, { tenantId }))[0];
  return (
    row && {
      tenantId,
      keysRevision: row.keys_revision,
      publicKeyset: ownBytes(row.public_keyset),
      publicKeysetSignature: ownBytes(row.public_keyset_signature),
      wrappedPrivateKeyset: ownBytes(row.wrapped_private_keyset),
      wrappedBundleKeyset: ownBytes(row.wrapped_bundle_keyset),
      createTime: row.create_time,
    }
  );
}

export async function getTenantKeysRevision(
  session: Session,
  tenantId: TenantId,
): Promise<number | undefined> {
  return (await selectTenantKeysRevision(session, { tenantId }))[0]?.keys_revision;
}

export async function insertTenantKeys(session: Session, record: TenantKeysRecord): Promise<void> {
  await insertTenantKeysRow(session, {
    tenant_id: record.tenantId,
    keys_revision: record.keysRevision,
    public_keyset: record.publicKeyset,
    public_keyset_signature: record.publicKeysetSignature,
    wrapped_private_keyset: record.wrappedPrivateKeyset,
    wrapped_bundle_keyset: record.wrappedBundleKeyset,
    create_time: record.createTime,
  });
}

export async function getServiceKeys(session: Session): Promise<ServiceKeysRecord | undefined> {
  const row = (await selectServiceKeys(session, {}))[0];
  return (
    row && {
      wrappedSigningKeyset: ownBytes(row.wrapped_signing_keyset),
      wrappedTokenKeyset: ownBytes(row.wrapped_token_keyset),
    }
  );
}

export async function insertServiceKeys(session: Session, record: ServiceKeysRecord): Promise<void> {
  await insertServiceKeysRow(session, {
    signing: record.wrappedSigningKeyset,
    token: record.wrappedTokenKeyset,
  });
}
