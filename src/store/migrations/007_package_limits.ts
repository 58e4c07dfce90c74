/** Handles count what is published under them, and versions that were unpublished stay taken. */

import type { Compilable, Kysely, RawBuilder } from 'kysely';
import { sql } from '../kysely';
import type { Database } from '../schema';
import type { Ddl } from './ddl';

export function up(db: Kysely<Database>, ddl: Ddl): readonly Compilable[] {
  const run = (statement: RawBuilder<unknown>): Compilable => ({ compile: () => statement.compile(db) });
  return [
    db.schema.alterTable('handles').addColumn('packages', ddl.integer, (c) => c.notNull().defaultTo(0)),
    db.schema.alterTable('handles').addColumn('bytes', ddl.integer, (c) => c.notNull().defaultTo(0)),
    db.schema.createIndex('handles_by_tenant_id').on('handles').columns(['tenant_id']),
    db.schema
      .createTable('unpublished_packages')
      .addColumn('name', ddl.text, (c) => c.notNull())
      .addColumn('version', ddl.text, (c) => c.notNull())
      .addColumn('unpublish_time', ddl.integer, (c) => c.notNull())
      .addPrimaryKeyConstraint('unpublished_packages_key', ['name', 'version'])
      .modifyEnd(ddl.tableOptions),
    // A package's name is its handle, a slash and more; '0' is the character after the slash.
    run(sql`update handles set packages =
        (select count(distinct name) from packages where name >= handle || '/' and name < handle || '0')`),
    run(sql`update handles set bytes = coalesce(
        (select sum(1024 + octet_length(manifest) + octet_length(nodes)) from packages
          where name >= handle || '/' and name < handle || '0'), 0)`),
  ];
}
