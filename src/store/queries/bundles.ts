/** Sealed bundles, how long executions keep them, and names taken from running executions. */

import type { Kysely } from 'kysely';
import { sql } from '../kysely';
import type { SecretName, TenantId } from '../../domain/ids';
import { MAX_SCOPE_NAMES, parseScopeKey, scopeKey, type Scope } from '../../domain/scope';
import type { Question } from '../asked-ahead';
import { preparedQuery, preparedStatement, type Session } from '../prepared';
import type { BundleRecord, RevocationRecord, StoredBundleRecord } from '../records';
import { pick, rowsOf } from '../rows';
import type { Database, RowOf } from '../schema';
import { checkSigned, signedRow } from '../signed-row';
import { rowNotSigned, tooMuchRevoked } from '../store-errors';
import { ciphertextOf, freeCiphertexts, SLOT, storeCiphertext } from './ciphertexts';
import { findRevision } from './heads';
import { newestRevocation, revocationsSince } from './logged';
import type { InScope } from './secrets';

const bundles = rowsOf('bundles');
const revocations = rowsOf('revocations');

const selectBundle = preparedQuery((db, args: InScope & { revision: number }) =>
  db
    .selectFrom('bundles')
    .innerJoin('ciphertexts', 'ciphertexts.id', 'ciphertext_id')
    .select(['revision', 'to_scrub', 'ciphertext_length', 'data'])
    .where('tenant_id', '=', args.tenantId)
    .where('scope', '=', args.scope)
    .where('revision', '=', args.revision),
);

const selectNewestBundle = preparedQuery((db, args: InScope) =>
  db
    .selectFrom('bundles')
    .innerJoin('ciphertexts', 'ciphertexts.id', 'ciphertext_id')
    .select(['revision', 'to_scrub', 'ciphertext_length', 'data'])
    .where('tenant_id', '=', args.tenantId)
    .where('scope', '=', args.scope)
    .orderBy('revision', 'desc')
    .limit(1),
);

const selectNewestRevision = preparedQuery((db, args: InScope) =>
  db
    .selectFrom('bundles')
    .select('revision')
    .where('tenant_id', '=', args.tenantId)
    .where('scope', '=', args.scope)
    .orderBy('revision', 'desc')
    .limit(1),
);

const deleteBundleRow = preparedQuery((db, args: InScope & { revision: number }) =>
  db
    .deleteFrom('bundles')
    .where('tenant_id', '=', args.tenantId)
    .where('scope', '=', args.scope)
    .where('revision', '=', args.revision)
    .returning(SLOT),
);

// What pins a row's revision: executions that have neither ended nor expired. A tenant's scope and a config's are pinned
// by different columns, each with its index; `substr(scope, 8)` is the config's id (domain/scope's scopeKey).
const TENANT_PIN = sql`executions.tenant_id = bundles.tenant_id and executions.tenant_revision = bundles.revision`;
const CONFIG_PIN = sql`executions.tenant_id = bundles.tenant_id
  and executions.config_id = substr(bundles.scope, 8) and executions.config_revision = bundles.revision`;

const dropBundlesOf = (kind: Scope['kind']) =>
  preparedQuery((db, args: InScope & { revision: number; now: number }) =>
    db
      .deleteFrom('bundles')
      .where('tenant_id', '=', args.tenantId)
      .where('scope', '=', args.scope)
      .where('revision', '<', args.revision)
      .where(
        sql<boolean>`not exists (select 1 from executions
        where ${kind === 'tenant' ? TENANT_PIN : CONFIG_PIN} and end_time is null and dead_time > ${args.now})`,
      )
      .returning(SLOT),
  );

const dropBundles = { tenant: dropBundlesOf('tenant'), config: dropBundlesOf('config') };

const selectRevocation = preparedQuery((db, args: InScope & { name: string }) =>
  db
    .selectFrom('revocations')
    .select('up_to_revision')
    .where('tenant_id', '=', args.tenantId)
    .where('scope', '=', args.scope)
    .where('name', '=', args.name),
);

const upsertRevocation = preparedStatement((db, row: RowOf<'revocations'>) => {
  const values = pick(row, revocations.columns);
  return db
    .insertInto('revocations')
    .values(values)
    .onConflict((oc) => oc.columns(['tenant_id', 'scope', 'name']).doUpdateSet(values));
});

/** Of the revisions that the revocation concerns and an earlier one of the same name did not. */
const countRevoked = preparedStatement((db, args: InScope & { above: number; upToRevision: number }) =>
  db
    .updateTable('bundles')
    .set((eb) => ({ to_scrub: eb('to_scrub', '+', 1) }))
    .where('tenant_id', '=', args.tenantId)
    .where('scope', '=', args.scope)
    .where('revision', '>', args.above)
    .where('revision', '<=', args.upToRevision),
);

type ListedRevocation = { [C in keyof RowOf<'revocations'>]: RowOf<'revocations'>[C] | null } & {
  readonly events: number;
  readonly missing: number;
};

/**
 * Of more than these since a pin nothing is listed: whoever takes names in a loop must not make the executions from before
 * dear for others. Twice as many as a scope has names.
 */
const MAX_REVOCATIONS = 2 * MAX_SCOPE_NAMES;

// One row at least, of nulls where there is no revocation: what the log tells is in each.
const selectRevocations = preparedQuery<InScope & { pinnedRevision: number }, ListedRevocation>(
  (db, args) => {
    const place = { tenantId: sql`${args.tenantId}`, scope: sql`${args.scope}` };
    const limit = MAX_REVOCATIONS + 1;
    const { events, missing } = revocationsSince(place, {
      pinnedRevision: sql`${args.pinnedRevision}`,
      limit,
    });
    const query = sql<ListedRevocation>`
    select ${sql.join(revocations.columns.map((column) => sql.ref(`revocations.${column}`)))},
        ${events} as events, ${missing} as missing
      from (select 1 as one) as place left join (select * from revocations where tenant_id = ${args.tenantId}
          and scope = ${args.scope} and up_to_revision >= ${args.pinnedRevision} limit ${sql.lit(limit)})
        as revocations on tenant_id is not null
      order by name`;
    return { compile: () => query.compile(db) };
  },
);

const selectNewestRevocation = preparedQuery<
  InScope,
  { readonly made: number | null; readonly logged: number | null }
>((db, args) => {
  const logged = newestRevocation({ tenantId: sql`${args.tenantId}`, scope: sql`${args.scope}` });
  const query = sql<{ made: number | null; logged: number | null }>`
    select (select max(up_to_revision) from revocations
      where tenant_id = ${args.tenantId} and scope = ${args.scope}) as made, ${logged} as logged`;
  return { compile: () => query.compile(db) };
});

const dropRevocationsOf = (kind: Scope['kind']) => {
  const pin =
    kind === 'tenant'
      ? sql`executions.tenant_revision <= revocations.up_to_revision`
      : sql`executions.config_id = substr(revocations.scope, 8)
          and executions.config_revision <= revocations.up_to_revision`;
  return preparedStatement((db, args: InScope & { now: number }) =>
    db
      .deleteFrom('revocations')
      .where('tenant_id', '=', args.tenantId)
      .where('scope', '=', args.scope)
      .where('revoke_time', '<=', args.now).where(sql<boolean>`not exists (select 1 from executions
        where executions.tenant_id = revocations.tenant_id and ${pin} and end_time is null and dead_time > ${args.now})`),
  );
};

const dropRevocations = { tenant: dropRevocationsOf('tenant'), config: dropRevocationsOf('config') };

const selectBundlesToScrub = preparedQuery((db, args: { limit: number }) =>
  db
    .selectFrom('bundles')
    .select(['tenant_id', 'scope', 'revision'])
    .where('to_scrub', '>', 0)
    .where(
      sql<boolean>`(bundles.scope = 'tenant'
          and exists (select 1 from executions where ${TENANT_PIN} and end_time is null))
        or exists (select 1 from executions where ${CONFIG_PIN} and end_time is null)`,
    )
    .orderBy('tenant_id')
    .orderBy('scope')
    .orderBy('revision')
    .limit(args.limit),
);

/** What getBundle asks of one revision. */
export function bundleQuestion(
  compiler: Kysely<Database>,
  tenantId: TenantId,
  scope: Scope,
  revision: number,
): Question {
  return selectBundle.questionOf(compiler, { tenantId, scope: scopeKey(scope), revision });
}

/** Of exactly this revision, or the newest when none is given. */
export async function getBundle(
  session: Session,
  tenantId: TenantId,
  scope: Scope,
  revision?: number,
): Promise<StoredBundleRecord | undefined> {
  const args = { tenantId, scope: scopeKey(scope) };
  const rows =
    revision === undefined
      ? await selectNewestBundle(session, args)
      : await selectBundle(session, { ...args, revision });
  const row = rows[0];
  return row && { revision: row.revision, ciphertext: ciphertextOf(row), toScrub: row.to_scrub };
}

const selectBundleExists = preparedQuery((db, args: InScope & { revision: number }) =>
  db
    .selectFrom('bundles')
    .select('revision')
    .where('tenant_id', '=', args.tenantId)
    .where('scope', '=', args.scope)
    .where('revision', '=', args.revision),
);

/** The newest revision that has a bundle; 0 without any. */
async function getNewestBundleRevision(session: Session, tenantId: TenantId, scope: Scope): Promise<number> {
  return (await selectNewestRevision(session, { tenantId, scope: scopeKey(scope) }))[0]?.revision ?? 0;
}

async function hasBundle(
  session: Session,
  tenantId: TenantId,
  scope: Scope,
  revision: number,
): Promise<boolean> {
  return (await selectBundleExists(session, { tenantId, scope: scopeKey(scope), revision })).length > 0;
}

/**
 * Adds the bundle of one revision, which may hold names revoked since; one that is there already stays.
 * @returns whether it was added.
 */
async function addBundle(
  session: Session,
  tenantId: TenantId,
  scope: Scope,
  bundle: BundleRecord,
): Promise<boolean> {
  if (await hasBundle(session, tenantId, scope, bundle.revision)) return false;
  const revoked = await listRevocations(session, tenantId, scope, bundle.revision);
  await insertBundle(session, { tenantId, scope, bundle, toScrub: revoked.length });
  return true;
}

/**
 * Adds or replaces the bundle of one revision. It must not hold names revoked from that revision
 * (listRevocations): putting it takes it off listBundlesToScrub.
 */
async function putBundle(
  session: Session,
  tenantId: TenantId,
  scope: Scope,
  bundle: BundleRecord,
): Promise<void> {
  await deleteBundle(session, tenantId, scope, bundle.revision);
  await insertBundle(session, { tenantId, scope, bundle, toScrub: 0 });
}

async function insertBundle(
  session: Session,
  row: {
    readonly tenantId: TenantId;
    readonly scope: Scope;
    readonly bundle: BundleRecord;
    readonly toScrub: number;
  },
): Promise<void> {
  const { tenantId, scope, bundle, toScrub } = row;
  const slot = await storeCiphertext(session, bundle.ciphertext);
  await bundles.insert(session, {
    ...{ tenant_id: tenantId, scope: scopeKey(scope), revision: bundle.revision },
    ...{ ...slot, to_scrub: toScrub },
  });
}

async function deleteBundle(
  session: Session,
  tenantId: TenantId,
  scope: Scope,
  revision: number,
): Promise<void> {
  await freeCiphertexts(
    session,
    await deleteBundleRow(session, { tenantId, scope: scopeKey(scope), revision }),
  );
}

/** Drops the scope's bundles older than its revision that no execution in force at `now` pins. */
export async function dropUnpinnedBundles(
  session: Session,
  tenantId: TenantId,
  scope: Scope,
  now: number,
): Promise<number> {
  const place = { tenantId, scope: scopeKey(scope) };
  const revision = await findRevision(session, tenantId, place.scope);
  const dropped = await dropBundles[scope.kind](session, { revision, now, ...place });
  await freeCiphertexts(session, dropped);
  return dropped.length;
}

/**
 * Drops the scope's revocations made by `now` that no execution in force at `now` is concerned by. One that is
 * being started pins a snapshot from before; so `now` is some time ago (execution/start.ts, MAX_START_MS).
 */
export async function dropUnneededRevocations(
  session: Session,
  tenantId: TenantId,
  scope: Scope,
  now: number,
): Promise<void> {
  await dropRevocations[scope.kind](session, { tenantId, scope: scopeKey(scope), now });
}

async function insertRevocation(
  session: Session,
  tenantId: TenantId,
  scope: Scope,
  revocation: RevocationRecord,
): Promise<void> {
  const place = { tenantId, scope: scopeKey(scope) };
  const { name, upToRevision, revokeTime } = revocation;
  const above = (await selectRevocation(session, { ...place, name }))[0]?.up_to_revision ?? -1;
  if (upToRevision <= above) return;
  await upsertRevocation(
    session,
    signedRow(session, 'revocations', { ...place, name, upToRevision, revokeTime }),
  );
  await countRevoked(session, { ...place, above, upToRevision });
}

/**
 * The newest revisions from which a name was taken, as the revocations and the log say; -1 where one tells of none. What
 * listRevocations says of a pin changes only with them, but for one that is set back.
 */
async function getNewestRevocation(
  session: Session,
  tenantId: TenantId,
  scope: Scope,
): Promise<{ readonly made: number; readonly logged: number }> {
  const row = (await selectNewestRevocation(session, { tenantId, scope: scopeKey(scope) }))[0];
  return { made: row?.made ?? -1, logged: row?.logged ?? -1 };
}

/**
 * Those that concern a pin of this revision: upToRevision >= pinnedRevision. By name.
 * @throws DomainError DATA_LOSS where one is not as it was written, or the log tells of one that is not there;
 * FAILED_PRECONDITION (TOO_MUCH_REVOKED) where names were taken more than MAX_REVOCATIONS times.
 */
async function listRevocations(
  session: Session,
  tenantId: TenantId,
  scope: Scope,
  pinnedRevision: number,
): Promise<readonly RevocationRecord[]> {
  const rows = await selectRevocations(session, { tenantId, scope: scopeKey(scope), pinnedRevision });
  if (rows.length > MAX_REVOCATIONS || (rows[0]?.events ?? 0) > MAX_REVOCATIONS)
    throw tooMuchRevoked(MAX_REVOCATIONS);
  if (session.signing !== undefined && (rows[0]?.missing ?? 0) > 0)
    throw rowNotSigned('the list of revoked names');
  return rows.filter(isThere).map((row) => {
    checkSigned(session, 'revocations', row, `the revocation of ${row.name}`);
    return { name: row.name as SecretName, upToRevision: row.up_to_revision, revokeTime: row.revoke_time };
  });
}

function isThere(row: ListedRevocation): row is ListedRevocation & RowOf<'revocations'> {
  return row.name !== null;
}

/** Bundles that some execution pins although they hold a name revoked at their revision or later. */
async function listBundlesToScrub(
  session: Session,
  limit: number,
): Promise<readonly { tenantId: TenantId; scope: Scope; revision: number }[]> {
  return (await selectBundlesToScrub(session, { limit })).map((row) => ({
    tenantId: row.tenant_id as TenantId,
    scope: parseScopeKey(row.scope),
    revision: row.revision,
  }));
}

export const reads = {
  ...{ getBundle, getNewestBundleRevision, hasBundle },
  ...{ getNewestRevocation, listRevocations, listBundlesToScrub },
};

export const writes = { addBundle, putBundle, deleteBundle, dropUnpinnedBundles, insertRevocation };
