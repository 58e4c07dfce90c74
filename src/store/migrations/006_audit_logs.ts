/** Schema 6: sources, checkpoints and pruning of the audit logs; reads summed by execution. */

import type { Compilable, Kysely } from 'kysely';
import type { Database } from '../schema';
import type { Ddl } from './ddl';

export function up(db: Kysely<Database>, ddl: Ddl): readonly Compilable[] {
  const table = (name: string) => db.schema.createTable(name).modifyEnd(ddl.tableOptions);
  const { integer, text, blob } = ddl;
  return [
    db.schema.alterTable('audit_events').addColumn('source', text),
    table('audit_moved').addColumn('tenant_id', text, (c) => c.notNull().primaryKey()),
    // The logs of before have no checkpoint yet.
    db
      .insertInto('audit_moved')
      .columns(['tenant_id'])
      .expression(db.selectFrom('audit_events').select('tenant_id').distinct()),
    table('audit_checkpoints')
      .addColumn('tenant_id', text, (c) => c.notNull())
      .addColumn('day', integer, (c) => c.notNull())
      .addColumn('size', integer, (c) => c.notNull())
      .addColumn('note', text, (c) => c.notNull())
      .addColumn('sign_time', integer, (c) => c.notNull())
      .addPrimaryKeyConstraint('audit_checkpoints_key', ['tenant_id', 'day'] as never[]),
    table('audit_prunes')
      .addColumn('tenant_id', text, (c) => c.notNull().primaryKey())
      .addColumn('sequence', integer, (c) => c.notNull())
      .addColumn('hash', text, (c) => c.notNull())
      .addColumn('note', text, (c) => c.notNull())
      .addColumn('prune_time', integer, (c) => c.notNull()),
    ...ddl.prunable('audit_events', 'audit_prunes'),
    table('checkpoint_keys')
      .addColumn('id', integer, (c) => c.notNull().primaryKey())
      .addColumn('wrapped_keyset', blob, (c) => c.notNull())
      .addColumn('verifier_key', text, (c) => c.notNull()),
    table('execution_reads')
      .addColumn('execution_id', text, (c) => c.notNull())
      .addColumn('node', text, (c) => c.notNull())
      .addColumn('name', text, (c) => c.notNull())
      .addColumn('found', integer, (c) => c.notNull())
      .addColumn('tenant_id', text, (c) => c.notNull())
      .addColumn('principal', text, (c) => c.notNull())
      .addColumn('source', text, (c) => c.notNull())
      .addColumn('count', integer, (c) => c.notNull())
      .addColumn('audited', integer, (c) => c.notNull())
      .addColumn('dead_time', integer, (c) => c.notNull())
      .addPrimaryKeyConstraint('execution_reads_key', ['execution_id', 'node', 'name', 'found'] as never[]),
    db.schema.createIndex('execution_reads_by_dead_time').on('execution_reads').column('dead_time'),
  ];
}
