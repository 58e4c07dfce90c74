/** Published packages and who owns their handles. */

import { DomainError } from '../../domain/errors';
import type { SecretName, TenantId } from '../../domain/ids';
import { ownBytes } from '../bytes';
import { preparedQuery, preparedStatement, type Session } from '../prepared';
import type { PackageListing, PackageNodeRecord, PackageRecord, PackageVersion } from '../records';
import type { PackagesTable } from '../schema';
import type { PageRequest } from '../store';

const selectHandle = preparedQuery((db, args: { handle: string }) =>
  db.selectFrom('handles').select('tenant_id').where('handle', '=', args.handle),
);

const insertHandle = preparedStatement((db, args: { handle: string; tenantId: string }) =>
  db
    .insertInto('handles')
    .values({ handle: args.handle, tenant_id: args.tenantId })
    .onConflict((oc) => oc.doNothing()),
);

const selectPackage = preparedQuery((db, args: { name: string; version: string }) =>
  db.selectFrom('packages').selectAll().where('name', '=', args.name).where('version', '=', args.version),
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

const selectNewestOrder = preparedQuery((db, args: { name: string }) =>
  db
    .selectFrom('packages')
    .select('publish_order')
    .where('name', '=', args.name)
    .orderBy('publish_order', 'desc')
    .limit(1),
);

/** What a listing shows: every column but the manifest, which is the large one. */
const LISTED = [
  'packages.name',
  'packages.version',
  'packages.language',
  'packages.description',
  'packages.nodes',
  'packages.published_by',
  'packages.create_time',
] as const;

const selectLatest = preparedQuery((db, args: { after: string; limit: number }) =>
  db
    .selectFrom((eb) =>
      eb
        .selectFrom('packages')
        .select((one) => ['name', one.fn.max('publish_order').as('newest')])
        .where('name', '>', args.after)
        .groupBy('name')
        .orderBy('name')
        .limit(args.limit)
        .as('latest'),
    )
    .innerJoin('packages', (join) =>
      join.onRef('packages.name', '=', 'latest.name').onRef('packages.publish_order', '=', 'latest.newest'),
    )
    .select(LISTED)
    .orderBy('packages.name'),
);

const insertPackageRow = preparedStatement((db, row: PackagesTable) =>
  db.insertInto('packages').values({
    name: row.name,
    version: row.version,
    publish_order: row.publish_order,
    language: row.language,
    description: row.description,
    nodes: row.nodes,
    manifest: row.manifest,
    published_by: row.published_by,
    create_time: row.create_time,
  }),
);

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

function toListing(row: Omit<PackagesTable, 'manifest' | 'publish_order'>): PackageListing {
  return {
    name: row.name,
    version: row.version,
    language: row.language,
    description: row.description,
    nodes: JSON.parse(row.nodes) as readonly PackageNodeRecord[],
    publishedBy: row.published_by as TenantId,
    createTime: row.create_time,
  };
}

function toPackage(row: PackagesTable): PackageRecord {
  return { ...toListing(row), manifest: ownBytes(row.manifest) };
}

export async function getHandleOwner(session: Session, handle: string): Promise<TenantId | undefined> {
  return (await selectHandle(session, { handle }))[0]?.tenant_id as TenantId | undefined;
}

/** Claiming one's own handle again changes nothing. @throws DomainError ALREADY_EXISTS for another's. */
export async function claimHandle(session: Session, handle: string, tenantId: TenantId): Promise<void> {
  await insertHandle(session, { handle, tenantId });
  if ((await getHandleOwner(session, handle)) !== tenantId) {
    throw new DomainError(
      'ALREADY_EXISTS',
      `the handle ${handle} belongs to another tenant; choose another for the package's name`,
      'HANDLE_TAKEN',
    );
  }
}

export async function getPackage(
  session: Session,
  name: string,
  version: string,
): Promise<PackageRecord | undefined> {
  const row = (await selectPackage(session, { name, version }))[0];
  return row && toPackage(row);
}

export async function listPackageVersions(
  session: Session,
  first: string,
  last: string,
): Promise<readonly PackageVersion[]> {
  return selectVersions(session, { first, last });
}

export async function listLatestPackages(
  session: Session,
  page: PageRequest,
): Promise<readonly PackageListing[]> {
  return (await selectLatest(session, { after: page.after ?? '', limit: page.limit })).map(toListing);
}

export async function listPackagesDeclaring(
  session: Session,
  name: SecretName,
  limit: number,
): Promise<readonly string[]> {
  const rows = await selectDeclaring(session, { secret: name, limit });
  return rows.map((row) => `${row.package_name}@${row.package_version}`);
}

export async function insertPackage(session: Session, record: PackageRecord): Promise<void> {
  const newest = (await selectNewestOrder(session, { name: record.name }))[0]?.publish_order ?? 0;
  await insertPackageRow(session, {
    name: record.name,
    version: record.version,
    publish_order: newest + 1,
    language: record.language,
    description: record.description,
    nodes: JSON.stringify(record.nodes),
    manifest: record.manifest,
    published_by: record.publishedBy,
    create_time: record.createTime,
  });
  await deleteDeclared(session, { name: record.name });
  for (const secret of new Set(record.nodes.flatMap((node) => node.requiredSecrets))) {
    await insertDeclared(session, { secret, name: record.name, version: record.version });
  }
}
