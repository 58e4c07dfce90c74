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
import { keepWritten } from '../domain/written';
import { TENANT_SCOPE } from '../domain/scope';
import { PackageSchema, type PackagesService } from '../gen/axiom/packages/v1/packages_pb';
import type { Manifest } from '../manifest/manifest';
import { NO_HANDLE } from '../manifest/rules';
import type { PackageListing, PackageNodeRecord, PackageRecord, PackageVersion } from '../store/records';
import type { ReadTx } from '../store/store';
import { fillPage } from '../work/fill-page';
import { collect } from '../work/in-chunks';
import type { TaskOwner, WorkerPool } from '../work/worker-pool';
import { writeRows, type ListOfMessages } from '../work/write-rows';
import { listedSecrets, type Reading } from './listed-names';
import type { ManagementContext } from './context';

/** Of one package, published or not any more. */
const MAX_VERSIONS = 500;
/** Under all handles of one tenant. */
const MAX_PACKAGES = 1_000;
/** Of manifests and listings under all handles of one tenant. */
const MAX_BYTES = 64 * 1024 * 1024;
/** Of one listing: gRPC clients take 4 MiB in one message unless they are told otherwise, and a page has room for one. */
const MAX_LISTING_BYTES = 1024 * 1024;
/** What one step of a listing reads: a millisecond. */
const STEP_ROWS = 25;
const STEP_BYTES = 32 * 1024;

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
      await checkListingSize(record);
      const read: Reading = (step) => store.read(step, call);
      const registered = await registeredNames(read, tenantId);
      const versions = await store.write(
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
          return versionsOf(tx, record.name);
        },
        { waiter: call },
      );
      return { package: await packageMessage(record, registered, versions) };
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
      const read: Reading = (step) => store.read(step, call);
      const { record, versions } = await read(async (tx) => {
        const all = await versionsOf(tx, name);
        const version = request.version || all.at(-1);
        return {
          record: version === undefined ? undefined : await tx.getPackage(name, version),
          versions: all,
        };
      });
      if (record === undefined) throw packageNotFound();
      const registered = await registeredNames(read, call.principal.tenantId);
      return { package: await packageMessage(record, registered, versions) };
    },

    async listPackages(call, request) {
      const { size, after } = parseAll({
        size: () => parsePageSize(request.pageSize),
        after: () => parsePageToken(request.pageToken),
      });
      const read: Reading = (step) => store.read(step, call);
      const registered = await registeredNames(read, call.principal.tenantId);
      const { messages: packages, nextPageToken } = await fillPage({
        rows: latestPackages(read, size + 1, after),
        size,
        keyOf: ({ record }) => record.name,
        schema: PackageSchema,
        messageOf: ({ record, versions }) => packageMessage(record, registered, versions),
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

/** The newest of each package with all its versions, oldest first: read some at a time, as long as somebody asks for more. */
async function* latestPackages(read: Reading, limit: number, begin: string | undefined) {
  let after = begin;
  for (let left = limit; left > 0;) {
    const asked = { limit: Math.min(left, STEP_ROWS), after, budget: STEP_BYTES };
    const { rows, isWhole, versions } = await read(async (tx) => {
      const page = await tx.listLatestPackages(asked);
      const [first, last] = [page.rows[0]?.name ?? '', page.rows.at(-1)?.name ?? ''];
      return { ...page, versions: byName(await tx.listPackageVersions(first, last)) };
    });
    for (const record of rows)
      yield { record, versions: (versions.get(record.name) ?? []).map((one) => one.version) };
    if (isWhole && rows.length < asked.limit) return;
    left -= rows.length;
    after = rows.at(-1)?.name;
  }
}

async function registeredNames(read: Reading, tenantId: TenantId): Promise<ReadonlySet<string>> {
  return new Set((await collect(listedSecrets(read, tenantId, TENANT_SCOPE))).map(({ name }) => name));
}

/**
 * The nodes are left out where they are larger than an answer may be, which was not always refused.
 * @param registered the names that the caller's own tenant has. @param versions oldest first.
 * @returns a message that is written already.
 */
async function packageMessage(
  record: PackageListing,
  registered: ReadonlySet<string>,
  versions: readonly string[],
): Promise<MessageShape<typeof PackageSchema>> {
  const { name, version, language, description } = record;
  const listing = record.nodes && (await listingOf(record.nodes, registered));
  const isListed = listing !== undefined && listing.bytes.byteLength <= MAX_LISTING_BYTES;
  const head = create(PackageSchema, {
    ...{ name, version, language, description },
    createTime: timestampFromMs(record.createTime),
    nodesOmitted: !isListed,
    versions: [...versions].reverse(),
  });
  const bytes = toBinary(PackageSchema, head);
  const message = isListed ? { ...head, ...listing.fields } : head;
  // The parts of a message may follow each other in any order.
  keepWritten(message, isListed ? Buffer.concat([bytes, listing.bytes]) : bytes);
  return message;
}

/** The part of a listing that grows with the manifest, and the same on its wire form. */
async function listingOf(nodes: readonly PackageNodeRecord[], registered: ReadonlySet<string>) {
  const nodesOf = declaringNodes(nodes);
  const fields = create(PackageSchema, {
    nodes: nodes.map((node) => ({ ...node, requiredSecrets: [...node.requiredSecrets] })),
    requiredSecrets: [...nodesOf.keys()]
      .sort()
      .map((name) => ({ name, registered: registered.has(name), nodes: nodesOf.get(name) ?? [] })),
  });
  const { nodes: listed, requiredSecrets } = fields;
  const bytes = Buffer.concat([
    await writeRows(PackageSchema.field.nodes as ListOfMessages, listed),
    await writeRows(PackageSchema.field.requiredSecrets as ListOfMessages, requiredSecrets),
  ]);
  return { fields: { nodes: listed, requiredSecrets }, bytes };
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
async function checkListingSize({ nodes, description }: PackageRecord): Promise<void> {
  const listing = await listingOf(nodes, new Set());
  const bytes = Math.max(
    listing.bytes.byteLength + Buffer.byteLength(description),
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

async function checkVersionIsFree(tx: ReadTx, record: PackageRecord): Promise<void> {
  const { name, version } = record;
  const isPublished = (await tx.getPackage(name, version)) !== undefined;
  if (!isPublished && !(await wasTakenOut(tx, record))) return;
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

/** Its row may have been taken out of the database; the publisher's log says so all the same. */
async function wasTakenOut(tx: ReadTx, { name, version, publishedBy }: PackageRecord): Promise<boolean> {
  if (await tx.isUnpublished(name, version)) return true;
  for (const action of ['package.unpublish', 'package.remove']) {
    const filter = { action, resource: `${name}@${version}` };
    if ((await tx.listAuditEvents(publishedBy, filter, { limit: 1 })).length > 0) return true;
  }
  return false;
}
