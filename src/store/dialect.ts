/** What one engine's SQL has and the other's has not. */

import type { Kysely } from 'kysely';
import { PostgresAdapter } from './kysely';
import type { Database } from './schema';

/** Rows can be locked one by one (`for update`): writers work side by side. */
export function hasRowLocks(db: Kysely<Database>): boolean {
  return isPostgres(db);
}

/** Numbers of new rows can be had before the rows, which nobody then waits for: each question is a message there and back. */
export function hasSequences(db: Kysely<Database>): boolean {
  return isPostgres(db);
}

/** Writes that share a commit ask together, and the same once for all of them (asked-ahead.ts). */
export function asksTogether(db: Kysely<Database>): boolean {
  return isPostgres(db);
}

function isPostgres(db: Kysely<Database>): boolean {
  return db.getExecutor().adapter instanceof PostgresAdapter;
}
