/** A transaction as its callers see it: every method is one function of queries/, run in one session. */

import type {
  ApiKeyId,
  ConfigId,
  ExecutionId,
  FlowId,
  ProfileName,
  SecretName,
  TenantId,
} from '../domain/ids';
import type { Scope } from '../domain/scope';
import type { Session } from './prepared';
import * as access from './queries/access';
import * as audit from './queries/audit';
import * as bundles from './queries/bundles';
import * as executions from './queries/executions';
import * as flowConfigs from './queries/flow-configs';
import * as packages from './queries/packages';
import * as reads from './queries/reads';
import * as secrets from './queries/secrets';
import * as tenants from './queries/tenants';
import type {
  ApiKeyRecord,
  AuditEntry,
  AuditRecord,
  BundleRecord,
  ExecutionRecord,
  FlowConfigRecord,
  PackageListing,
  PackageRecord,
  PackageVersion,
  ReadsRecord,
  RevocationRecord,
  ScopeRecord,
  SealedSecretRecord,
  SecretReadsRecord,
  SecretRecord,
  ServiceKeysRecord,
  SessionRecord,
  TenantDefaultRecord,
  TenantKeysRecord,
  TenantRecord,
} from './records';
import type { PageRequest, ReadTx, WriteTx } from './store';

export class ReadTransaction implements ReadTx {
  constructor(protected readonly session: Session) {}

  getTenant(tenantId: TenantId): Promise<TenantRecord | undefined> {
    return tenants.getTenant(this.session, tenantId);
  }

  listTenants(page: PageRequest): Promise<readonly TenantRecord[]> {
    return tenants.listTenants(this.session, page);
  }

  getTenantKeys(tenantId: TenantId): Promise<TenantKeysRecord | undefined> {
    return tenants.getTenantKeys(this.session, tenantId);
  }

  getTenantKeysRevision(tenantId: TenantId): Promise<number | undefined> {
    return tenants.getTenantKeysRevision(this.session, tenantId);
  }

  getServiceKeys(): Promise<ServiceKeysRecord | undefined> {
    return tenants.getServiceKeys(this.session);
  }

  getScope(tenantId: TenantId, scope: Scope): Promise<ScopeRecord> {
    return secrets.getScope(this.session, tenantId, scope);
  }

  getSecret(tenantId: TenantId, scope: Scope, name: SecretName): Promise<SecretRecord | undefined> {
    return secrets.getSecret(this.session, tenantId, scope, name);
  }

  listSecrets(tenantId: TenantId, scope: Scope, page: PageRequest): Promise<readonly SecretRecord[]> {
    return secrets.listSecrets(this.session, tenantId, scope, page);
  }

  listSealedSecrets(tenantId: TenantId, scope: Scope): Promise<readonly SealedSecretRecord[]> {
    return secrets.listSealedSecrets(this.session, tenantId, scope);
  }

  listConfigsOverriding(tenantId: TenantId, name: SecretName): Promise<readonly FlowConfigRecord[]> {
    return flowConfigs.listConfigsOverriding(this.session, tenantId, name);
  }

  getBundle(tenantId: TenantId, scope: Scope, revision?: number): Promise<BundleRecord | undefined> {
    return bundles.getBundle(this.session, tenantId, scope, revision);
  }

  getExecution(executionId: ExecutionId): Promise<ExecutionRecord | undefined> {
    return executions.getExecution(this.session, executionId);
  }

  listRevocations(
    tenantId: TenantId,
    scope: Scope,
    pinnedRevision: number,
  ): Promise<readonly RevocationRecord[]> {
    return bundles.listRevocations(this.session, tenantId, scope, pinnedRevision);
  }

  listBundlesToScrub(
    limit: number,
  ): Promise<readonly { tenantId: TenantId; scope: Scope; revision: number }[]> {
    return bundles.listBundlesToScrub(this.session, limit);
  }

  getFlowConfig(tenantId: TenantId, configId: ConfigId): Promise<FlowConfigRecord | undefined> {
    return flowConfigs.getFlowConfig(this.session, tenantId, configId);
  }

  findFlowConfig(
    tenantId: TenantId,
    flowId: FlowId,
    name: ProfileName,
  ): Promise<FlowConfigRecord | undefined> {
    return flowConfigs.findFlowConfig(this.session, tenantId, flowId, name);
  }

  countFlowConfigs(tenantId: TenantId): Promise<number> {
    return flowConfigs.countFlowConfigs(this.session, tenantId);
  }

  listFlowConfigs(
    tenantId: TenantId,
    flowId: FlowId | undefined,
    page: PageRequest,
  ): Promise<readonly FlowConfigRecord[]> {
    return flowConfigs.listFlowConfigs(this.session, tenantId, flowId, page);
  }

  listFlows(tenantId: TenantId, page: PageRequest): Promise<readonly FlowId[]> {
    return flowConfigs.listFlows(this.session, tenantId, page);
  }

  getTenantDefault(tenantId: TenantId): Promise<TenantDefaultRecord | undefined> {
    return flowConfigs.getTenantDefault(this.session, tenantId);
  }

  findApiKeyByHash(keyHash: string): Promise<ApiKeyRecord | undefined> {
    return access.findApiKeyByHash(this.session, keyHash);
  }

  getApiKey(tenantId: TenantId, keyId: ApiKeyId): Promise<ApiKeyRecord | undefined> {
    return access.getApiKey(this.session, tenantId, keyId);
  }

  listApiKeys(tenantId: TenantId, page: PageRequest): Promise<readonly ApiKeyRecord[]> {
    return access.listApiKeys(this.session, tenantId, page);
  }

  getSession(sessionHash: string): Promise<SessionRecord | undefined> {
    return access.getSession(this.session, sessionHash);
  }

  getHandleOwner(handle: string): Promise<TenantId | undefined> {
    return packages.getHandleOwner(this.session, handle);
  }

  getPackage(name: string, version: string): Promise<PackageRecord | undefined> {
    return packages.getPackage(this.session, name, version);
  }

  listPackageVersions(first: string, last: string): Promise<readonly PackageVersion[]> {
    return packages.listPackageVersions(this.session, first, last);
  }

  listLatestPackages(page: PageRequest): Promise<readonly PackageListing[]> {
    return packages.listLatestPackages(this.session, page);
  }

  listPackagesDeclaring(name: SecretName, limit: number): Promise<readonly string[]> {
    return packages.listPackagesDeclaring(this.session, name, limit);
  }

  getReads(tenantId: TenantId, name: string, found: boolean): Promise<ReadsRecord | undefined> {
    return reads.getReads(this.session, tenantId, name, found);
  }

  listReads(tenantId: TenantId, found: boolean, page: PageRequest): Promise<readonly ReadsRecord[]> {
    return reads.listReads(this.session, tenantId, found, page);
  }

  listSecretReads(tenantId: TenantId, after: string | undefined): Promise<readonly SecretReadsRecord[]> {
    return reads.listSecretReads(this.session, tenantId, after);
  }

  listAuditEvents(
    tenantId: TenantId,
    filter: { readonly action?: string; readonly resource?: string },
    page: PageRequest<number>,
  ): Promise<readonly AuditRecord[]> {
    return audit.listAuditEvents(this.session, tenantId, filter, page);
  }
}

export class WriteTransaction extends ReadTransaction implements WriteTx {
  insertTenant(record: TenantRecord): Promise<void> {
    return tenants.insertTenant(this.session, record);
  }

  insertTenantKeys(record: TenantKeysRecord): Promise<void> {
    return tenants.insertTenantKeys(this.session, record);
  }

  insertServiceKeys(record: ServiceKeysRecord): Promise<void> {
    return tenants.insertServiceKeys(this.session, record);
  }

  putSecret(tenantId: TenantId, scope: Scope, row: SealedSecretRecord): Promise<void> {
    return secrets.putSecret(this.session, tenantId, scope, row);
  }

  deleteSecret(tenantId: TenantId, scope: Scope, name: SecretName, newRevision: number): Promise<void> {
    return secrets.deleteSecret(this.session, tenantId, scope, name, newRevision);
  }

  putBundle(tenantId: TenantId, scope: Scope, bundle: BundleRecord): Promise<void> {
    return bundles.putBundle(this.session, tenantId, scope, bundle);
  }

  deleteBundle(tenantId: TenantId, scope: Scope, revision: number): Promise<void> {
    return bundles.deleteBundle(this.session, tenantId, scope, revision);
  }

  dropUnpinnedBundles(tenantId: TenantId, scope: Scope, now: number): Promise<number> {
    return bundles.dropUnpinnedBundles(this.session, tenantId, scope, now);
  }

  insertRevocation(tenantId: TenantId, scope: Scope, revocation: RevocationRecord): Promise<void> {
    return bundles.insertRevocation(this.session, tenantId, scope, revocation);
  }

  insertExecution(record: ExecutionRecord): Promise<void> {
    return executions.insertExecution(this.session, record);
  }

  endExecution(executionId: ExecutionId, endTime: number): Promise<void> {
    return executions.endExecution(this.session, executionId, endTime);
  }

  removeDeadExecutions(before: number, limit: number): Promise<number> {
    return executions.removeDeadExecutions(this.session, before, limit);
  }

  insertFlowConfig(tenantId: TenantId, record: FlowConfigRecord): Promise<void> {
    return flowConfigs.insertFlowConfig(this.session, tenantId, record);
  }

  updateFlowConfig(tenantId: TenantId, record: FlowConfigRecord): Promise<void> {
    return flowConfigs.updateFlowConfig(this.session, tenantId, record);
  }

  deleteFlowConfig(tenantId: TenantId, configId: ConfigId, now: number): Promise<void> {
    return flowConfigs.deleteFlowConfig(this.session, tenantId, configId, now);
  }

  putTenantDefault(tenantId: TenantId, record: TenantDefaultRecord): Promise<void> {
    return flowConfigs.putTenantDefault(this.session, tenantId, record);
  }

  insertApiKey(record: ApiKeyRecord): Promise<void> {
    return access.insertApiKey(this.session, record);
  }

  revokeApiKey(tenantId: TenantId, keyId: ApiKeyId, revokeTime: number): Promise<void> {
    return access.revokeApiKey(this.session, tenantId, keyId, revokeTime);
  }

  touchApiKey(keyId: ApiKeyId, lastUseTime: number): Promise<void> {
    return access.touchApiKey(this.session, keyId, lastUseTime);
  }

  insertSession(record: SessionRecord): Promise<void> {
    return access.insertSession(this.session, record);
  }

  deleteSession(sessionHash: string): Promise<void> {
    return access.deleteSession(this.session, sessionHash);
  }

  removeExpiredSessions(now: number): Promise<void> {
    return access.removeExpiredSessions(this.session, now);
  }

  claimHandle(handle: string, tenantId: TenantId): Promise<void> {
    return packages.claimHandle(this.session, handle, tenantId);
  }

  insertPackage(record: PackageRecord): Promise<void> {
    return packages.insertPackage(this.session, record);
  }

  addReads(tenantId: TenantId, record: ReadsRecord): Promise<void> {
    return reads.addReads(this.session, tenantId, record);
  }

  appendAudit(tenantId: TenantId, entry: AuditEntry): Promise<AuditRecord> {
    return audit.appendAudit(this.session, tenantId, entry);
  }
}
