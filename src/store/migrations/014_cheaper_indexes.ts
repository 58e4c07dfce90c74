/**
 * Schema 14: what each step of an execution pays for indexes.
 *
 * SQLite makes a table of its own, and throws it away, at each insert into a table with an index whose condition lists
 * more than two values. The index of changes has the same condition as comparisons.
 *
 * An execution that has ended pins nothing, so what pins a revision is looked up among those that have not: an end takes
 * two entries away and puts none in their place, and both indexes are as large as what runs.
 */

import type { Compilable, Kysely } from 'kysely';
import { sql } from '../kysely';
import { CHANGES } from '../queries/logged';
import type { Database } from '../schema';

export function up(db: Kysely<Database>): readonly Compilable[] {
  const index = (name: string) => db.schema.createIndex(name);
  const unended = sql<boolean>`end_time is null`;
  const dropped = [
    'audit_events_of_changes',
    'executions_by_tenant_id_tenant_revision_dead_time',
    'executions_by_tenant_id_config_id_config_revision_dead_time',
  ];
  return [
    ...dropped.map((name) => db.schema.dropIndex(name)),
    index('audit_events_of_changes')
      .on('audit_events')
      .columns(['tenant_id', 'scope', 'version', 'action'])
      .where(sql<boolean>`${CHANGES}`),
    index('executions_in_force_of_tenant')
      .on('executions')
      .columns(['tenant_id', 'tenant_revision', 'dead_time'])
      .where(unended),
    index('executions_in_force_of_config')
      .on('executions')
      .columns(['tenant_id', 'config_id', 'config_revision', 'dead_time'])
      .where(unended),
  ];
}
