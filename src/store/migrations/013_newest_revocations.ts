/**
 * Schema 13: the newest revocation of a scope is found without going through the others, and what the log says of them
 * (queries/logged.ts) without reading the log itself.
 */

import type { Compilable, Kysely } from 'kysely';
import { sql } from '../kysely';
import { REVOCATIONS } from '../queries/logged';
import type { Database } from '../schema';

export function up(db: Kysely<Database>): readonly Compilable[] {
  return [
    db.schema
      .createIndex('revocations_by_revision')
      .on('revocations')
      .columns(['tenant_id', 'scope', 'up_to_revision']),
    db.schema.dropIndex('audit_events_of_revocations'),
    db.schema
      .createIndex('audit_events_of_revocations')
      .on('audit_events')
      .columns(['tenant_id', 'scope', 'version', 'resource', 'action'])
      .where(sql<boolean>`${REVOCATIONS}`),
  ];
}
