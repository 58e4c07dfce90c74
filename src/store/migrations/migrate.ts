/** Brings a database to this version's schema: numbered steps, forward only, in one transaction. */

import type { Compilable, Kysely } from 'kysely';
import { sql } from '../kysely';
import { DomainError } from '../../domain/errors';
import { preparedQuery, preparedStatement, type Session } from '../prepared';
import type { Database } from '../schema';
import { up as initial } from './001_initial';
import { up as revokeTime } from './002_revoke_time';
import { up as numberedCiphertexts } from './003_numbered_ciphertexts';
import { up as format2 } from './004_format_2';
import { up as signatures } from './005_signatures';
import { up as auditLogs } from './006_audit_logs';
import { up as packageLimits } from './007_package_limits';
import { up as sessions } from './008_sessions';
import { up as sessionLists } from './009_session_lists';
import { up as packedAudit } from './010_packed_audit';
import { up as loggedChanges } from './011_logged_changes';
import { up as bundleParts } from './012_bundle_parts';
import { up as newestRevocations } from './013_newest_revocations';
import { up as cheaperIndexes } from './014_cheaper_indexes';
import type { Ddl } from './ddl';

/** Makes the statements of one step. Once released, a step never changes. */
type Migration = (db: Kysely<Database>, ddl: Ddl) => readonly Compilable[];

/** Step n brings the schema to version n + 1. */
const MIGRATIONS: readonly Migration[] = [
  initial,
  revokeTime,
  numberedCiphertexts,
  format2,
  signatures,
  auditLogs,
  packageLimits,
  sessions,
  sessionLists,
  packedAudit,
  loggedChanges,
  bundleParts,
  newestRevocations,
  cheaperIndexes,
];

/** From this schema on, rows are signed. */
export const FIRST_SIGNED_SCHEMA = MIGRATIONS.indexOf(signatures) + 1;

/** The schema that this version of the service works with. */
export const SCHEMA_VERSION = MIGRATIONS.length;

const selectVersion = preparedQuery((db) =>
  db.selectFrom('schema_versions').select(sql<number | null>`max(version)`.as('version')),
);

const insertVersion = preparedStatement((db, args: { version: number }) =>
  db.insertInto('schema_versions').values({ version: args.version }),
);

/**
 * Runs what is missing inside the session's transaction, which must exclude other writers.
 * @throws DomainError FAILED_PRECONDITION when the database is newer than this version; nothing is changed.
 */
export async function migrate(session: Session, ddl: Ddl): Promise<void> {
  const run = (statement: Compilable) => session.run(statement.compile().sql, []);
  await run(
    session.compiler.schema
      .createTable('schema_versions')
      .ifNotExists()
      .addColumn('version', ddl.integer, (c) => c.primaryKey())
      .modifyEnd(ddl.tableOptions),
  );
  const found = (await selectVersion(session, {}))[0]?.version ?? 0;
  if (found > SCHEMA_VERSION) throw tooNew(found);
  for (const [index, migration] of MIGRATIONS.entries()) {
    if (index < found) continue;
    for (const statement of migration(session.compiler, ddl)) await run(statement);
    await insertVersion(session, { version: index + 1 });
  }
}

function tooNew(found: number): DomainError {
  return new DomainError(
    'FAILED_PRECONDITION',
    `the database has schema ${found} and this version knows schemas up to ${SCHEMA_VERSION}; ` +
      'start the version of axiom that last ran on it, or restore a backup made before that',
    'STORE_SCHEMA_TOO_NEW',
  );
}
