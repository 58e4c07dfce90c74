/** Schema 12: a scope's values in parts of some names each, beside its bundle (queries/bundle-parts.ts). */

import type { Compilable, Kysely } from 'kysely';
import type { Database } from '../schema';
import type { Ddl } from './ddl';

export function up(db: Kysely<Database>, { integer, text, tableOptions }: Ddl): readonly Compilable[] {
  return [
    db.schema
      .createTable('bundle_parts')
      .addColumn('tenant_id', text, (c) => c.notNull())
      .addColumn('scope', text, (c) => c.notNull())
      .addColumn('part', integer, (c) => c.notNull())
      .addColumn('revision', integer, (c) => c.notNull())
      .addColumn('ciphertext_id', integer, (c) => c.notNull())
      .addColumn('ciphertext_length', integer, (c) => c.notNull())
      .addPrimaryKeyConstraint('bundle_parts_key', ['tenant_id', 'scope', 'part'])
      .modifyEnd(tableOptions),
  ];
}
