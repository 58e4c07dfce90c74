/**
 * The tables as Kysely sees them, the same in every engine. Times are milliseconds since
 * the Unix epoch; flags are 0 or 1; `scope` is domain/scope's scopeKey.
 */

export interface TenantsTable {
  tenant_id: string;
  display_name: string;
  create_time: number;
}

export interface TenantKeysTable {
  tenant_id: string;
  keys_revision: number;
  public_keyset: Uint8Array;
  public_keyset_signature: Uint8Array;
  wrapped_private_keyset: Uint8Array;
  wrapped_bundle_keyset: Uint8Array;
  create_time: number;
}

export interface ServiceKeysTable {
  /** Always 1: there is one row. */
  id: number;
  wrapped_signing_keyset: Uint8Array;
  wrapped_token_keyset: Uint8Array;
}

export interface ScopesTable {
  tenant_id: string;
  scope: string;
  revision: number;
  names: number;
  bytes: number;
}

export interface SecretsTable {
  tenant_id: string;
  scope: string;
  name: string;
  version: number;
  length_bytes: number;
  create_time: number;
  update_time: number;
  ciphertext_id: number;
  ciphertext_length: number;
}

export interface BundlesTable {
  tenant_id: string;
  scope: string;
  revision: number;
  ciphertext_id: number;
  ciphertext_length: number;
  /** 1 from the revocation of a name until the bundle is put again without it. */
  to_scrub: number;
}

/** Rows are only appended, and overwritten by data of the same length. */
export interface CiphertextsTable {
  id: number;
  data: Uint8Array;
}

export interface FreeCiphertextsTable {
  /** Length of the row's data in bytes. */
  size: number;
  ciphertext_id: number;
}

export interface RevocationsTable {
  tenant_id: string;
  scope: string;
  name: string;
  up_to_revision: number;
}

export interface ExecutionsTable {
  execution_id: string;
  tenant_id: string;
  flow_id: string;
  config_id: string | null;
  tenant_revision: number;
  config_revision: number;
  start_time: number;
  expire_time: number;
  end_time: number | null;
  /** The earlier of end and expiry: from then on it pins nothing. */
  dead_time: number;
}

export interface FlowsTable {
  tenant_id: string;
  flow_id: string;
}

export interface FlowConfigsTable {
  tenant_id: string;
  config_id: string;
  flow_id: string;
  profile_name: string;
  node_timeout_seconds: number | null;
  create_time: number;
  update_time: number;
  revision: number;
}

export interface TenantDefaultsTable {
  tenant_id: string;
  node_timeout_seconds: number | null;
  revision: number;
}

export interface ApiKeysTable {
  key_id: string;
  tenant_id: string;
  display_name: string;
  role: string;
  key_hash: string;
  masked_key: string;
  create_time: number;
  expire_time: number | null;
  last_use_time: number | null;
  revoke_time: number | null;
}

export interface SessionsTable {
  session_hash: string;
  tenant_id: string;
  role: string;
  principal: string;
  display_name: string;
  api_key_id: string | null;
  create_time: number;
  expire_time: number;
}

export interface HandlesTable {
  handle: string;
  tenant_id: string;
}

export interface PackagesTable {
  name: string;
  version: string;
  /** Grows from 1 with every version of the package. */
  publish_order: number;
  language: string;
  description: string;
  /** JSON array of PackageNodeRecord. */
  nodes: string;
  manifest: Uint8Array;
  published_by: string;
  create_time: number;
}

/** Which names the newest version of each package declares. */
export interface PackageSecretsTable {
  secret_name: string;
  package_name: string;
  package_version: string;
}

export interface ReadsTable {
  tenant_id: string;
  found: number;
  name: string;
  last_read_time: number;
  last_read_package: string;
  last_read_node: string;
  count: number;
}

export interface AuditEventsTable {
  tenant_id: string;
  sequence: number;
  time: number;
  principal: string;
  action: string;
  allowed: number;
  door: string;
  resource: string;
  version: number;
  scope: string;
  execution_id: string;
  node: string;
  count: number;
  status: string;
  hash: string;
}

/** One row for every migration that was run. */
export interface SchemaVersionsTable {
  version: number;
}

export interface Database {
  tenants: TenantsTable;
  tenant_keys: TenantKeysTable;
  service_keys: ServiceKeysTable;
  scopes: ScopesTable;
  secrets: SecretsTable;
  bundles: BundlesTable;
  ciphertexts: CiphertextsTable;
  free_ciphertexts: FreeCiphertextsTable;
  revocations: RevocationsTable;
  executions: ExecutionsTable;
  flows: FlowsTable;
  flow_configs: FlowConfigsTable;
  tenant_defaults: TenantDefaultsTable;
  api_keys: ApiKeysTable;
  sessions: SessionsTable;
  handles: HandlesTable;
  packages: PackagesTable;
  package_secrets: PackageSecretsTable;
  reads: ReadsTable;
  audit_events: AuditEventsTable;
  schema_versions: SchemaVersionsTable;
}
