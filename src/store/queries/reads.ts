/** What nodes really read, summed by name. */

import type { TenantId } from '../../domain/ids';
import { preparedQuery, preparedStatement, type Session } from '../prepared';
import type { ReadsRecord } from '../records';
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
}
