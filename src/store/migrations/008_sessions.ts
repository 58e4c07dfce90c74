/** Sessions know when they were last used, and what the provider said of the person's roles. */

import type { Compilable, Kysely } from 'kysely';
import type { Database } from '../schema';
import type { Ddl } from './ddl';

export function up(db: Kysely<Database>, ddl: Ddl): readonly Compilable[] {
  return [
    db.schema.alterTable('sessions').addColumn('role_claims', ddl.text),
    db.schema.createIndex('sessions_by_tenant_id').on('sessions').columns(['tenant_id']),
    // A table of its own: a session's row is never changed.
    db.schema
      .createTable('session_uses')
      .addColumn('session_hash', ddl.text, (c) => c.notNull())
      .addColumn('last_use_time', ddl.integer, (c) => c.notNull())
      .addPrimaryKeyConstraint('session_uses_key', ['session_hash'])
      .modifyEnd(ddl.tableOptions),
  ];
}
