/** Published packages and who owns their handles. */

import { sql } from '../kysely';
import { DomainError } from '../../domain/errors';
import type { SecretName, TenantId } from '../../domain/ids';
import { handleOf } from '../../domain/package-name';
import type { PageRequest } from '../paging';
import { preparedQuery, preparedStatement, type Session } from '../prepared';
import type {
  PackageListing,
  PackageNodeRecord,
  PackageRecord,
  PackageVersion,
  PublishedUse,
} from '../records';
import { pick, rowsOf } from '../rows';
import type { RowOf } from '../schema';
import { checkSigned, signedRow } from '../signed-row';
import { rowNotSigned } from '../store-errors';
import { wasMovedOut } from './logged';

const packages = rowsOf('packages');

const OF_HANDLE = { tenantId: sql.ref('handles.tenant_id'), handle: sql.ref('handles.handle') };

const selectHandle = preparedQuery((db, args: { handle: string }) =>
  db
    .selectFrom('handles')
    .selectAll()
    .select(wasMovedOut(OF_HANDLE).as('was_moved_out'))
    .where('handle', '=', args.handle),
);

const insertHandle = preparedStatement((db, row: RowOf<'handles'>) =>
  db
    .insertInto('handles')
    .values(pick(row, ['handle', 'tenant_id', 'packages', 'bytes', 'signature']))
    .onConflict((oc) => oc.doNothing()),
);

const selectForeign = preparedQuery((db, args: { first: string; last: string; tenantId: string }) =>
  db
    .selectFrom('packages')
    .select('published_by')
    .where('name', '>=', args.first)
    .where('name', '<', args.last)
    .where('published_by', '!=', args.tenantId)
    .limit(1),
);

const updateHandleOwner = preparedStatement((db, row: RowOf<'handles'>) =>
  db
    .updateTable('handles')
    .set(pick(row, ['tenant_id', 'signature']))
    .where('handle', '=', row.handle),
);

const updatePublisher = preparedStatement((db, args: { first: string; last: string; tenantId: string }) =>
  db
    .updateTable('packages')
    .set({ published_by: args.tenantId })
    .where('name', '>=', args.first)
    .where('name', '<', args.last),
);

const addToHandle = preparedStatement((db, args: { handle: string; packages: number; bytes: number }) =>
  db
    .updateTable('handles')
    .set((eb) => ({
      packages: eb('packages', '+', args.packages),
      bytes: eb('bytes', '+', args.bytes),
    }))
    .where('handle', '=', args.handle),
);

const selectUse = preparedQuery((db, args: { tenantId: string }) =>
  db
    .selectFrom('handles')
    .select([
      sql<number>`cast(coalesce(sum(packages), 0) as bigint)`.as('packages'),
      sql<number>`cast(coalesce(sum(bytes), 0) as bigint)`.as('bytes'),
    ])
    .where('tenant_id', '=', args.tenantId),
);

/** Nodes that are larger than an answer may be are not read. */
const MAX_LISTED_NODES = 1024 * 1024;

const listedNodes = sql<
  string | null
>`case when octet_length(nodes) <= ${sql.lit(MAX_LISTED_NODES)} then nodes end`;

/** What a listing shows, but for the nodes: the manifest is the large one. */
const LISTED = ['name', 'version', 'language', 'description', 'published_by', 'create_time'] as const;

const selectPackage = preparedQuery((db, args: { name: string; version: string }) =>
  db
    .selectFrom('packages')
    .select(LISTED)
    .select(listedNodes.as('nodes'))
    .where('name', '=', args.name)
    .where('version', '=', args.version),
);

const selectSize = preparedQuery((db, args: { name: string; version: string }) =>
  db
    .selectFrom('packages')
    .select(sql<number>`octet_length(manifest) + octet_length(nodes)`.as('size'))
    .where('name', '=', args.name)
    .where('version', '=', args.version),
);

const selectVersions = preparedQuery((db, args: { first: string; last: string }) =>
  db
    .selectFrom('packages')
    .select(['name', 'version'])
    .where('name', '>=', args.first)
    .where('name', '<=', args.last)
    .orderBy('name')
    .orderBy('publish_order'),
);

const selectNewest = preparedQuery((db, args: { name: string }) =>
  db
    .selectFrom('packages')
    .select(['version', 'publish_order', listedNodes.as('nodes')])
    .where('name', '=', args.name)
    .orderBy('publish_order', 'desc')
    .limit(1),
);

const deletePackageRow = preparedStatement((db, args: { name: string; version: string }) =>
  db.deleteFrom('packages').where('name', '=', args.name).where('version', '=', args.version),
);

const insertUnpublished = preparedStatement((db, args: { name: string; version: string; time: number }) =>
  db
    .insertInto('unpublished_packages')
    .values({ name: args.name, version: args.version, unpublish_time: args.time }),
);

const selectUnpublished = preparedQuery((db, args: { name: string; version: string }) =>
  db
    .selectFrom('unpublished_packages')
    .select('version')
    .where('name', '=', args.name)
    .where('version', '=', args.version),
);

const countVersionRows = preparedQuery((db, args: { name: string }) =>
  db.selectNoFrom((eb) => [
    eb
      .selectFrom('packages')
      .select((one) => one.fn.countAll<number>().as('count'))
      .where('name', '=', args.name)
      .as('published'),
    eb
      .selectFrom('unpublished_packages')
      .select((one) => one.fn.countAll<number>().as('count'))
      .where('name', '=', args.name)
      .as('unpublished'),
  ]),
);

/** What each version costs a page beside the nodes of the newest. */
const VERSION_BYTES = 64;

// Names first, then how much each would add to the page, and only then the nodes of those that fit:
// what does not fit is never read. The first always fits, or nobody could go on after it.
const selectLatest = preparedQuery((db, args: { after: string; limit: number; budget: number }) => {
  const query = sql<Omit<RowOf<'packages'>, 'manifest' | 'nodes'> & { nodes: string | null; found: number }>`
    with latest as (
      select name, max(publish_order) as newest, count(*) as versions from packages
        where name > ${args.after} group by name order by name limit ${args.limit}
    ), sized as (
      select packages.name, newest,
        versions * ${sql.lit(VERSION_BYTES)} + octet_length(description) + case
          when octet_length(nodes) <= ${sql.lit(MAX_LISTED_NODES)} then octet_length(nodes) else 0 end as size
        from latest join packages on packages.name = latest.name and publish_order = newest
    ), placed as (
      select name, newest, sum(size) over (order by name) - size as before from sized
    )
    select packages.name, version, language, description, published_by, create_time, ${listedNodes} as nodes,
        (select count(*) from latest) as found
      from placed join packages on packages.name = placed.name and publish_order = newest
      where before <= ${args.budget}
      order by packages.name`;
  return { compile: () => query.compile(db) };
});

const deleteDeclared = preparedStatement((db, args: { name: string }) =>
  db.deleteFrom('package_secrets').where('package_name', '=', args.name),
);

const insertDeclared = preparedStatement((db, args: { secret: string; name: string; version: string }) =>
  db
    .insertInto('package_secrets')
    .values({ secret_name: args.secret, package_name: args.name, package_version: args.version }),
);

const selectDeclaring = preparedQuery((db, args: { secret: string; limit: number }) =>
  db
    .selectFrom('package_secrets')
    .select(['package_name', 'package_version'])
    .where('secret_name', '=', args.secret)
    .orderBy('package_name')
    .limit(args.limit),
);

/** @throws DomainError DATA_LOSS for an owner that this service did not write so, or whose log says that it was moved away. */
async function getHandleOwner(session: Session, handle: string): Promise<TenantId | undefined> {
  const row = (await selectHandle(session, { handle }))[0];
  if (row === undefined) return undefined;
  const what = `the owner of the handle ${handle}`;
  checkSigned(session, 'handles', row, what);
  if (session.signing !== undefined && row.was_moved_out === 1) throw rowNotSigned(what);
  return row.tenant_id as TenantId;
}

/** Claiming one's own handle again changes nothing. @throws DomainError ALREADY_EXISTS for another's. */
async function claimHandle(session: Session, handle: string, tenantId: TenantId): Promise<void> {
  await insertHandle(session, signedRow(session, 'handles', { handle, tenantId, packages: 0, bytes: 0 }));
  // What somebody published under the handle shows whose it is, even where the row that says so is gone.
  const published = { first: `${handle}/`, last: `${handle}0`, tenantId };
  const isForeign = (await selectForeign(session, published)).length > 0;
  if (isForeign || (await getHandleOwner(session, handle)) !== tenantId) {
    throw new DomainError(
      'ALREADY_EXISTS',
      `the handle ${handle} belongs to another tenant; choose another for the package's name`,
      'HANDLE_TAKEN',
    );
  }
}

async function moveHandle(session: Session, handle: string, tenantId: TenantId): Promise<void> {
  await updateHandleOwner(
    session,
    signedRow(session, 'handles', { handle, tenantId, packages: 0, bytes: 0 }),
  );
  await updatePublisher(session, { first: `${handle}/`, last: `${handle}0`, tenantId });
}

async function getPublishedUse(session: Session, tenantId: TenantId): Promise<PublishedUse> {
  return (await selectUse(session, { tenantId }))[0] ?? { packages: 0, bytes: 0 };
}

async function getPackage(
  session: Session,
  name: string,
  version: string,
): Promise<PackageListing | undefined> {
  const row = (await selectPackage(session, { name, version }))[0];
  return row && toListing(row);
}

/** Of the packages from the first name to the last, by name, then in order of publishing. */
async function listPackageVersions(
  session: Session,
  first: string,
  last: string,
): Promise<readonly PackageVersion[]> {
  return selectVersions(session, { first, last });
}

/** How many versions of the package are taken, published or not any more. */
async function countVersions(session: Session, name: string): Promise<number> {
  const row = (await countVersionRows(session, { name }))[0];
  return (row?.published ?? 0) + (row?.unpublished ?? 0);
}

/** Whether the version was published and is not any more. */
async function isUnpublished(session: Session, name: string, version: string): Promise<boolean> {
  return (await selectUnpublished(session, { name, version })).length > 0;
}

/**
 * The newest version of each package, by name; fewer than `limit` when they would take more than `budget` bytes.
 * `isWhole` says whether all that were asked for are there.
 */
async function listLatestPackages(
  session: Session,
  page: PageRequest & { readonly budget: number },
): Promise<{ readonly rows: readonly PackageListing[]; readonly isWhole: boolean }> {
  const { after = '', limit, budget } = page;
  const rows = await selectLatest(session, { after, limit, budget });
  return { rows: rows.map(toListing), isWhole: rows.length === (rows[0]?.found ?? 0) };
}

function toListing(
  row: Omit<RowOf<'packages'>, 'manifest' | 'nodes' | 'publish_order'> & { nodes: string | null },
) {
  const { nodes, ...others } = row;
  return { ...packages.toRecord<Omit<PackageListing, 'nodes'>>(others), nodes: parseNodes(nodes) };
}

/** A row that cannot be read must not keep a listing from all the others. */
function parseNodes(json: string | null): readonly PackageNodeRecord[] | undefined {
  if (json === null) return undefined;
  try {
    return JSON.parse(json) as readonly PackageNodeRecord[];
  } catch {
    return undefined;
  }
}

/** `handle/name@version` of the newest version of each package one of whose nodes declares the name. */
async function listPackagesDeclaring(
  session: Session,
  name: SecretName,
  limit: number,
): Promise<readonly string[]> {
  const rows = await selectDeclaring(session, { secret: name, limit });
  return rows.map((row) => `${row.package_name}@${row.package_version}`);
}

/** Its handle must be claimed. Counts against it, whoever has it. */
async function insertPackage(session: Session, record: PackageRecord): Promise<void> {
  const { name } = record;
  const newest = (await selectNewest(session, { name }))[0]?.publish_order ?? 0;
  const isFirst = (await countVersions(session, name)) === 0;
  const row = packages.toRow({ ...record, publishOrder: newest + 1 });
  await packages.insert(session, row);
  const bytes = VERSION_OVERHEAD + record.manifest.byteLength + Buffer.byteLength(row.nodes);
  await addToHandle(session, { handle: handleOf(name), packages: isFirst ? 1 : 0, bytes });
  await declareNewest(session, name);
}

/** The version stays taken; nothing else of it stays. */
async function removePackage(
  session: Session,
  { name, version }: PackageVersion,
  time: number,
): Promise<void> {
  const size = (await selectSize(session, { name, version }))[0]?.size;
  if (size === undefined) return;
  await deletePackageRow(session, { name, version });
  await insertUnpublished(session, { name, version, time });
  await addToHandle(session, { handle: handleOf(name), packages: 0, bytes: -size });
  await declareNewest(session, name);
}

/** What each version counts beside its manifest and nodes; it is counted for one that is unpublished too. */
const VERSION_OVERHEAD = 1024;

/** Keeps the names that the newest version declares. */
async function declareNewest(session: Session, name: string): Promise<void> {
  const newest = (await selectNewest(session, { name }))[0];
  await deleteDeclared(session, { name });
  if (newest === undefined) return;
  const nodes = parseNodes(newest.nodes) ?? [];
  for (const secret of new Set(nodes.flatMap((node) => node.requiredSecrets))) {
    await insertDeclared(session, { secret, name, version: newest.version });
  }
}

export const reads = {
  getHandleOwner,
  getPublishedUse,
  getPackage,
  countVersions,
  isUnpublished,
  listPackageVersions,
  listLatestPackages,
  listPackagesDeclaring,
};

export const writes = { claimHandle, moveHandle, insertPackage, removePackage };
