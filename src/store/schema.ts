/**
 * The tables, the same in every engine: the one list of each table's columns. Times are
 * milliseconds since the Unix epoch; `scope` is domain/scope's scopeKey.
 */

import type { Generated } from 'kysely';

/**
 * What is in a column; `?` may be null. A flag is 0 or 1, json is text that holds JSON; an action, a door, an id and a
 * hash are stored as packed.ts says. A `signature` covers what statement.ts says.
 */
export type ColumnKind =
  | 'integer'
  | 'integer?'
  | 'text'
  | 'text?'
  | 'blob'
  | 'blob?'
  | 'flag'
  | 'json'
  | 'action'
  | 'door'
  | 'id'
  | 'hash';

export const SCHEMA = {
  tenants: { tenant_id: 'text', display_name: 'text', create_time: 'integer', signature: 'blob?' },

  tenant_keys: {
    tenant_id: 'text',
    keys_revision: 'integer',
    public_keyset: 'blob',
    public_keyset_signature: 'blob',
    wrapped_private_keyset: 'blob',
    wrapped_bundle_keyset: 'blob',
    create_time: 'integer',
    signature: 'blob?',
  },

  // `id` is always 1: there is one row.
  service_keys: { id: 'integer', wrapped_signing_keyset: 'blob', wrapped_token_keyset: 'blob' },

  // Scopes of secrets, and a tenant's lists of flow configs and API keys: `digest` is over what the list holds.
  scopes: {
    tenant_id: 'text',
    scope: 'text',
    revision: 'integer',
    names: 'integer',
    bytes: 'integer',
    digest: 'blob?',
    signature: 'blob?',
  },

  // `seal_id` is null in a row that an earlier version sealed, until it is taken over (execution/take-over.ts).
  secrets: {
    tenant_id: 'text',
    scope: 'text',
    name: 'text',
    version: 'integer',
    padded_bytes: 'integer',
    seal_id: 'blob?',
    create_time: 'integer',
    update_time: 'integer',
    ciphertext_id: 'integer',
    ciphertext_length: 'integer',
    signature: 'blob?',
  },

  // `to_scrub`: how many of its names were revoked since the bundle was put; putting it again without them is 0.
  bundles: {
    tenant_id: 'text',
    scope: 'text',
    revision: 'integer',
    ciphertext_id: 'integer',
    ciphertext_length: 'integer',
    to_scrub: 'integer',
  },

  // `part` is domain/bundle-parts' number; `revision` the one at which it was made.
  bundle_parts: {
    tenant_id: 'text',
    scope: 'text',
    part: 'integer',
    revision: 'integer',
    ciphertext_id: 'integer',
    ciphertext_length: 'integer',
  },

  // Rows are only appended, and overwritten by data of the same length.
  ciphertexts: { id: 'integer', data: 'blob' },

  // `size` is the length of the row's data in bytes.
  free_ciphertexts: { size: 'integer', ciphertext_id: 'integer' },

  revocations: {
    tenant_id: 'text',
    scope: 'text',
    name: 'text',
    up_to_revision: 'integer',
    revoke_time: 'integer',
    signature: 'blob?',
  },

  // `dead_time` is the earlier of end and expiry: from then on the execution pins nothing.
  executions: {
    execution_id: 'text',
    tenant_id: 'text',
    flow_id: 'text',
    config_id: 'text?',
    tenant_revision: 'integer',
    config_revision: 'integer',
    start_time: 'integer',
    expire_time: 'integer',
    end_time: 'integer?',
    dead_time: 'integer',
    signature: 'blob?',
  },

  flows: { tenant_id: 'text', flow_id: 'text' },

  flow_configs: {
    tenant_id: 'text',
    config_id: 'text',
    flow_id: 'text',
    profile_name: 'text',
    node_timeout_seconds: 'integer?',
    create_time: 'integer',
    update_time: 'integer',
    revision: 'integer',
  },

  tenant_defaults: { tenant_id: 'text', node_timeout_seconds: 'integer?', revision: 'integer' },

  api_keys: {
    key_id: 'text',
    tenant_id: 'text',
    display_name: 'text',
    role: 'text',
    key_hash: 'text',
    masked_key: 'text',
    create_time: 'integer',
    expire_time: 'integer?',
    last_use_time: 'integer?',
    revoke_time: 'integer?',
  },

  sessions: {
    session_hash: 'text',
    tenant_id: 'text',
    role: 'text',
    principal: 'text',
    display_name: 'text',
    api_key_id: 'text?',
    create_time: 'integer',
    expire_time: 'integer',
    role_claims: 'text?',
    signature: 'blob?',
  },

  // When a session was last used, to the minute; its making is its first use.
  session_uses: { session_hash: 'text', last_use_time: 'integer' },

  // Beside its owner what is published under it: how many packages, and how many bytes (queries/packages.ts).
  handles: {
    handle: 'text',
    tenant_id: 'text',
    packages: 'integer',
    bytes: 'integer',
    signature: 'blob?',
  },

  // `publish_order` grows from 1 with every version of the package.
  packages: {
    name: 'text',
    version: 'text',
    publish_order: 'integer',
    language: 'text',
    description: 'text',
    nodes: 'json',
    manifest: 'blob',
    published_by: 'text',
    create_time: 'integer',
  },

  // Versions that were published and are not any more; nobody publishes them again.
  unpublished_packages: { name: 'text', version: 'text', unpublish_time: 'integer' },

  // Which names the newest version of each package declares.
  package_secrets: { secret_name: 'text', package_name: 'text', package_version: 'text' },

  reads: {
    tenant_id: 'text',
    found: 'flag',
    name: 'text',
    last_read_time: 'integer',
    last_read_package: 'text',
    last_read_node: 'text',
    count: 'integer',
  },

  audit_events: {
    tenant_id: 'text',
    sequence: 'integer',
    time: 'integer',
    principal: 'text',
    action: 'action',
    allowed: 'flag',
    door: 'door',
    resource: 'text',
    version: 'integer',
    scope: 'text',
    execution_id: 'id',
    node: 'text',
    count: 'integer',
    status: 'text',
    hash: 'hash',
    // Null in events of before sources were kept: their hash does not cover it.
    source: 'text?',
  },

  // Logs that have events since their newest checkpoint. Of the service's own log `tenant_id` is empty.
  audit_moved: { tenant_id: 'text' },

  // The newest of each day, by days since the Unix epoch.
  audit_checkpoints: {
    tenant_id: 'text',
    day: 'integer',
    size: 'integer',
    note: 'text',
    sign_time: 'integer',
  },

  // The last event of each log that was taken out, with the signed checkpoint that says so.
  audit_prunes: { tenant_id: 'text', sequence: 'integer', hash: 'text', note: 'text', prune_time: 'integer' },

  // `id` is always 1: there is one row.
  checkpoint_keys: { id: 'integer', wrapped_keyset: 'blob', verifier_key: 'text' },

  // What the nodes of an execution read, until it is forgotten. `audited` of `count` reads are in the audit log.
  execution_reads: {
    execution_id: 'text',
    node: 'text',
    name: 'text',
    found: 'flag',
    tenant_id: 'text',
    principal: 'text',
    source: 'text',
    count: 'integer',
    audited: 'integer',
    dead_time: 'integer',
  },

  // One row for every migration that was run.
  schema_versions: { version: 'integer' },
} as const satisfies Readonly<Record<string, Readonly<Record<string, ColumnKind>>>>;

export type TableName = keyof typeof SCHEMA;

interface Stored {
  integer: number;
  'integer?': number | null;
  text: string;
  'text?': string | null;
  blob: Uint8Array;
  'blob?': Uint8Array | null;
  flag: number;
  json: string;
  action: number;
  door: number;
  id: Uint8Array;
  hash: Uint8Array;
}

/** A table's row as the database has it. */
export type RowOf<T extends TableName> = {
  -readonly [C in keyof (typeof SCHEMA)[T]]: Stored[(typeof SCHEMA)[T][C] & ColumnKind];
};

/** What Kysely is told of the tables. The engine numbers ciphertexts. */
export type Database = { [T in TableName]: RowOf<T> } & { ciphertexts: { id: Generated<number> } };
