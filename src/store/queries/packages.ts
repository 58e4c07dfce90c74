/** Published packages and who owns their handles. */

import { DomainError } from '../../domain/errors';
import type { SecretName, TenantId } from '../../domain/ids';
import type { PageRequest } from '../paging';
import { preparedQuery, preparedStatement, type Session } from '../prepared';
import type { PackageListing, PackageRecord, PackageVersion } from '../records';
import { pick, rowsOf } from '../rows';
import type { RowOf } from '../schema';
import { checkSigned, signedRow } from '../signed-row';

const packages = rowsOf('packages');

const selectHandle = preparedQuery((db, args: { handle: string }) =>
  db.selectFrom('handles').selectAll().where('handle', '=', args.handle),
);

const insertHandle = preparedStatement((db, row: RowOf<'handles'>) =>
  db
    .insertInto('handles')
    .values(pick(row, ['handle', 'tenant_id', 'signature']))
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

const selectPackage = preparedQuery((db, args: { name: string; version: string }) =>
  db
    .selectFrom('packages')
    .select([...LISTED, 'manifest'])
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

const selectNewestOrder = preparedQuery((db, args: { name: string }) =>
  db
    .selectFrom('packages')
    .select('publish_order')
    .where('name', '=', args.name)
    .orderBy('publish_order', 'desc')
    .limit(1),
);

/** What a listing shows: the manifest is the large one. */
const LISTED = packages.columns.filter((column) => column !== 'manifest' && column !== 'publish_order');

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
    .select(LISTED.map((column) => `packages.${column}` as const))
    .orderBy('packages.name'),
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

async function getHandleOwner(session: Session, handle: string): Promise<TenantId | undefined> {
  const row = (await selectHandle(session, { handle }))[0];
  if (row !== undefined) checkSigned(session, 'handles', row, `the owner of the handle ${handle}`);
  return row?.tenant_id as TenantId | undefined;
}

/** Claiming one's own handle again changes nothing. @throws DomainError ALREADY_EXISTS for another's. */
async function claimHandle(session: Session, handle: string, tenantId: TenantId): Promise<void> {
  await insertHandle(session, signedRow(session, 'handles', { handle, tenantId }));
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

async function getPackage(
  session: Session,
  name: string,
  version: string,
): Promise<PackageRecord | undefined> {
  const rows = await selectPackage(session, { name, version });
  return rows.map((row) => packages.toRecord<PackageRecord>(row))[0];
}

/** Of the packages from the first name to the last, by name, then in order of publishing. */
async function listPackageVersions(
  session: Session,
  first: string,
  last: string,
): Promise<readonly PackageVersion[]> {
  return selectVersions(session, { first, last });
}

/** The newest version of each package, by name. */
async function listLatestPackages(session: Session, page: PageRequest): Promise<readonly PackageListing[]> {
  const rows = await selectLatest(session, { after: page.after ?? '', limit: page.limit });
  return rows.map((row) => packages.toRecord<PackageListing>(row));
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

async function insertPackage(session: Session, record: PackageRecord): Promise<void> {
  const newest = (await selectNewestOrder(session, { name: record.name }))[0]?.publish_order ?? 0;
  await packages.insert(session, packages.toRow({ ...record, publishOrder: newest + 1 }));
  await deleteDeclared(session, { name: record.name });
  for (const secret of new Set(record.nodes.flatMap((node) => node.requiredSecrets))) {
    await insertDeclared(session, { secret, name: record.name, version: record.version });
  }
}

export const reads = {
  getHandleOwner,
  getPackage,
  listPackageVersions,
  listLatestPackages,
  listPackagesDeclaring,
};

export const writes = { claimHandle, insertPackage };
