/**
 * What the service needs of a database: snapshots to read in, and serialized writes.
 *
 * The store knows rows, not rules: limits, etags, roles and sealing are decided by its
 * callers inside one `write`, and what they decided is on disk when `write` resolves.
 */

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

/** Keyset pagination: at most `limit` rows whose key is greater than `after` (all rows when undefined). */
export interface PageRequest<K = string> {
  readonly limit: number;
  readonly after?: K | undefined;
}

/** One consistent snapshot. Lists are in ascending order of their key unless they say otherwise. */
export interface ReadTx {
  getTenant(tenantId: TenantId): Promise<TenantRecord | undefined>;
  listTenants(page: PageRequest): Promise<readonly TenantRecord[]>;
  getTenantKeys(tenantId: TenantId): Promise<TenantKeysRecord | undefined>;
  /** Which keysets are the tenant's newest, without reading them. */
  getTenantKeysRevision(tenantId: TenantId): Promise<number | undefined>;
  getServiceKeys(): Promise<ServiceKeysRecord | undefined>;

  /** `{ revision: 0, names: 0, bytes: 0 }` for a scope never written. */
  getScope(tenantId: TenantId, scope: Scope): Promise<ScopeRecord>;
  getSecret(tenantId: TenantId, scope: Scope, name: SecretName): Promise<SecretRecord | undefined>;
  /** By name in byte order. */
  listSecrets(tenantId: TenantId, scope: Scope, page: PageRequest): Promise<readonly SecretRecord[]>;
  /** Every row of the scope with its ciphertext, by name in byte order. */
  listSealedSecrets(tenantId: TenantId, scope: Scope): Promise<readonly SealedSecretRecord[]>;
  /** Configs that override the name, by flow, then profile name. */
  listConfigsOverriding(tenantId: TenantId, name: SecretName): Promise<readonly FlowConfigRecord[]>;

  /** Of exactly this revision, or the newest when none is given. */
  getBundle(tenantId: TenantId, scope: Scope, revision?: number): Promise<BundleRecord | undefined>;
  getExecution(executionId: ExecutionId): Promise<ExecutionRecord | undefined>;
  /** Those that concern a pin of this revision: upToRevision >= revision. */
  listRevocations(
    tenantId: TenantId,
    scope: Scope,
    pinnedRevision: number,
  ): Promise<readonly RevocationRecord[]>;
  /** Bundles that some execution pins although they hold a name revoked at their revision or later. */
  listBundlesToScrub(
    limit: number,
  ): Promise<readonly { tenantId: TenantId; scope: Scope; revision: number }[]>;

  getFlowConfig(tenantId: TenantId, configId: ConfigId): Promise<FlowConfigRecord | undefined>;
  findFlowConfig(
    tenantId: TenantId,
    flowId: FlowId,
    name: ProfileName,
  ): Promise<FlowConfigRecord | undefined>;
  countFlowConfigs(tenantId: TenantId): Promise<number>;
  /** By flow, then profile name; the key is the last row's flowConfigKey. */
  listFlowConfigs(
    tenantId: TenantId,
    flowId: FlowId | undefined,
    page: PageRequest,
  ): Promise<readonly FlowConfigRecord[]>;
  /** Ids of flows that ran or have a profile. */
  listFlows(tenantId: TenantId, page: PageRequest): Promise<readonly FlowId[]>;
  getTenantDefault(tenantId: TenantId): Promise<TenantDefaultRecord | undefined>;

  findApiKeyByHash(keyHash: string): Promise<ApiKeyRecord | undefined>;
  getApiKey(tenantId: TenantId, keyId: ApiKeyId): Promise<ApiKeyRecord | undefined>;
  /** By create time, then id; the key is `${createTime padded to 15 digits}\u0000${keyId}`. */
  listApiKeys(tenantId: TenantId, page: PageRequest): Promise<readonly ApiKeyRecord[]>;
  getSession(sessionHash: string): Promise<SessionRecord | undefined>;

  getHandleOwner(handle: string): Promise<TenantId | undefined>;
  getPackage(name: string, version: string): Promise<PackageRecord | undefined>;
  /** Of the packages from the first name to the last, by name, then in order of publishing. */
  listPackageVersions(first: string, last: string): Promise<readonly PackageVersion[]>;
  /** The newest version of each package, by name. */
  listLatestPackages(page: PageRequest): Promise<readonly PackageListing[]>;
  /** `handle/name@version` of the newest version of each package one of whose nodes declares the name. */
  listPackagesDeclaring(name: SecretName, limit: number): Promise<readonly string[]>;

  getReads(tenantId: TenantId, name: string, found: boolean): Promise<ReadsRecord | undefined>;
  /** By name in byte order. */
  listReads(tenantId: TenantId, found: boolean, page: PageRequest): Promise<readonly ReadsRecord[]>;
  /** Every secret of the tenant's own scope after that name, read or not, by name. */
  listSecretReads(tenantId: TenantId, after: string | undefined): Promise<readonly SecretReadsRecord[]>;

  /** Newest first; `after` is the sequence to go on below. */
  listAuditEvents(
    tenantId: TenantId,
    filter: { readonly action?: string; readonly resource?: string },
    page: PageRequest<number>,
  ): Promise<readonly AuditRecord[]>;
}

/** A snapshot that may also be written to; nobody else writes meanwhile. */
export interface WriteTx extends ReadTx {
  insertTenant(record: TenantRecord): Promise<void>;
  insertTenantKeys(record: TenantKeysRecord): Promise<void>;
  insertServiceKeys(record: ServiceKeysRecord): Promise<void>;

  /** Adds or replaces the row and sets the scope's revision to `row.version` with its sums kept right. */
  putSecret(tenantId: TenantId, scope: Scope, row: SealedSecretRecord): Promise<void>;
  /** Removes the row and sets the scope's revision to `newRevision`. */
  deleteSecret(tenantId: TenantId, scope: Scope, name: SecretName, newRevision: number): Promise<void>;
  /**
   * Adds or replaces the bundle of one revision. It must not hold names revoked from that
   * revision (listRevocations): putting it takes it off listBundlesToScrub.
   */
  putBundle(tenantId: TenantId, scope: Scope, bundle: BundleRecord): Promise<void>;
  deleteBundle(tenantId: TenantId, scope: Scope, revision: number): Promise<void>;
  /** Drops the scope's bundles older than its revision that no execution in force at `now` pins. */
  dropUnpinnedBundles(tenantId: TenantId, scope: Scope, now: number): Promise<number>;
  insertRevocation(tenantId: TenantId, scope: Scope, revocation: RevocationRecord): Promise<void>;

  /** Also notes the flow as seen. */
  insertExecution(record: ExecutionRecord): Promise<void>;
  endExecution(executionId: ExecutionId, endTime: number): Promise<void>;
  /** Removes executions ended or expired before `before`, with bundles and revocations that only they needed. */
  removeDeadExecutions(before: number, limit: number): Promise<number>;

  insertFlowConfig(tenantId: TenantId, record: FlowConfigRecord): Promise<void>;
  updateFlowConfig(tenantId: TenantId, record: FlowConfigRecord): Promise<void>;
  /** Removes the config, its scope's rows and its unpinned bundles; the scope's revision grows once more. */
  deleteFlowConfig(tenantId: TenantId, configId: ConfigId, now: number): Promise<void>;
  putTenantDefault(tenantId: TenantId, record: TenantDefaultRecord): Promise<void>;

  insertApiKey(record: ApiKeyRecord): Promise<void>;
  /** Also ends the sessions that the key opened. */
  revokeApiKey(tenantId: TenantId, keyId: ApiKeyId, revokeTime: number): Promise<void>;
  touchApiKey(keyId: ApiKeyId, lastUseTime: number): Promise<void>;
  insertSession(record: SessionRecord): Promise<void>;
  deleteSession(sessionHash: string): Promise<void>;
  removeExpiredSessions(now: number): Promise<void>;

  /** @throws DomainError ALREADY_EXISTS when another tenant has it; one's own stays. */
  claimHandle(handle: string, tenantId: TenantId): Promise<void>;
  insertPackage(record: PackageRecord): Promise<void>;

  /** Adds to the sums of one name. Of the names that were not found it keeps the latest (domain/usage-limits). */
  addReads(tenantId: TenantId, reads: ReadsRecord): Promise<void>;
  /** Puts the entry at the end of the tenant's chain. */
  appendAudit(tenantId: TenantId, entry: AuditEntry): Promise<AuditRecord>;
}

/** How a write is to be carried out. */
export interface WriteOptions {
  /**
   * The write removed ciphertext: also overwrite its pages and empty the log before
   * resolving, so that no copy stays in the database's files.
   */
  readonly scrub?: boolean;
  /**
   * The write takes a value or a right away, so it may use the space that the engine keeps back
   * for a full disk. `body` then runs a second time, after the first was undone.
   */
  readonly urgent?: boolean;
}

/** A database, opened. */
export interface Store {
  /** Runs `body` in one snapshot. */
  read<T>(body: (tx: ReadTx) => Promise<T>): Promise<T>;
  /**
   * Runs `body` alone among all writers of all processes and resolves when what it wrote
   * is on disk. When `body` throws, nothing of it stays and `write` throws the same.
   * Bodies that wait at the same time may share one commit (group commit), each undone
   * by itself when it throws. `body` awaits only `tx` and sealing: it holds the lock.
   * @throws DomainError UNAVAILABLE when the database stays locked or cannot be written.
   */
  write<T>(body: (tx: WriteTx) => Promise<T>, options?: WriteOptions): Promise<T>;
  /**
   * Writes a consistent copy of the live database to a new file. @returns its length in bytes.
   * @throws DomainError as MaintenanceService.BackUpStore says.
   */
  backUp(path: string): Promise<number>;
  /** Throws DomainError UNAVAILABLE when the store could not take a write now. */
  checkHealth(): Promise<void>;
  close(): Promise<void>;
}
