/** A scope's secrets, sealed, with the scope's revision and sums. */

import type { SecretName, TenantId } from '../../domain/ids';
import { scopeKey, type Scope } from '../../domain/scope';
import { turnByTurn, type Pause } from '../../work/pace';
import { digestOf, Entries } from '../entries';
import type { PageRequest } from '../paging';
import { preparedQuery, preparedStatement, preparedWrite, type Session } from '../prepared';
import type { ScopeRecord, SealedSecretRecord, SecretRecord, StoredSecretRecord } from '../records';
import { pick, rowsOf } from '../rows';
import type { RowOf } from '../schema';
import { lengthIn, secretEntry, secretRow } from '../secret-signature';
import { headNotSigned } from '../store-errors';
import { dropAllParts, dropPartsWith } from './bundle-parts';
import { ciphertextOf, freeCiphertexts, SLOT, storeCiphertexts, type Slot } from './ciphertexts';
import { entriesOf, entriesToChange, findHead, getHead, isHeadAsWritten, putHead } from './heads';
import { queryOfNames } from './many-names';

const secrets = rowsOf('secrets');

/** So many ciphertexts are on their way to the engine together. */
const STORED_AT_ONCE = 100;

/** Whose scope. */
export interface InScope {
  tenantId: string;
  scope: string;
}

/** All but where it is and where its ciphertext lies. */
const METADATA = ['name', 'version', 'padded_bytes', 'create_time', 'update_time'] as const;

const selectSecretsOf = queryOfNames((db, args: InScope, names) =>
  db
    .selectFrom('secrets')
    .select(METADATA)
    .where('tenant_id', '=', args.tenantId)
    .where('scope', '=', args.scope)
    .where('name', 'in', names),
);

/** What is shown of a secret, and what its place in the scope's head says of it. */
const LISTED = [...METADATA, 'seal_id'] as const;

/** What a write takes the place of. */
const selectOld = queryOfNames((db, args: InScope, names) =>
  db
    .selectFrom('secrets')
    .select(['name', 'padded_bytes', ...SLOT])
    .where('tenant_id', '=', args.tenantId)
    .where('scope', '=', args.scope)
    .where('name', 'in', names),
);

const selectSecrets = preparedQuery((db, args: InScope & { after: string; limit: number }) =>
  db
    .selectFrom('secrets')
    .select(LISTED)
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
    .select([...METADATA, 'seal_id', 'signature', 'ciphertext_length', 'data'])
    .where('tenant_id', '=', args.tenantId)
    .where('scope', '=', args.scope)
    .orderBy('name'),
);

const selectSealedSecret = preparedQuery((db, args: InScope & { name: string }) =>
  db
    .selectFrom('secrets')
    .innerJoin('ciphertexts', 'ciphertexts.id', 'ciphertext_id')
    .select([...METADATA, 'seal_id', 'signature', 'ciphertext_length', 'data'])
    .where('tenant_id', '=', args.tenantId)
    .where('scope', '=', args.scope)
    .where('name', '=', args.name),
);

const selectEntries = preparedQuery((db, args: InScope) =>
  db
    .selectFrom('secrets')
    .select(['name', 'version', 'seal_id', 'padded_bytes'])
    .where('tenant_id', '=', args.tenantId)
    .where('scope', '=', args.scope)
    .orderBy('name'),
);

const selectExtent = preparedQuery((db, args: InScope) =>
  db
    .selectFrom('secrets')
    .select((eb) => [eb.fn.countAll<number>().as('names'), eb.fn.max('version').as('newest')])
    .where('tenant_id', '=', args.tenantId)
    .where('scope', '=', args.scope),
);

const upsertSecret = preparedWrite((db, row: RowOf<'secrets'>) => {
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
type ListedRow = Pick<RowOf<'secrets'>, (typeof LISTED)[number]>;

const toSecret = (row: MetadataRow) => secrets.toRecord<SecretRecord>(row);

type SealedRow = MetadataRow &
  Pick<RowOf<'secrets'>, 'seal_id' | 'signature' | 'ciphertext_length'> & { data: Uint8Array };

function toSealed({ data, ciphertext_length, ...row }: SealedRow): StoredSecretRecord {
  const ciphertext = ciphertextOf({ data, ciphertext_length });
  return { ciphertext, ...secrets.toRecord<Omit<StoredSecretRecord, 'ciphertext'>>(row) };
}

/** Of a scope never written in a store that is not signed: `{ revision: 0, names: 0, bytes: 0 }`. @throws DomainError DATA_LOSS as getHead. */
async function getScope(session: Session, tenantId: TenantId, scope: Scope): Promise<ScopeRecord> {
  return getHead(session, tenantId, scopeKey(scope));
}

/** Whether the scope's head is as this service wrote it, and the log tells of none that is newer. */
async function isScopeAsWritten(session: Session, tenantId: TenantId, scope: Scope): Promise<boolean> {
  const row = await findHead(session, tenantId, scopeKey(scope));
  return row !== undefined && session.signing !== undefined && isHeadAsWritten(session.signing, row);
}

/** How many rows the scope has and the newest version among them: what a head that was set back does not fit. */
async function getExtent(
  session: Session,
  tenantId: TenantId,
  scope: Scope,
): Promise<{ readonly names: number; readonly newest: number }> {
  const row = (await selectExtent(session, { tenantId, scope: scopeKey(scope) }))[0];
  return { names: row?.names ?? 0, newest: row?.newest ?? 0 };
}

/** As the row has it: whoever replaces or deletes a row that nobody wrote so mends it. */
async function getSecret(
  session: Session,
  tenantId: TenantId,
  scope: Scope,
  name: SecretName,
): Promise<SecretRecord | undefined> {
  return (await getSecrets(session, tenantId, scope, [name]))[0];
}

/** The same of those of these names that there are, in no order. */
async function getSecrets(
  session: Session,
  tenantId: TenantId,
  scope: Scope,
  names: readonly SecretName[],
): Promise<readonly SecretRecord[]> {
  return (await selectSecretsOf(session, { tenantId, scope: scopeKey(scope) }, names)).map(toSecret);
}

/** By name in byte order. @throws DomainError DATA_LOSS where the scope's head has other names than the rows. */
async function listSecrets(
  session: Session,
  tenantId: TenantId,
  scope: Scope,
  page: PageRequest,
): Promise<readonly SecretRecord[]> {
  const args = { tenantId, scope: scopeKey(scope), after: page.after ?? '', limit: page.limit };
  const rows = await selectSecrets(session, args);
  const entries = await scopeEntries(session, tenantId, args.scope);
  checkListed(session, tenantId, scope, rows, entries?.after(args.after, args.limit) ?? []);
  return rows.map(({ seal_id: _, ...row }) => toSecret(row));
}

/** @throws DomainError DATA_LOSS unless the rows are those of the entries, one by one. */
function checkListed(
  session: Session,
  tenantId: TenantId,
  scope: Scope,
  rows: readonly ListedRow[],
  entries: readonly (readonly [name: string, entry: Uint8Array])[],
): void {
  if (session.signing === undefined) return;
  const fits =
    rows.length === entries.length &&
    rows.every((row, at) => row.name === entries[at]?.[0] && entryOf(row).equals(entries[at][1]));
  if (!fits) throw headNotSigned(tenantId, scopeKey(scope));
}

/** Every row of the scope with its ciphertext, by name in byte order, whatever its head says. */
async function findSealedSecrets(
  session: Session,
  tenantId: TenantId,
  scope: Scope,
): Promise<readonly StoredSecretRecord[]> {
  const rows = await selectSealedSecrets(session, { tenantId, scope: scopeKey(scope) });
  return rows.map(toSealed);
}

/**
 * Every row of the scope with its ciphertext, by name in byte order: none was added, taken away or set back. Whether
 * each is signed is the caller's to check (secret-signature.ts): of 1,000 it may know most already.
 * @throws DomainError DATA_LOSS where the scope's head says otherwise.
 */
async function listSealedSecrets(
  session: Session,
  tenantId: TenantId,
  scope: Scope,
): Promise<readonly StoredSecretRecord[]> {
  const rows = await findSealedSecrets(session, tenantId, scope);
  await checkWhole(session, tenantId, scope, () => rows.map(secretEntry));
  return rows;
}

/** Which versions are in force, by name in byte order: none was added, taken away or set back. @throws as above. */
async function listVersions(
  session: Session,
  tenantId: TenantId,
  scope: Scope,
): Promise<readonly Pick<SecretRecord, 'name' | 'version'>[]> {
  const rows = await selectEntries(session, { tenantId, scope: scopeKey(scope) });
  await checkWhole(session, tenantId, scope, () => rows.map(entryOf));
  return rows.map(({ name, version }) => ({ name: name as SecretName, version }));
}

/** @throws DomainError DATA_LOSS unless the entries, in order, are those that the scope's signed head tells of. */
async function checkWhole(
  session: Session,
  tenantId: TenantId,
  scope: Scope,
  entries: () => readonly Uint8Array[],
): Promise<void> {
  if (session.signing === undefined) return;
  const head = await findHead(session, tenantId, scopeKey(scope));
  const fits =
    head !== undefined &&
    head.digest !== null &&
    isHeadAsWritten(session.signing, head) &&
    digestOf(entries()).equals(head.digest);
  if (!fits) throw headNotSigned(tenantId, scopeKey(scope));
}

/** One row with its ciphertext, as it is in the store. */
async function findSealedSecret(
  session: Session,
  tenantId: TenantId,
  scope: Scope,
  name: SecretName,
): Promise<StoredSecretRecord | undefined> {
  return (await selectSealedSecret(session, { tenantId, scope: scopeKey(scope), name })).map(toSealed)[0];
}

/**
 * Adds or replaces the row and sets the scope's revision to `record.version` with its sums kept right.
 * @param isNew the caller has seen in this transaction that there is none of that name.
 */
function putSecret(
  session: Session,
  tenantId: TenantId,
  scope: Scope,
  record: SealedSecretRecord,
  isNew = false,
): Promise<void> {
  return putSecrets(session, tenantId, scope, [record], isNew);
}

/** The same for many names, whose versions grow, with one new head and a few questions for all of them. */
async function putSecrets(
  session: Session,
  tenantId: TenantId,
  scope: Scope,
  records: readonly SealedSecretRecord[],
  areNew = false,
): Promise<void> {
  const place = { tenantId, scope: scopeKey(scope) };
  const names = areNew ? [] : records.map(({ name }) => name);
  const old = new Map((await selectOld(session, place, names)).map((row) => [row.name, row]));
  const pause = turnByTurn();
  for (const row of old.values()) {
    await pause();
    await dropPartsWith(session, tenantId, scope, row.name as SecretName);
    await freeCiphertexts(session, [row]);
  }
  const changes = records.map((record) => {
    const { name, version } = record;
    return { name, revision: version, oldRow: old.get(name), record };
  });
  // Before the rows: a head whose digest is not kept is compared with the rows as they were.
  await changeScope(session, { tenantId, scope }, changes);
  for (let from = 0; from < records.length; from += STORED_AT_ONCE)
    await putRows(session, { tenantId, scope }, records.slice(from, from + STORED_AT_ONCE), pause);
}

async function putRows(
  session: Session,
  { tenantId, scope }: { readonly tenantId: TenantId; readonly scope: Scope },
  records: readonly SealedSecretRecord[],
  pause: Pause,
): Promise<void> {
  const slots = await storeCiphertexts(
    session,
    records.map(({ ciphertext }) => ciphertext),
  );
  for (const [index, record] of records.entries()) {
    await pause();
    const { ciphertext_id } = slots[index] as Slot;
    const row = secretRow(tenantId, scope, record);
    const signature = session.signing?.sign('secrets', row, record.ciphertext) ?? null;
    await upsertSecret(session, { ciphertext_id, signature, ...row });
  }
}

/** Removes the row and sets the scope's revision to `newRevision`. */
async function deleteSecret(
  session: Session,
  tenantId: TenantId,
  scope: Scope,
  name: SecretName,
  newRevision: number,
): Promise<void> {
  const old = await selectOld(session, { tenantId, scope: scopeKey(scope) }, [name]);
  await changeScope(session, { tenantId, scope }, [
    { name, revision: newRevision, oldRow: old[0], record: undefined },
  ]);
  await deleteSecretRow(session, { tenantId, scope: scopeKey(scope), name });
  await dropPartsWith(session, tenantId, scope, name);
  await freeCiphertexts(session, old);
}

/** Removes every row of the scope. Its revision stays and grows, so that it never repeats. */
export async function clearScope(session: Session, tenantId: TenantId, scope: Scope): Promise<void> {
  const { revision } = await getScope(session, tenantId, scope);
  if (revision === 0) return;
  const cleared = { revision: revision + 1, names: 0, bytes: 0 };
  putHead(session, tenantId, scopeKey(scope), cleared, session.signing && new Entries());
  await freeCiphertexts(session, await deleteScopeRows(session, { tenantId, scope: scopeKey(scope) }));
  await dropAllParts(session, tenantId, scope);
}

/** What happens to one name of a scope. */
interface Change {
  readonly name: SecretName;
  readonly revision: number;
  readonly oldRow: { readonly padded_bytes: number } | undefined;
  /** Undefined where it is taken out. */
  readonly record: SealedSecretRecord | undefined;
}

/**
 * Moves the scope's head on by names that changed, each another one. In a signed store the sums follow from what was
 * signed before and not from the rows, which somebody else may have changed.
 */
async function changeScope(
  session: Session,
  place: { readonly tenantId: TenantId; readonly scope: Scope },
  changes: readonly Change[],
): Promise<void> {
  const { tenantId } = place;
  const scope = scopeKey(place.scope);
  let { revision, names, bytes } = await getHead(session, tenantId, scope);
  const entries = await entriesToChange(session, tenantId, scope, () =>
    loadEntries(session, tenantId, scope),
  );
  for (const { name, revision: next, oldRow, record } of changes) {
    // Whoever compares versions must never be told "unchanged" of another secret.
    if (next <= revision) throw new Error('a scope revision must grow with every write');
    revision = next;
    const was = entries === undefined ? oldRow?.padded_bytes : lengthOf(entries.get(name));
    if (record === undefined) entries?.delete(name);
    else entries?.set(name, secretEntry(record));
    names += (record === undefined ? 0 : 1) - (was === undefined ? 0 : 1);
    bytes += (record?.paddedBytes ?? 0) - (was ?? 0);
  }
  putHead(session, tenantId, scope, { revision, names, bytes }, entries);
}

/** Undefined in a store that is not signed. @throws DomainError DATA_LOSS as heads.ts' entriesOf. */
function scopeEntries(session: Session, tenantId: TenantId, scope: string): Promise<Entries | undefined> {
  return entriesOf(session, tenantId, scope, () => loadEntries(session, tenantId, scope));
}

async function loadEntries(
  session: Session,
  tenantId: TenantId,
  scope: string,
): Promise<(readonly [string, Uint8Array])[]> {
  const rows = await selectEntries(session, { tenantId, scope });
  return rows.map((row) => [row.name, entryOf(row)]);
}

function entryOf(row: Pick<ListedRow, 'name' | 'version' | 'seal_id' | 'padded_bytes'>): Buffer {
  const { name, version, seal_id, padded_bytes } = row;
  return secretEntry({ name, version, sealId: seal_id ?? undefined, paddedBytes: padded_bytes });
}

function lengthOf(entry: Uint8Array | undefined): number | undefined {
  return entry && lengthIn(entry);
}

export const reads = {
  getScope,
  isScopeAsWritten,
  getExtent,
  getSecret,
  getSecrets,
  listSecrets,
  findSealedSecret,
  findSealedSecrets,
  listSealedSecrets,
  listVersions,
};

export const writes = { putSecret, putSecrets, deleteSecret };
