/** Revocations say when they were made: an execution that is being started when one is made must still find it. */

import type { Compilable, Kysely } from 'kysely';
import type { Database } from '../schema';
import type { Ddl } from './ddl';

export function up(db: Kysely<Database>, ddl: Ddl): readonly Compilable[] {
  return [
    db.schema
      .alterTable('revocations')
      .addColumn('revoke_time', ddl.integer, (c) => c.notNull().defaultTo(0)),
  ];
}
