/** Schema 4: secrets of format version 2 (docs/format.md) keep their seal id, and no value's own length. */

import type { Compilable, Kysely } from 'kysely';
import { sql } from '../kysely';
import type { Database } from '../schema';
import type { Ddl } from './ddl';

export function up(db: Kysely<Database>, ddl: Ddl): readonly Compilable[] {
  return [
    db.schema.alterTable('secrets').renameColumn('length_bytes', 'padded_bytes'),
    db.schema.alterTable('secrets').addColumn('seal_id', ddl.blob),
    // Empty once the execution server has taken over what format version 1 sealed.
    db.schema
      .createIndex('secrets_of_format_1')
      .on('secrets')
      .columns(['tenant_id', 'scope'])
      .where(sql`seal_id`, 'is', null),
  ];
}
