/** Which sessions are live is a signed list: those of before are on none, and end. Whoever was logged in logs in again. */

import type { Compilable, Kysely } from 'kysely';
import type { Database } from '../schema';

export function up(db: Kysely<Database>): readonly Compilable[] {
  return [db.deleteFrom('sessions'), db.deleteFrom('session_uses')];
}
