/** What nodes really read, summed by name. */

import type { SecretName, TenantId } from '../../domain/ids';
import { MAX_SCOPE_NAMES, scopeKey, TENANT_SCOPE } from '../../domain/scope';
import { KEPT_MISSED_NAMES, MISSED_NAMES_SLACK } from '../../domain/usage-limits';
import { preparedQuery, preparedStatement, type Session } from '../prepared';
import type { ReadsRecord, SecretReadsRecord } from '../records';
import type { ReadsTable } from '../schema';
import type { PageRequest } from '../store';

const selectReads = preparedQuery((db, args: { tenantId: string; found: number; name: string }) =>
  db
    .selectFrom('reads')
    .selectAll()
    .where('tenant_id', '=', args.tenantId)
    .where('found', '=', args.found)
    .where('name', '=', args.name),
);

const selectFirstPage = preparedQuery((db, args: { tenantId: string; found: number; limit: number }) =>
  db
    .selectFrom('reads')
    .selectAll()
    .where('tenant_id', '=', args.tenantId)
    .where('found', '=', args.found)
    .orderBy('name')
    .limit(args.limit),
);

const selectNextPage = preparedQuery(
  (db, args: { tenantId: string; found: number; after: string; limit: number }) =>
    db
      .selectFrom('reads')
      .selectAll()
      .where('tenant_id', '=', args.tenantId)
      .where('found', '=', args.found)
      .where('name', '>', args.after)
      .orderBy('name')
      .limit(args.limit),
);

const selectSecretReads = preparedQuery((db, args: { tenantId: string; after: string }) =>
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
    .limit(MAX_SCOPE_NAMES),
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

const upsertReads = preparedStatement((db, row: ReadsTable) => {
  const content = {
    last_read_time: row.last_read_time,
    last_read_package: row.last_read_package,
    last_read_node: row.last_read_node,
    count: row.count,
  };
  return db
    .insertInto('reads')
    .values({ tenant_id: row.tenant_id, found: row.found, name: row.name, ...content })
    .onConflict((oc) => oc.columns(['tenant_id', 'found', 'name']).doUpdateSet(content));
});

function toReads(row: ReadsTable): ReadsRecord {
  return {
    name: row.name,
    found: row.found === 1,
    lastReadTime: row.last_read_time,
    lastReadPackage: row.last_read_package,
    lastReadNode: row.last_read_node,
    count: row.count,
  };
}

export async function getReads(
  session: Session,
  tenantId: TenantId,
  name: string,
  found: boolean,
): Promise<ReadsRecord | undefined> {
  const row = (await selectReads(session, { tenantId, found: found ? 1 : 0, name }))[0];
  return row && toReads(row);
}

export async function listReads(
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

/** The whole scope at once: it is at most 1,000 names. */
export async function listSecretReads(
  session: Session,
  tenantId: TenantId,
  after: string | undefined,
): Promise<readonly SecretReadsRecord[]> {
  const rows = await selectSecretReads(session, { tenantId, after: after ?? '' });
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

/** Reports may come late: the last read is the latest of all, whatever the order they came in. */
export async function addReads(session: Session, tenantId: TenantId, reads: ReadsRecord): Promise<void> {
  const old = await getReads(session, tenantId, reads.name, reads.found);
  const last = old !== undefined && old.lastReadTime > reads.lastReadTime ? old : reads;
  await upsertReads(session, {
    tenant_id: tenantId,
    found: reads.found ? 1 : 0,
    name: reads.name,
    last_read_time: last.lastReadTime,
    last_read_package: last.lastReadPackage,
    last_read_node: last.lastReadNode,
    count: (old?.count ?? 0) + reads.count,
  });
  if (!reads.found && old === undefined) await forgetOldMisses(session, tenantId);
}

/** Nodes may ask for any name: without an end their misses would fill the store. */
async function forgetOldMisses(session: Session, tenantId: TenantId): Promise<void> {
  const count = (await countMisses(session, { tenantId }))[0]?.count ?? 0;
  if (count >= KEPT_MISSED_NAMES + MISSED_NAMES_SLACK) await deleteOldestMisses(session, { tenantId });
}
