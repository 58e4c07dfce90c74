/** Schema 5: signatures of rows, and the digests of scopes' heads. */

import type { Compilable, Kysely } from 'kysely';
import { sql } from '../kysely';
import type { Database } from '../schema';
import type { Ddl } from './ddl';

const SIGNED_TABLES = [
  'tenants',
  'tenant_keys',
  'scopes',
  'secrets',
  'revocations',
  'executions',
  'sessions',
  'handles',
];

export function up(db: Kysely<Database>, ddl: Ddl): readonly Compilable[] {
  return [
    ...SIGNED_TABLES.map((table) => db.schema.alterTable(table).addColumn('signature', ddl.blob)),
    db.schema.alterTable('scopes').addColumn('digest', ddl.blob),
    // Asked of each resolution: was this execution ended?
    db.schema
      .createIndex('audit_events_of_ends')
      .on('audit_events')
      .column('execution_id')
      .where(sql<boolean>`action = 'execution.end'`),
  ];
}
