/** PackagesService: published packages with the secrets that their nodes declare. Nothing here blocks a run. */

import { create, toBinary, type MessageShape } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { auditEntry } from '../domain/audit-entry';
import type { Handlers } from '../domain/call';
import { DomainError, invalid, parseAll } from '../domain/errors';
import type { TenantId } from '../domain/ids';
import { handleOf, packageNotFound, parsePackageName, parsePackageVersion } from '../domain/package-name';
import { parsePageSize, parsePageToken } from '../domain/page';
import type { TenantPrincipal } from '../domain/principal';
import { TENANT_SCOPE } from '../domain/scope';
import { PackageSchema, type PackagesService } from '../gen/axiom/packages/v1/packages_pb';
import type { Manifest } from '../manifest/manifest';
import { NO_HANDLE } from '../manifest/rules';
import type { PackageListing, PackageNodeRecord, PackageRecord, PackageVersion } from '../store/records';
import type { ReadTx } from '../store/store';
import type { TaskOwner, WorkerPool } from '../work/worker-pool';
import { fillPage, MAX_PAGE_BYTES } from './bounded-page';
import { listedSecrets } from './listed-names';
import type { ManagementContext } from './context';

/** Of one package, published or not any more. */
const MAX_VERSIONS = 500;
/** Under all handles of one tenant. */
const MAX_PACKAGES = 1_000;
/** Of manifests and listings under all handles of one tenant. */
const MAX_BYTES = 64 * 1024 * 1024;
/** Of one listing: gRPC clients take 4 MiB in one message unless they are told otherwise, and a page has room for one. */
const MAX_LISTING_BYTES = 1024 * 1024;

type Methods = 'publishPackage' | 'unpublishPackage' | 'getPackage' | 'listPackages';

export function packagesHandlers(
  context: ManagementContext,
): Handlers<typeof PackagesService, Methods, TenantPrincipal> {
  const { store, clock, workers } = context;
  return {
    async publishPackage(call, request) {
      const { tenantId } = call.principal;
      const manifest = await parseListing(workers, { tenantId, waiter: call }, request.manifest);
      const record = packageRecord(manifest, request.manifest, tenantId, clock());
      checkListingSize(record);
      return store.write(
        async (tx) => {
          await checkHandle(tx, tenantId, record.name);
          await checkVersionIsFree(tx, record);
          await checkRoom(tx, tenantId, record.name);
          await tx.claimHandle(handleOf(record.name), tenantId);
          await tx.insertPackage(record);
          const details = {
            action: 'package.publish',
            resource: `${record.name}@${record.version}`,
          } as const;
          await tx.appendAudit(tenantId, auditEntry(call, clock(), details));
          return { package: await wholeMessage(tx, tenantId, record) };
        },
        { waiter: call },
      );
    },

    async unpublishPackage(call, request) {
      const { tenantId } = call.principal;
      const which = parseAll({
        name: () => parsePackageName(request.name),
        version: () => parsePackageVersion(request.version),
      });
      await store.write(
        async (tx) => {
          await checkHandle(tx, tenantId, which.name);
          if ((await tx.getPackage(which.name, which.version)) === undefined) throw packageNotFound();
          await tx.removePackage(which, clock());
          const details = {
            action: 'package.unpublish',
            resource: `${which.name}@${which.version}`,
          } as const;
          await tx.appendAudit(tenantId, auditEntry(call, clock(), details));
        },
        { waiter: call },
      );
      return {};
    },

    async getPackage(call, request) {
      const name = parsePackageName(request.name);
      return store.read(async (tx) => {
        const { tenantId } = call.principal;
        const version = request.version || (await versionsOf(tx, name)).at(-1);
        const record = version === undefined ? undefined : await tx.getPackage(name, version);
        if (record === undefined) throw packageNotFound();
        return { package: await wholeMessage(tx, tenantId, record) };
      }, call);
    },

    async listPackages(call, request) {
      const { size, after } = parseAll({
        size: () => parsePageSize(request.pageSize),
        after: () => parsePageToken(request.pageToken),
      });
      const { rows, isWhole, registered, versions } = await store.read(async (tx) => {
        const page = await tx.listLatestPackages({ limit: size + 1, after, budget: MAX_PAGE_BYTES });
        const [first, last] = [page.rows[0]?.name ?? '', page.rows.at(-1)?.name ?? ''];
        return {
          ...page,
          registered: await registeredNames(tx, call.principal.tenantId),
          versions: byName(await tx.listPackageVersions(first, last)),
        };
      }, call);
      const { messages: packages, nextPageToken } = await fillPage({
        ...{ rows, size, hasMore: !isWhole },
        keyOf: (row) => row.name,
        schema: PackageSchema,
        messageOf: (row) => packageMessage(row, registered, versions.get(row.name) ?? []),
      });
      return { packages, nextPageToken };
    },
  };
}

/** @throws DomainError INVALID_ARGUMENT with one violation for each error of the manifest. */
async function parseListing(workers: WorkerPool, owner: TaskOwner, bytes: Uint8Array): Promise<Manifest> {
  const text = Buffer.from(bytes).toString('utf8');
  const { manifest, findings } = await workers.run('parseManifest', text, owner);
  const errors = findings.filter(({ severity, rule }) => severity === 'error' || rule === NO_HANDLE);
  if (manifest !== undefined && errors.length === 0) return manifest;
  throw invalid(
    ...errors.map(({ line, column, message }) => ({
      field: 'manifest',
      description: `line ${line}, column ${column}: ${message}`,
    })),
  );
}

function packageRecord(
  manifest: Manifest,
  bytes: Uint8Array,
  tenantId: TenantId,
  now: number,
): PackageRecord {
  return {
    name: manifest.name,
    version: manifest.version,
    language: manifest.language,
    description: manifest.description,
    nodes: manifest.nodes.map((node) => ({
      name: node.name,
      description: node.description,
      input: node.input,
      output: node.output,
      pipeline: node.type === 'pipeline',
      requiredSecrets: node.requiredSecrets,
    })),
    manifest: bytes,
    publishedBy: tenantId,
    createTime: now,
  };
}

async function versionsOf(tx: ReadTx, name: string): Promise<readonly string[]> {
  return (await tx.listPackageVersions(name, name)).map(({ version }) => version);
}

function byName(versions: readonly PackageVersion[]): ReadonlyMap<string, readonly PackageVersion[]> {
  const groups = new Map<string, PackageVersion[]>();
  for (const one of versions) {
    const group = groups.get(one.name);
    if (group === undefined) groups.set(one.name, [one]);
    else group.push(one);
  }
  return groups;
}

async function registeredNames(tx: ReadTx, tenantId: TenantId): Promise<ReadonlySet<string>> {
  return new Set((await listedSecrets(tx, tenantId, TENANT_SCOPE)).map(({ name }) => name));
}

/** One package with everything that its message needs. */
async function wholeMessage(tx: ReadTx, tenantId: TenantId, record: PackageListing) {
  const versions = await tx.listPackageVersions(record.name, record.name);
  return packageMessage(record, await registeredNames(tx, tenantId), versions);
}

/**
 * The nodes are left out where they are larger than an answer may be, which was not always refused.
 * @param registered the names that the caller's own tenant has. @param versions oldest first.
 */
function packageMessage(
  record: PackageListing,
  registered: ReadonlySet<string>,
  versions: readonly PackageVersion[],
): MessageShape<typeof PackageSchema> {
  const { name, version, language, description } = record;
  const message = create(PackageSchema, {
    ...{ name, version, language, description },
    createTime: timestampFromMs(record.createTime),
    nodesOmitted: true,
    versions: versions.map((one) => one.version).reverse(),
  });
  const listing = record.nodes && listingOf(record.nodes, registered);
  return listing === undefined || sizeOf(listing) > MAX_LISTING_BYTES
    ? message
    : { ...message, ...listing, nodesOmitted: false };
}

/** The part of a listing that grows with the manifest. */
function listingOf(nodes: readonly PackageNodeRecord[], registered: ReadonlySet<string>) {
  const nodesOf = declaringNodes(nodes);
  const { nodes: listed, requiredSecrets } = create(PackageSchema, {
    nodes: nodes.map((node) => ({ ...node, requiredSecrets: [...node.requiredSecrets] })),
    requiredSecrets: [...nodesOf.keys()]
      .sort()
      .map((name) => ({ name, registered: registered.has(name), nodes: nodesOf.get(name) ?? [] })),
  });
  return { nodes: listed, requiredSecrets };
}

function sizeOf(listing: ReturnType<typeof listingOf>): number {
  return toBinary(PackageSchema, create(PackageSchema, listing)).byteLength;
}

/** By secret name, the nodes that declare it, in the manifest's order. */
function declaringNodes(nodes: readonly PackageNodeRecord[]): ReadonlyMap<string, string[]> {
  const nodesOf = new Map<string, string[]>();
  for (const node of nodes) {
    for (const name of new Set(node.requiredSecrets)) {
      const declaring = nodesOf.get(name);
      if (declaring === undefined) nodesOf.set(name, [node.name]);
      else declaring.push(node.name);
    }
  }
  return nodesOf;
}

/** Before anything is written: what cannot be answered must not be committed. */
function checkListingSize({ nodes, description }: PackageRecord): void {
  const bytes = Math.max(
    sizeOf(listingOf(nodes, new Set())) + Buffer.byteLength(description),
    Buffer.byteLength(JSON.stringify(nodes)),
  );
  if (bytes <= MAX_LISTING_BYTES) return;
  throw invalid({
    field: 'manifest',
    description: `makes a listing of ${bytes} bytes, and ${MAX_LISTING_BYTES} are the most; shorten it, or split the package`,
  });
}

async function checkHandle(tx: ReadTx, tenantId: TenantId, name: string): Promise<void> {
  const owner = await tx.getHandleOwner(handleOf(name));
  if (owner !== undefined && owner !== tenantId) {
    throw new DomainError(
      'PERMISSION_DENIED',
      `the handle ${handleOf(name)} belongs to another tenant; publish under a handle of your own`,
      'HANDLE_TAKEN',
    );
  }
}

async function checkVersionIsFree(tx: ReadTx, { name, version }: PackageVersion): Promise<void> {
  const isPublished = (await tx.getPackage(name, version)) !== undefined;
  if (!isPublished && !(await tx.isUnpublished(name, version))) return;
  const state = isPublished ? 'is published and never changes' : 'was published and stays taken';
  throw new DomainError(
    'ALREADY_EXISTS',
    `${name}@${version} ${state}; raise the version in axiom.yaml`,
    'PACKAGE_VERSION_EXISTS',
  );
}

async function checkRoom(tx: ReadTx, tenantId: TenantId, name: string): Promise<void> {
  const versions = await tx.countVersions(name);
  const { packages, bytes } = await tx.getPublishedUse(tenantId);
  if (versions >= MAX_VERSIONS)
    throw noRoom(`${name} has ${versions} versions, the most it can; publish under another name`);
  if (versions === 0 && packages >= MAX_PACKAGES)
    throw noRoom(`this tenant has published ${packages} packages, the most it can; add to one of them`);
  if (bytes >= MAX_BYTES)
    throw noRoom(`what this tenant has published takes ${bytes} bytes; unpublish versions that nobody uses`);
}

function noRoom(message: string): DomainError {
  return new DomainError('RESOURCE_EXHAUSTED', message, 'PACKAGES_EXHAUSTED');
}
