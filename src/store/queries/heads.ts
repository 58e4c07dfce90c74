/** Scopes' heads: revision and sums, signed with a digest over the scope's entries (signing.ts). */

import { Entries } from '../entries';
import { sql } from '../kysely';
import type { TenantId } from '../../domain/ids';
import type { Head, MovedHead } from '../moved-heads';
import { preparedQuery, preparedStatement, type Session } from '../prepared';
import { pick, rowsOf } from '../rows';
import type { RowOf } from '../schema';
import type { Signing } from '../signing';
import { sha256, statementOf, type SignableRow, type SignedTable } from '../statement';
import { headNotSigned, overError } from '../store-errors';
import { newestChange } from './logged';

const heads = rowsOf('scopes');

/**
 * Lists beside the scopes of secrets, each with a head of its own: a tenant's flow configs with its default, its
 * API keys and its console sessions. An entry is the SHA-256 of its row's statement.
 */
type ListName = 'configs' | 'access' | 'sessions';

/** A head, with the newest revision that the log tells of. */
export type FoundHead = RowOf<'scopes'> & { readonly newest_change: number | null };

const OF_HEAD = { tenantId: sql.ref('scopes.tenant_id'), scope: sql.ref('scopes.scope') };

const selectHead = preparedQuery((db, args: { tenantId: string; scope: string }) =>
  db
    .selectFrom('scopes')
    .select(heads.columns)
    .select(newestChange(OF_HEAD).as('newest_change'))
    .where('tenant_id', '=', args.tenantId)
    .where('scope', '=', args.scope),
);

/** What a head says, without whose it is: a key that is set anew, to the same, has its index written. */
const SAID = heads.columns.filter((column) => column !== 'tenant_id' && column !== 'scope');

const upsertHead = preparedStatement((db, row: RowOf<'scopes'>) =>
  db
    .insertInto('scopes')
    .values(pick(row, heads.columns))
    .onConflict((oc) => oc.columns(['tenant_id', 'scope']).doUpdateSet(pick(row, SAID))),
);

const NEVER_WRITTEN: Head = { revision: 0, names: 0, bytes: 0 };

/** As the database has it, whether it is signed or not. */
export async function findHead(
  session: Session,
  tenantId: TenantId,
  scope: string,
): Promise<FoundHead | undefined> {
  return (await selectHead(session, { tenantId, scope }))[0];
}

/** What the head says, signed or not; 0 of a scope that was never written. */
export async function findRevision(session: Session, tenantId: TenantId, scope: string): Promise<number> {
  const moved = session.state?.heads.get(tenantId, scope);
  return (moved ?? (await findHead(session, tenantId, scope)))?.revision ?? 0;
}

/**
 * @throws DomainError DATA_LOSS for a head that is gone or that this service did not write, and for one that was set back:
 *   the log tells of a newer revision.
 */
export async function getHead(session: Session, tenantId: TenantId, scope: string): Promise<Head> {
  const moved = session.state?.heads.get(tenantId, scope);
  return moved ?? checkHead(session, tenantId, scope, await findHead(session, tenantId, scope));
}

/** The same of a head that was read already. */
export function checkHead(
  session: Session,
  tenantId: TenantId,
  scope: string,
  row: FoundHead | undefined,
): Head {
  if (session.signing !== undefined && (row === undefined || !isHeadAsWritten(session.signing, row)))
    throw headNotSigned(tenantId, scope);
  return row === undefined ? NEVER_WRITTEN : { revision: row.revision, names: row.names, bytes: row.bytes };
}

/** Whether this service wrote the head, and the log tells of none that is newer. */
export function isHeadAsWritten(signing: Signing, row: FoundHead): boolean {
  return !isSetBack(row) && signing.isSigned('scopes', row);
}

const isSetBack = ({ revision, newest_change }: FoundHead) => revision < (newest_change ?? 0);

/** Writes the head of a scope that has none yet; the unsigned store needs none. */
export async function beginScope(session: Session, tenantId: TenantId, scope: string): Promise<void> {
  if (session.signing === undefined || (await findHead(session, tenantId, scope)) !== undefined) return;
  putHead(session, tenantId, scope, NEVER_WRITTEN, new Entries());
}

/** Moves a head on. Its row is written before the transaction commits. @param entries undefined in a store that is not signed. */
export function putHead(
  session: Session,
  tenantId: TenantId,
  scope: string,
  { revision, names, bytes }: Head,
  entries: Entries | undefined,
): void {
  if (session.state === undefined) throw overError();
  session.standing?.starts.clear();
  const { signing } = session;
  session.state.heads.put({ tenantId, scope, revision, names, bytes, entries, signing });
}

/** Digests, signs and puts the row of a head that was moved on. */
export async function writeHead(session: Session, moved: MovedHead): Promise<void> {
  const { tenantId, scope, revision, names, bytes, entries, signing } = moved;
  const row = { tenant_id: tenantId, scope, revision, names, bytes, digest: entries?.digest() ?? null };
  const signature = signing?.sign('scopes', row) ?? null;
  await upsertHead(session, { signature, ...row });
  if (signing !== undefined && signature !== null && entries !== undefined)
    signing.remember(`${tenantId}/${scope}`, signature, entries);
}

/**
 * The scope's entries, which the head's digest shows to be all that were written and the newest of each.
 * @param load every entry as the rows have it.
 * @returns undefined in a store that is not signed.
 * @throws DomainError DATA_LOSS when rows were added, taken away or set back beneath the service.
 */
export async function entriesOf(
  session: Session,
  tenantId: TenantId,
  scope: string,
  load: () => Promise<Iterable<readonly [string, Uint8Array]>>,
): Promise<Entries | undefined> {
  if (session.signing === undefined) return undefined;
  const moved = session.state?.heads.get(tenantId, scope);
  if (moved?.entries !== undefined) return moved.entries;
  const row = await findHead(session, tenantId, scope);
  if (row !== undefined && isSetBack(row)) throw headNotSigned(tenantId, scope);
  return entriesUnder(session, tenantId, scope, row, load);
}

/** The same under a head that was read already. */
export async function entriesUnder(
  session: Session,
  tenantId: TenantId,
  scope: string,
  row: RowOf<'scopes'> | undefined,
  load: () => Promise<Iterable<readonly [string, Uint8Array]>>,
): Promise<Entries | undefined> {
  const { signing } = session;
  if (signing === undefined) return undefined;
  if (row === undefined || row.signature === null || !signing.isSigned('scopes', row))
    throw headNotSigned(tenantId, scope);
  const kept = signing.entriesOf(`${tenantId}/${scope}`, row.signature);
  if (kept !== undefined) return kept;
  const entries = new Entries(await load());
  if (row.digest === null || !entries.digest().equals(row.digest)) throw headNotSigned(tenantId, scope);
  signing.remember(`${tenantId}/${scope}`, row.signature, entries);
  return entries;
}

/**
 * The same, for a write that changes them and puts the head again: until then nobody else is given them, so that a
 * write that fails half-way leaves nothing behind that no head was signed over.
 */
export async function entriesToChange(
  session: Session,
  tenantId: TenantId,
  scope: string,
  load: () => Promise<Iterable<readonly [string, Uint8Array]>>,
): Promise<Entries | undefined> {
  const moved = session.state?.heads.toChange(tenantId, scope);
  const entries = moved?.entries ?? (await entriesOf(session, tenantId, scope, load));
  session.signing?.forget(`${tenantId}/${scope}`);
  return entries;
}

/** A row's entry in a list: SHA-256 of its statement; of a row that nobody can have written, of nothing. */
export function listEntry<T extends SignedTable>(table: T, row: SignableRow<T>): Buffer {
  return sha256(statementOf(table, row) ?? new Uint8Array());
}

/** Whether the list has the row so. */
export function isListed<T extends SignedTable>(
  entries: Entries,
  key: string,
  table: T,
  row: SignableRow<T>,
): boolean {
  const entry = entries.get(key);
  return entry !== undefined && listEntry(table, row).equals(entry);
}

/** Moves a list's head on. @param entries undefined in a store that is not signed, which has no lists. */
export async function putList(
  session: Session,
  tenantId: TenantId,
  list: ListName,
  entries: Entries | undefined,
): Promise<void> {
  if (entries === undefined) return;
  const { revision } = await getHead(session, tenantId, list);
  putHead(session, tenantId, list, { revision: revision + 1, names: entries.size, bytes: 0 }, entries);
}

/** Whether a list's rows are all that were written, as they were written. Looks at every row. */
export async function isListAsWritten(
  session: Session,
  tenantId: TenantId,
  list: ListName,
  load: () => Promise<Iterable<readonly [string, Uint8Array]>>,
): Promise<boolean> {
  const row = await findHead(session, tenantId, list);
  if (row === undefined || row.digest === null || session.signing?.isSigned('scopes', row) !== true)
    return false;
  return new Entries(await load()).digest().equals(row.digest);
}
