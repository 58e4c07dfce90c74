/** Schema 3: the engine numbers ciphertexts, so that writers who work side by side never take the same number. */

import type { Compilable, Kysely } from 'kysely';
import type { Database } from '../schema';
import type { Ddl } from './ddl';

export function up(_db: Kysely<Database>, ddl: Ddl): readonly Compilable[] {
  return ddl.numbered('ciphertexts', 'id');
}
