/**
 * What the store runs of Kysely. The build puts these and the part of the library that they need into one file
 * (scripts/setup.mjs): its 262 modules took a fifth of each server's start (docs/decisions/start-up.md).
 */

export {
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  sql,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
