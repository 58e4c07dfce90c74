/** A scope's secrets, sealed, with the scope's revision and sums. */

import type { SecretName, TenantId } from '../../domain/ids';
import { scopeKey, type Scope } from '../../domain/scope';
import { preparedQuery, preparedStatement, type Session } from '../prepared';
import type { ScopeRecord, SealedSecretRecord, SecretRecord } from '../records';
import type { SecretsTable } from '../schema';
import type { PageRequest } from '../store';
import { ciphertextOf, freeCiphertexts, storeCiphertext } from './ciphertexts';

interface InScope {
  tenantId: string;
  scope: string;
}

const selectScope = preparedQuery((db, args: InScope) =>
  db
    .selectFrom('scopes')
    .select(['revision', 'names', 'bytes'])
    .where('tenant_id', '=', args.tenantId)
    .where('scope', '=', args.scope),
);

const upsertScope = preparedStatement((db, args: InScope & ScopeRecord) => {
  const state = { revision: args.revision, names: args.names, bytes: args.bytes };
  return db
    .insertInto('scopes')
    .values({ tenant_id: args.tenantId, scope: args.scope, ...state })
    .onConflict((oc) => oc.columns(['tenant_id', 'scope']).doUpdateSet(state));
});

const METADATA = ['name', 'version', 'length_bytes', 'create_time', 'update_time'] as const;

const SLOT = ['ciphertext_id', 'ciphertext_length'] as const;

const selectSecret = preparedQuery((db, args: InScope & { name: string }) =>
  db
    .selectFrom('secrets')
    .select([...METADATA, ...SLOT])
    .where('tenant_id', '=', args.tenantId)
    .where('scope', '=', args.scope)
    .where('name', '=', args.name),
);

const selectSecrets = preparedQuery((db, args: InScope & { after: string; limit: number }) =>
  db
    .selectFrom('secrets')
    .select(METADATA)
    .where('tenant_id', '=', args.tenantId)
    .where('scope', '=', args.scope)
    .where('name', '>', args.after)
    .orderBy('name')
    .limit(args.limit),
);

const selectSealedSecrets = preparedQuery((db, args: InScope) =>
  db
    .selectFrom('secrets')
    .innerJoin('ciphertexts', 'ciphertexts.id', 'ciphertext_id')
    .select([...METADATA, 'ciphertext_length', 'data'])
    .where('tenant_id', '=', args.tenantId)
    .where('scope', '=', args.scope)
    .orderBy('name'),
);

const upsertSecret = preparedStatement((db, args: InScope & { name: string } & Content) => {
  const content = {
    version: args.version,
    length_bytes: args.length_bytes,
    create_time: args.create_time,
    update_time: args.update_time,
    ciphertext_id: args.ciphertext_id,
    ciphertext_length: args.ciphertext_length,
  };
  return db
    .insertInto('secrets')
    .values({ tenant_id: args.tenantId, scope: args.scope, name: args.name, ...content })
    .onConflict((oc) => oc.columns(['tenant_id', 'scope', 'name']).doUpdateSet(content));
});

const deleteSecretRow = preparedStatement((db, args: InScope & { name: string }) =>
  db
    .deleteFrom('secrets')
    .where('tenant_id', '=', args.tenantId)
    .where('scope', '=', args.scope)
    .where('name', '=', args.name),
);

const deleteScopeRows = preparedQuery((db, args: InScope) =>
  db
    .deleteFrom('secrets')
    .where('tenant_id', '=', args.tenantId)
    .where('scope', '=', args.scope)
    .returning(SLOT),
);

type Content = Omit<SecretsTable, 'tenant_id' | 'scope' | 'name'>;
type MetadataRow = Pick<SecretsTable, (typeof METADATA)[number]>;

function toSecret(row: MetadataRow): SecretRecord {
  return {
    name: row.name as SecretName,
    version: row.version,
    lengthBytes: row.length_bytes,
    createTime: row.create_time,
    updateTime: row.update_time,
  };
}

function toSealed(row: MetadataRow & { data: Uint8Array; ciphertext_length: number }): SealedSecretRecord {
  return { ...toSecret(row), ciphertext: ciphertextOf(row) };
}

export async function getScope(session: Session, tenantId: TenantId, scope: Scope): Promise<ScopeRecord> {
  const row = (await selectScope(session, { tenantId, scope: scopeKey(scope) }))[0];
  return row ?? { revision: 0, names: 0, bytes: 0 };
}

export async function getSecret(
  session: Session,
  tenantId: TenantId,
  scope: Scope,
  name: SecretName,
): Promise<SecretRecord | undefined> {
  const row = (await selectSecret(session, { tenantId, scope: scopeKey(scope), name }))[0];
  return row && toSecret(row);
}

export async function listSecrets(
  session: Session,
  tenantId: TenantId,
  scope: Scope,
  page: PageRequest,
): Promise<readonly SecretRecord[]> {
  const args = { tenantId, scope: scopeKey(scope), after: page.after ?? '', limit: page.limit };
  return (await selectSecrets(session, args)).map(toSecret);
}

export async function listSealedSecrets(
  session: Session,
  tenantId: TenantId,
  scope: Scope,
): Promise<readonly SealedSecretRecord[]> {
  const rows = await selectSealedSecrets(session, { tenantId, scope: scopeKey(scope) });
  return rows.map(toSealed);
}

export async function putSecret(
  session: Session,
  tenantId: TenantId,
  scope: Scope,
  row: SealedSecretRecord,
): Promise<void> {
  const old = await selectSecret(session, { tenantId, scope: scopeKey(scope), name: row.name });
  await setScope(session, tenantId, scope, row.version, {
    names: 1 - old.length,
    bytes: row.lengthBytes - (old[0]?.length_bytes ?? 0),
  });
  await freeCiphertexts(session, old);
  await upsertSecret(session, {
    tenantId,
    scope: scopeKey(scope),
    name: row.name,
    version: row.version,
    length_bytes: row.lengthBytes,
    create_time: row.createTime,
    update_time: row.updateTime,
    ...(await storeCiphertext(session, row.ciphertext)),
  });
}

export async function deleteSecret(
  session: Session,
  tenantId: TenantId,
  scope: Scope,
  name: SecretName,
  newRevision: number,
): Promise<void> {
  const old = await selectSecret(session, { tenantId, scope: scopeKey(scope), name });
  await setScope(session, tenantId, scope, newRevision, {
    names: -old.length,
    bytes: -(old[0]?.length_bytes ?? 0),
  });
  await deleteSecretRow(session, { tenantId, scope: scopeKey(scope), name });
  await freeCiphertexts(session, old);
}

/** Removes every row of the scope. Its revision stays and grows, so that it never repeats. */
export async function clearScope(session: Session, tenantId: TenantId, scope: Scope): Promise<void> {
  const { revision, names, bytes } = await getScope(session, tenantId, scope);
  if (revision === 0) return;
  await setScope(session, tenantId, scope, revision + 1, { names: -names, bytes: -bytes });
  await freeCiphertexts(session, await deleteScopeRows(session, { tenantId, scope: scopeKey(scope) }));
}

async function setScope(
  session: Session,
  tenantId: TenantId,
  scope: Scope,
  revision: number,
  added: { readonly names: number; readonly bytes: number },
): Promise<void> {
  const state = await getScope(session, tenantId, scope);
  // Whoever compares versions must never be told "unchanged" of another secret.
  if (revision <= state.revision) throw new Error('a scope revision must grow with every write');
  await upsertScope(session, {
    tenantId,
    scope: scopeKey(scope),
    revision,
    names: state.names + added.names,
    bytes: state.bytes + added.bytes,
  });
}
