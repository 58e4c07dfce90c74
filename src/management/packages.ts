/** PackagesService: published packages with the secrets that their nodes declare. Nothing here blocks a run. */

import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { auditEntry, type AuditDetails } from '../domain/audit-entry';
import type { Handlers } from '../domain/call';
import { DomainError, invalid, parseAll } from '../domain/errors';
import type { TenantId } from '../domain/ids';
import { parsePageSize, parsePageToken } from '../domain/page';
import type { TenantPrincipal } from '../domain/principal';
import { MAX_SCOPE_NAMES, TENANT_SCOPE } from '../domain/scope';
import { PackageSchema, type PackagesService } from '../gen/axiom/packages/v1/packages_pb';
import type { Manifest } from '../manifest/manifest';
import { NO_HANDLE } from '../manifest/parse';
import type { PackageListing, PackageRecord, PackageVersion } from '../store/records';
import type { ReadTx } from '../store/store';
import type { WorkerPool } from '../work/worker-pool';
import { fillPage } from './bounded-page';
import type { ManagementContext } from './context';

/** What manifests may be named. */
const PACKAGE_NAME = /^[A-Za-z0-9][\w.-]*\/[A-Za-z0-9][\w.-]*$/;

type Methods = 'publishPackage' | 'getPackage' | 'listPackages';

export function packagesHandlers(
  context: ManagementContext,
): Handlers<typeof PackagesService, Methods, TenantPrincipal> {
  const { store, clock, workers } = context;
  return {
    async publishPackage(call, request) {
      const { tenantId } = call.principal;
      const manifest = await parseListing(workers, tenantId, request.manifest);
      return store.write(async (tx) => {
        await checkHandle(tx, tenantId, manifest.name);
        if ((await tx.getPackage(manifest.name, manifest.version)) !== undefined)
          throw versionStands(manifest);
        const record = packageRecord(manifest, request.manifest, tenantId, clock());
        const handle = handleOf(manifest.name);
        if ((await tx.getHandleOwner(handle)) === undefined) await tx.claimHandle(handle, tenantId);
        await tx.insertPackage(record);
        const details: AuditDetails = {
          action: 'package.publish',
          resource: `${record.name}@${record.version}`,
        };
        await tx.appendAudit(tenantId, auditEntry(call, clock(), details));
        return { package: await wholeMessage(tx, tenantId, record) };
      });
    },

    async getPackage(call, request) {
      if (!PACKAGE_NAME.test(request.name)) {
        throw invalid({ field: 'name', description: 'is not handle/package-name' });
      }
      return store.read(async (tx) => {
        const { tenantId } = call.principal;
        const version = request.version || (await versionsOf(tx, request.name)).at(-1);
        const record = version === undefined ? undefined : await tx.getPackage(request.name, version);
        if (record === undefined) {
          throw new DomainError(
            'NOT_FOUND',
            'no such package or version is published; list the packages to see which are',
            'PACKAGE_NOT_FOUND',
          );
        }
        return { package: await wholeMessage(tx, tenantId, record) };
      });
    },

    async listPackages(call, request) {
      const { size, after } = parseAll({
        size: () => parsePageSize(request.pageSize),
        after: () => parsePageToken(request.pageToken),
      });
      return store.read(async (tx) => {
        const rows = await tx.listLatestPackages({ limit: size + 1, after });
        const registered = await registeredNames(tx, call.principal.tenantId);
        const versions = byName(await tx.listPackageVersions(rows[0]?.name ?? '', rows.at(-1)?.name ?? ''));
        const { messages: packages, nextPageToken } = await fillPage({
          rows,
          size,
          keyOf: (row) => row.name,
          schema: PackageSchema,
          messageOf: (row) => packageMessage(row, registered, versions.get(row.name) ?? []),
        });
        return { packages, nextPageToken };
      });
    },
  };
}

/** @throws DomainError INVALID_ARGUMENT with one violation for each error of the manifest. */
async function parseListing(workers: WorkerPool, tenantId: TenantId, bytes: Uint8Array): Promise<Manifest> {
  const text = Buffer.from(bytes).toString('utf8');
  const { manifest, findings } = await workers.run('parseManifest', text, { tenantId });
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
  return new Set(
    (await tx.listSecrets(tenantId, TENANT_SCOPE, { limit: MAX_SCOPE_NAMES })).map(({ name }) => name),
  );
}

/** One package with everything that its message needs. */
async function wholeMessage(tx: ReadTx, tenantId: TenantId, record: PackageListing) {
  const versions = await tx.listPackageVersions(record.name, record.name);
  return packageMessage(record, await registeredNames(tx, tenantId), versions);
}

/** @param registered the names that the caller's own tenant has. @param versions oldest first. */
function packageMessage(
  record: PackageListing,
  registered: ReadonlySet<string>,
  versions: readonly PackageVersion[],
): MessageInitShape<typeof PackageSchema> {
  const nodesOf = declaringNodes(record);
  const requiredSecrets = [...nodesOf.keys()]
    .sort()
    .map((name) => ({ name, registered: registered.has(name), nodes: nodesOf.get(name) ?? [] }));
  return {
    name: record.name,
    version: record.version,
    language: record.language,
    description: record.description,
    nodes: record.nodes.map((node) => ({ ...node, requiredSecrets: [...node.requiredSecrets] })),
    createTime: timestampFromMs(record.createTime),
    requiredSecrets,
    versions: versions.map(({ version }) => version).reverse(),
  };
}

/** By secret name, the nodes that declare it, in the manifest's order. */
function declaringNodes(record: PackageListing): ReadonlyMap<string, string[]> {
  const nodesOf = new Map<string, string[]>();
  for (const node of record.nodes) {
    for (const name of new Set(node.requiredSecrets)) {
      const nodes = nodesOf.get(name);
      if (nodes === undefined) nodesOf.set(name, [node.name]);
      else nodes.push(node.name);
    }
  }
  return nodesOf;
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

function versionStands(manifest: Manifest): DomainError {
  return new DomainError(
    'ALREADY_EXISTS',
    `${manifest.name}@${manifest.version} is published and never changes; raise the version in axiom.yaml`,
    'PACKAGE_VERSION_EXISTS',
  );
}

function handleOf(name: string): string {
  return name.slice(0, name.indexOf('/'));
}
