/** Schema 11: what the log says beside rows that can be set back (queries/logged.ts) is found without going through it. */

import type { Compilable, Kysely } from 'kysely';
import { sql } from '../kysely';
import { HANDLE_MOVES, REVOCATIONS } from '../queries/logged';
import type { Database } from '../schema';

/** The action comes last where it is all that is needed besides, so that nothing of the log itself is read. */
export function up(db: Kysely<Database>): readonly Compilable[] {
  const index = (name: string) => db.schema.createIndex(`audit_events_of_${name}`).on('audit_events');
  return [
    index('changes')
      .columns(['tenant_id', 'scope', 'version', 'action'])
      .where(sql<boolean>`action in (18, 21, 19, 14, 13)`),
    index('revocations')
      .columns(['tenant_id', 'scope', 'version'])
      .where(sql<boolean>`${REVOCATIONS}`),
    index('handle_moves')
      .columns(['tenant_id', 'resource', 'sequence', 'action'])
      .where(sql<boolean>`${HANDLE_MOVES}`),
  ];
}
