/** PackagesService: published packages with the secrets that their nodes declare. Nothing here blocks a run. */

import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import type { Handlers } from '../domain/call';
import { DomainError, invalid, parseAll } from '../domain/errors';
import { parseSecretName, type TenantId } from '../domain/ids';
import { cutPage, parsePageSize, parsePageToken } from '../domain/page';
import type { TenantPrincipal } from '../domain/principal';
import { TENANT_SCOPE } from '../domain/scope';
import type { PackagesService } from '../gen/axiom/packages/v1/packages_pb';
import type { Manifest } from '../manifest/manifest';
import { NO_HANDLE, parseManifest } from '../manifest/parse';
import { auditEntry } from '../store/audit-entry';
import type { PackageRecord } from '../store/records';
import type { ReadTx } from '../store/store';
import type { ManagementContext } from './context';

/** What manifests may be named. */
const PACKAGE_NAME = /^[A-Za-z0-9][\w.-]*\/[A-Za-z0-9][\w.-]*$/;

type Methods = 'publishPackage' | 'getPackage' | 'listPackages';

export function packagesHandlers(
  context: ManagementContext,
): Handlers<typeof PackagesService, Methods, TenantPrincipal> {
  const { store, clock } = context;
  return {
    async publishPackage(call, request) {
      const manifest = parseListing(request.manifest);
      const { tenantId } = call.principal;
      return store.write(async (tx) => {
        await checkHandle(tx, tenantId, manifest.name);
        if ((await tx.getPackage(manifest.name, manifest.version)) !== undefined) throw versionStands(manifest);
        const record = packageRecord(manifest, request.manifest, tenantId, clock());
        const handle = handleOf(manifest.name);
        if ((await tx.getHandleOwner(handle)) === undefined) await tx.claimHandle(handle, tenantId);
        await tx.insertPackage(record);
        const details = { action: 'package.publish', resource: `${record.name}@${record.version}` };
        await tx.appendAudit(tenantId, auditEntry(call, clock(), details));
        return { package: await packageMessage(tx, tenantId, record) };
      });
    },

    async getPackage(call, request) {
      if (!PACKAGE_NAME.test(request.name)) {
        throw invalid({ field: 'name', description: 'is not handle/package-name' });
      }
      return store.read(async (tx) => {
        const versions = await tx.listPackageVersions(request.name);
        const record =
          request.version === '' ? versions.at(-1) : versions.find((one) => one.version === request.version);
        if (record === undefined) {
          throw new DomainError('NOT_FOUND', 'no such package or version is published; list the packages to see which are', 'PACKAGE_NOT_FOUND');
        }
        return { package: await packageMessage(tx, call.principal.tenantId, record) };
      });
    },

    async listPackages(call, request) {
      const { size, after } = parseAll({
        size: () => parsePageSize(request.pageSize),
        after: () => parsePageToken(request.pageToken),
      });
      return store.read(async (tx) => {
        const page = cutPage(await tx.listPackageNames({ limit: size + 1, after }), size, (name) => name);
        const latest = await Promise.all(
          page.rows.map(async (name) => (await tx.listPackageVersions(name)).slice(-1)),
        );
        const packages = await Promise.all(
          latest.flat().map((record) => packageMessage(tx, call.principal.tenantId, record)),
        );
        return { packages, nextPageToken: page.nextPageToken };
      });
    },
  };
}

/** @throws DomainError INVALID_ARGUMENT with one violation for each error of the manifest. */
function parseListing(bytes: Uint8Array): Manifest {
  const { manifest, findings } = parseManifest(Buffer.from(bytes).toString('utf8'));
  const errors = findings.filter(({ severity, rule }) => severity === 'error' || rule === NO_HANDLE);
  if (manifest !== undefined && errors.length === 0) return manifest;
  throw invalid(
    ...errors.map(({ line, column, message }) => ({ field: 'manifest', description: `line ${line}, column ${column}: ${message}` })),
  );
}

function packageRecord(manifest: Manifest, bytes: Uint8Array, tenantId: TenantId, now: number): PackageRecord {
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

/** As axiom.packages.v1.Package, with what the caller's own tenant has or lacks. */
async function packageMessage(tx: ReadTx, tenantId: TenantId, record: PackageRecord) {
  const names = [...new Set(record.nodes.flatMap((node) => node.requiredSecrets))].sort();
  const requiredSecrets = names.map(async (name) => ({
    name,
    registered: (await tx.getSecret(tenantId, TENANT_SCOPE, parseSecretName(name))) !== undefined,
    nodes: record.nodes.filter((node) => node.requiredSecrets.includes(name)).map((node) => node.name),
  }));
  return {
    name: record.name,
    version: record.version,
    language: record.language,
    description: record.description,
    nodes: record.nodes.map((node) => ({ ...node, requiredSecrets: [...node.requiredSecrets] })),
    createTime: timestampFromMs(record.createTime),
    requiredSecrets: await Promise.all(requiredSecrets),
    versions: (await tx.listPackageVersions(record.name)).map((one) => one.version).reverse(),
  };
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
