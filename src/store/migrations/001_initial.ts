/** Schema 1: every table of the first version. */

import type { Compilable, Kysely } from 'kysely';
import type { Database } from '../schema';
import type { Ddl } from './ddl';

type Columns = Readonly<Record<string, 'integer' | 'integer?' | 'text' | 'text?' | 'blob'>>;

/** Column names and types, primary key; a type with `?` may be null. */
const TABLES: Readonly<Record<string, readonly [Columns, readonly string[]]>> = {
  tenants: [{ tenant_id: 'text', display_name: 'text', create_time: 'integer' }, ['tenant_id']],
  tenant_keys: [
    {
      tenant_id: 'text',
      keys_revision: 'integer',
      public_keyset: 'blob',
      public_keyset_signature: 'blob',
      wrapped_private_keyset: 'blob',
      wrapped_bundle_keyset: 'blob',
      create_time: 'integer',
    },
    ['tenant_id', 'keys_revision'],
  ],
  service_keys: [{ id: 'integer', wrapped_signing_keyset: 'blob', wrapped_token_keyset: 'blob' }, ['id']],
  scopes: [
    { tenant_id: 'text', scope: 'text', revision: 'integer', names: 'integer', bytes: 'integer' },
    ['tenant_id', 'scope'],
  ],
  secrets: [
    {
      tenant_id: 'text',
      scope: 'text',
      name: 'text',
      version: 'integer',
      length_bytes: 'integer',
      create_time: 'integer',
      update_time: 'integer',
      ciphertext_id: 'integer',
      ciphertext_length: 'integer',
    },
    ['tenant_id', 'scope', 'name'],
  ],
  bundles: [
    {
      tenant_id: 'text',
      scope: 'text',
      revision: 'integer',
      ciphertext_id: 'integer',
      ciphertext_length: 'integer',
      to_scrub: 'integer',
    },
    ['tenant_id', 'scope', 'revision'],
  ],
  ciphertexts: [{ id: 'integer', data: 'blob' }, ['id']],
  free_ciphertexts: [{ size: 'integer', ciphertext_id: 'integer' }, ['size', 'ciphertext_id']],
  revocations: [
    { tenant_id: 'text', scope: 'text', name: 'text', up_to_revision: 'integer' },
    ['tenant_id', 'scope', 'name'],
  ],
  executions: [
    {
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
    },
    ['execution_id'],
  ],
  flows: [{ tenant_id: 'text', flow_id: 'text' }, ['tenant_id', 'flow_id']],
  flow_configs: [
    {
      tenant_id: 'text',
      config_id: 'text',
      flow_id: 'text',
      profile_name: 'text',
      node_timeout_seconds: 'integer?',
      create_time: 'integer',
      update_time: 'integer',
      revision: 'integer',
    },
    ['tenant_id', 'config_id'],
  ],
  tenant_defaults: [
    { tenant_id: 'text', node_timeout_seconds: 'integer?', revision: 'integer' },
    ['tenant_id'],
  ],
  api_keys: [
    {
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
    ['key_id'],
  ],
  sessions: [
    {
      session_hash: 'text',
      tenant_id: 'text',
      role: 'text',
      principal: 'text',
      display_name: 'text',
      api_key_id: 'text?',
      create_time: 'integer',
      expire_time: 'integer',
    },
    ['session_hash'],
  ],
  handles: [{ handle: 'text', tenant_id: 'text' }, ['handle']],
  packages: [
    {
      name: 'text',
      version: 'text',
      publish_order: 'integer',
      language: 'text',
      description: 'text',
      nodes: 'text',
      manifest: 'blob',
      published_by: 'text',
      create_time: 'integer',
    },
    ['name', 'version'],
  ],
  package_secrets: [
    { secret_name: 'text', package_name: 'text', package_version: 'text' },
    ['secret_name', 'package_name'],
  ],
  reads: [
    {
      tenant_id: 'text',
      found: 'integer',
      name: 'text',
      last_read_time: 'integer',
      last_read_package: 'text',
      last_read_node: 'text',
      count: 'integer',
    },
    ['tenant_id', 'found', 'name'],
  ],
  audit_events: [
    {
      tenant_id: 'text',
      sequence: 'integer',
      time: 'integer',
      principal: 'text',
      action: 'text',
      allowed: 'integer',
      door: 'text',
      resource: 'text',
      version: 'integer',
      scope: 'text',
      execution_id: 'text',
      node: 'text',
      count: 'integer',
      status: 'text',
      hash: 'text',
    },
    ['tenant_id', 'sequence'],
  ],
};

/** Table, columns, and whether the combination is unique. */
const INDEXES: readonly (readonly [string, readonly string[], 'unique'?])[] = [
  ['secrets', ['tenant_id', 'scope', 'version'], 'unique'],
  ['secrets', ['tenant_id', 'name']],
  ['bundles', ['to_scrub', 'tenant_id', 'scope', 'revision']],
  // What pins a revision, and until when.
  ['executions', ['tenant_id', 'tenant_revision', 'dead_time']],
  ['executions', ['tenant_id', 'config_id', 'config_revision', 'dead_time']],
  ['executions', ['dead_time']],
  ['flow_configs', ['tenant_id', 'flow_id', 'profile_name'], 'unique'],
  ['api_keys', ['key_hash'], 'unique'],
  ['api_keys', ['tenant_id', 'create_time', 'key_id']],
  ['sessions', ['expire_time']],
  ['sessions', ['api_key_id']],
  ['packages', ['name', 'publish_order'], 'unique'],
  ['package_secrets', ['package_name']],
  ['audit_events', ['tenant_id', 'action', 'sequence']],
  ['audit_events', ['tenant_id', 'resource', 'sequence']],
];

export function up(db: Kysely<Database>, ddl: Ddl): readonly Compilable[] {
  return [
    ...Object.entries(TABLES).map(([name, [columns, key]]) => createTable(db, ddl, name, columns, key)),
    ...INDEXES.map(([table, columns, unique]) => createIndex(db, table, columns, unique !== undefined)),
    ...ddl.appendOnly('audit_events'),
  ];
}

function createTable(
  db: Kysely<Database>,
  ddl: Ddl,
  name: string,
  columns: Columns,
  key: readonly string[],
): Compilable {
  let table = db.schema.createTable(name).modifyEnd(ddl.tableOptions);
  for (const [column, type] of Object.entries(columns)) {
    const nullable = type.endsWith('?');
    const kind = type.replace('?', '') as 'integer' | 'text' | 'blob';
    table = table.addColumn(column, ddl[kind], (c) => (nullable ? c : c.notNull()));
  }
  return table.addPrimaryKeyConstraint(`${name}_key`, [...key] as never[]);
}

function createIndex(
  db: Kysely<Database>,
  table: string,
  columns: readonly string[],
  unique: boolean,
): Compilable {
  const index = db.schema
    .createIndex(`${table}_by_${columns.join('_')}`)
    .on(table)
    .columns([...columns]);
  return unique ? index.unique() : index;
}
