/** A scope's secrets, sealed, with the scope's revision and sums. */

import type { SecretName, TenantId } from '../../domain/ids';
import { scopeKey, type Scope } from '../../domain/scope';
import type { PageRequest } from '../paging';
import { preparedQuery, preparedStatement, type Session } from '../prepared';
import type { ScopeRecord, SealedSecretRecord, SecretRecord } from '../records';
import { pick, rowsOf } from '../rows';
import type { RowOf } from '../schema';
import { ciphertextOf, freeCiphertexts, SLOT, storeCiphertext } from './ciphertexts';

const scopes = rowsOf('scopes');
const secrets = rowsOf('secrets');

/** Whose scope. */
export interface InScope {
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

const upsertScope = preparedStatement((db, row: RowOf<'scopes'>) => {
  const values = pick(row, scopes.columns);
  return db
    .insertInto('scopes')
    .values(values)
    .onConflict((oc) => oc.columns(['tenant_id', 'scope']).doUpdateSet(values));
});

/** All but where it is and where its ciphertext lies. */
const METADATA = ['name', 'version', 'padded_bytes', 'create_time', 'update_time'] as const;

const selectSecret = preparedQuery((db, args: InScope & { name: string }) =>
  db
    .selectFrom('secrets')
    .select(METADATA)
    .where('tenant_id', '=', args.tenantId)
    .where('scope', '=', args.scope)
    .where('name', '=', args.name),
);

/** What a write takes the place of. */
const selectOld = preparedQuery((db, args: InScope & { name: string }) =>
  db
    .selectFrom('secrets')
    .select(['padded_bytes', ...SLOT])
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
    .select([...METADATA, 'seal_id', 'ciphertext_length', 'data'])
    .where('tenant_id', '=', args.tenantId)
    .where('scope', '=', args.scope)
    .orderBy('name'),
);

const upsertSecret = preparedStatement((db, row: RowOf<'secrets'>) => {
  const values = pick(row, secrets.columns);
  return db
    .insertInto('secrets')
    .values(values)
    .onConflict((oc) => oc.columns(['tenant_id', 'scope', 'name']).doUpdateSet(values));
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

type MetadataRow = Pick<RowOf<'secrets'>, (typeof METADATA)[number]>;

const toSecret = (row: MetadataRow) => secrets.toRecord<SecretRecord>(row);

type SealedRow = MetadataRow & Pick<RowOf<'secrets'>, 'seal_id' | 'ciphertext_length'> & { data: Uint8Array };

function toSealed({ data, ciphertext_length, ...row }: SealedRow): SealedSecretRecord {
  const ciphertext = ciphertextOf({ data, ciphertext_length });
  return { ...secrets.toRecord<Omit<SealedSecretRecord, 'ciphertext'>>(row), ciphertext };
}

/** `{ revision: 0, names: 0, bytes: 0 }` for a scope never written. */
async function getScope(session: Session, tenantId: TenantId, scope: Scope): Promise<ScopeRecord> {
  const row = (await selectScope(session, { tenantId, scope: scopeKey(scope) }))[0];
  return row ?? { revision: 0, names: 0, bytes: 0 };
}

async function getSecret(
  session: Session,
  tenantId: TenantId,
  scope: Scope,
  name: SecretName,
): Promise<SecretRecord | undefined> {
  return (await selectSecret(session, { tenantId, scope: scopeKey(scope), name })).map(toSecret)[0];
}

/** By name in byte order. */
async function listSecrets(
  session: Session,
  tenantId: TenantId,
  scope: Scope,
  page: PageRequest,
): Promise<readonly SecretRecord[]> {
  const args = { tenantId, scope: scopeKey(scope), after: page.after ?? '', limit: page.limit };
  return (await selectSecrets(session, args)).map(toSecret);
}

/** Every row of the scope with its ciphertext, by name in byte order. */
async function listSealedSecrets(
  session: Session,
  tenantId: TenantId,
  scope: Scope,
): Promise<readonly SealedSecretRecord[]> {
  const rows = await selectSealedSecrets(session, { tenantId, scope: scopeKey(scope) });
  return rows.map(toSealed);
}

/** Adds or replaces the row and sets the scope's revision to `row.version` with its sums kept right. */
async function putSecret(
  session: Session,
  tenantId: TenantId,
  scope: Scope,
  row: SealedSecretRecord,
): Promise<void> {
  const old = await selectOld(session, { tenantId, scope: scopeKey(scope), name: row.name });
  await setScope(session, tenantId, scope, row.version, {
    names: 1 - old.length,
    bytes: row.paddedBytes - (old[0]?.padded_bytes ?? 0),
  });
  await freeCiphertexts(session, old);
  const slot = await storeCiphertext(session, row.ciphertext);
  const place = { tenantId, scope: scopeKey(scope) };
  const lies = { ciphertextId: slot.ciphertext_id, ciphertextLength: slot.ciphertext_length };
  await upsertSecret(session, secrets.toRow({ ...place, ...row, ...lies }));
}

/** Removes the row and sets the scope's revision to `newRevision`. */
async function deleteSecret(
  session: Session,
  tenantId: TenantId,
  scope: Scope,
  name: SecretName,
  newRevision: number,
): Promise<void> {
  const old = await selectOld(session, { tenantId, scope: scopeKey(scope), name });
  await setScope(session, tenantId, scope, newRevision, {
    names: -old.length,
    bytes: -(old[0]?.padded_bytes ?? 0),
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
    tenant_id: tenantId,
    scope: scopeKey(scope),
    revision,
    names: state.names + added.names,
    bytes: state.bytes + added.bytes,
  });
}

export const reads = { getScope, getSecret, listSecrets, listSealedSecrets };

export const writes = { putSecret, deleteSecret };
