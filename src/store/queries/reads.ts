/** What nodes really read, summed by name. */

import type { SecretName, TenantId } from '../../domain/ids';
import { scopeKey, TENANT_SCOPE, type Scope } from '../../domain/scope';
import { KEPT_MISSED_NAMES, MISSED_NAMES_SLACK } from '../../domain/usage-limits';
import type { PageRequest } from '../paging';
import { preparedQuery, preparedStatement, preparedWrite, type Session } from '../prepared';
import type { ReadsRecord, SecretReadsRecord } from '../records';
import { pick, rowsOf } from '../rows';
import type { RowOf } from '../schema';
import { queryOfNames } from './many-names';

const table = rowsOf('reads');

/** Who asks knows the tenant. */
const OF_A_TENANT = table.columns.filter((column) => column !== 'tenant_id');

const selectReads = preparedQuery((db, args: { tenantId: string; found: number; name: string }) =>
  db
    .selectFrom('reads')
    .select(OF_A_TENANT)
    .where('tenant_id', '=', args.tenantId)
    .where('found', '=', args.found)
    .where('name', '=', args.name),
);

const selectFirstPage = preparedQuery((db, args: { tenantId: string; found: number; limit: number }) =>
  db
    .selectFrom('reads')
    .select(OF_A_TENANT)
    .where('tenant_id', '=', args.tenantId)
    .where('found', '=', args.found)
    .orderBy('name')
    .limit(args.limit),
);

const selectNextPage = preparedQuery(
  (db, args: { tenantId: string; found: number; after: string; limit: number }) =>
    db
      .selectFrom('reads')
      .select(OF_A_TENANT)
      .where('tenant_id', '=', args.tenantId)
      .where('found', '=', args.found)
      .where('name', '>', args.after)
      .orderBy('name')
      .limit(args.limit),
);

const selectSecretReads = preparedQuery((db, args: { tenantId: string; after: string; limit: number }) =>
  db
    .selectFrom('secrets')
    .leftJoin('reads', (join) =>
      join
        .onRef('reads.tenant_id', '=', 'secrets.tenant_id')
        .onRef('reads.name', '=', 'secrets.name')
        .on('reads.found', '=', 1),
    )
    .select([
      'secrets.name',
      'secrets.create_time',
      'reads.last_read_time',
      'reads.last_read_package',
      'reads.last_read_node',
      'reads.count',
    ])
    .where('secrets.tenant_id', '=', args.tenantId)
    .where('secrets.scope', '=', scopeKey(TENANT_SCOPE))
    .where('secrets.name', '>', args.after)
    .orderBy('secrets.name')
    .limit(args.limit),
);

/** More than a tenant has names, read and missed. */
const MAX_READING_PACKAGES = 10_000;

const selectReadingPackages = preparedQuery((db, args: { tenantId: string; limit: number }) =>
  db
    .selectFrom('reads')
    .select('last_read_package')
    .distinct()
    .where('tenant_id', '=', args.tenantId)
    .limit(args.limit),
);

const countMisses = preparedQuery((db, args: { tenantId: string }) =>
  db
    .selectFrom('reads')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('tenant_id', '=', args.tenantId)
    .where('found', '=', 0),
);

const deleteOldestMisses = preparedStatement((db, args: { tenantId: string }) =>
  db
    .deleteFrom('reads')
    .where('tenant_id', '=', args.tenantId)
    .where('found', '=', 0)
    .where('name', 'in', (eb) =>
      eb
        .selectFrom('reads')
        .select('name')
        .where('tenant_id', '=', args.tenantId)
        .where('found', '=', 0)
        .orderBy('last_read_time', 'desc')
        .orderBy('name')
        .limit(MISSED_NAMES_SLACK)
        .offset(KEPT_MISSED_NAMES),
    ),
);

const selectReadsOf = queryOfNames((db, args: { tenantId: string }, names) =>
  db
    .selectFrom('reads')
    .select(OF_A_TENANT)
    .where('tenant_id', '=', args.tenantId)
    .where('name', 'in', names),
);

const upsertReads = preparedWrite((db, row: RowOf<'reads'>) => {
  const values = pick(row, table.columns);
  return db
    .insertInto('reads')
    .values(values)
    .onConflict((oc) => oc.columns(['tenant_id', 'found', 'name']).doUpdateSet(values));
});

const selectNames = queryOfNames((db, args: { tenantId: string; scope: string; other: string }, names) =>
  db
    .selectFrom('secrets')
    .select('name')
    .distinct()
    .where('tenant_id', '=', args.tenantId)
    .where('scope', 'in', [args.scope, args.other])
    .where('name', 'in', names),
);

const toReads = (row: Partial<RowOf<'reads'>>) => table.toRecord<ReadsRecord>(row);

/** By name in byte order. */
async function listReads(
  session: Session,
  tenantId: TenantId,
  found: boolean,
  page: PageRequest,
): Promise<readonly ReadsRecord[]> {
  const { after, limit } = page;
  const args = { tenantId, found: found ? 1 : 0, limit };
  // A name that was asked for and not found may be empty, so no `after` comes before all names.
  const rows =
    after === undefined
      ? await selectFirstPage(session, args)
      : await selectNextPage(session, { ...args, after });
  return rows.map(toReads);
}

/** The secrets of the tenant's own scope, read or not, by name. */
async function listSecretReads(
  session: Session,
  tenantId: TenantId,
  { after = '', limit }: PageRequest,
): Promise<readonly SecretReadsRecord[]> {
  const rows = await selectSecretReads(session, { tenantId, after, limit });
  return rows.map(({ name, create_time, last_read_time, last_read_package, last_read_node, count }) => ({
    name: name as SecretName,
    createTime: create_time,
    reads:
      last_read_time === null
        ? undefined
        : {
            ...{ name, found: true, lastReadTime: last_read_time, count: count ?? 0 },
            ...{ lastReadPackage: last_read_package ?? '', lastReadNode: last_read_node ?? '' },
          },
  }));
}

/**
 * Adds to the sums of names. Reports may come late: the last read is the latest of all, whatever the order
 * they came in. Of the names that were not found it keeps the latest (domain/usage-limits).
 */
async function addReads(session: Session, tenantId: TenantId, reads: readonly ReadsRecord[]): Promise<void> {
  const names = [...new Set(reads.map(({ name }) => name))];
  const rows = (await selectReadsOf(session, { tenantId }, names)).map(toReads);
  const sums = new Map(rows.map((row) => [sumKey(row), row]));
  const changed = new Set<string>();
  let isNewMiss = false;
  for (const one of reads) {
    const key = sumKey(one);
    const old = sums.get(key);
    const last = old !== undefined && old.lastReadTime > one.lastReadTime ? old : one;
    sums.set(key, { ...last, count: (old?.count ?? 0) + one.count });
    changed.add(key);
    isNewMiss ||= !one.found && old === undefined;
  }
  for (const key of changed)
    await upsertReads(session, table.toRow({ tenantId, ...(sums.get(key) as ReadsRecord) }));
  if (isNewMiss) await forgetOldMisses(session, tenantId);
}

function sumKey({ name, found }: ReadsRecord): string {
  return `${found}/${name}`;
}

/** Nodes may ask for any name: without an end their misses would fill the store. */
async function forgetOldMisses(session: Session, tenantId: TenantId): Promise<void> {
  const count = (await countMisses(session, { tenantId }))[0]?.count ?? 0;
  if (count >= KEPT_MISSED_NAMES + MISSED_NAMES_SLACK) await deleteOldestMisses(session, { tenantId });
}

/** The reads of one secret that were found; undefined where there was none. */
async function getSecretReads(
  session: Session,
  tenantId: TenantId,
  name: SecretName,
): Promise<ReadsRecord | undefined> {
  return (await selectReads(session, { tenantId, found: 1, name })).map(toReads)[0];
}

/** Which of the names stand in the tenant's own scope or in the other one. */
async function findNames(
  session: Session,
  tenantId: TenantId,
  other: Scope,
  names: readonly SecretName[],
): Promise<ReadonlySet<SecretName>> {
  const scopes = { scope: scopeKey(TENANT_SCOPE), other: scopeKey(other) };
  const rows = await selectNames(session, { tenantId, ...scopes }, names);
  return new Set(rows.map(({ name }) => name as SecretName));
}

/** The packages that were last seen to read any of the tenant's names, as `handle/name`. */
async function listReadingPackages(session: Session, tenantId: TenantId): Promise<ReadonlySet<string>> {
  const rows = await selectReadingPackages(session, { tenantId, limit: MAX_READING_PACKAGES });
  return new Set(rows.map(({ last_read_package }) => last_read_package.replace(/@[^@]*$/, '')));
}

export const reads = { findNames, getSecretReads, listReads, listReadingPackages, listSecretReads };

export const writes = { addReads };
