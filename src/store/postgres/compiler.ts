/** Writes SQL in PostgreSQL's dialect: a Kysely without a connection. */

import {
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  sql,
  type RawBuilder,
} from 'kysely';
import type { Ddl } from '../migrations/ddl';
import type { Database } from '../schema';

export const postgresCompiler = new Kysely<Database>({
  dialect: {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  },
});

const compilable = (statement: RawBuilder<unknown>) => ({
  compile: () => statement.compile(postgresCompiler),
});

export const postgresDdl: Ddl = {
  integer: sql`bigint`,
  text: sql`text collate "C"`,
  blob: sql`bytea`,
  tableOptions: sql``,
  appendOnly: (table) => [
    compilable(sql`create function ${sql.id(`${table}_refuse`)}() returns trigger language plpgsql
      as $$ begin raise exception 'append-only'; end $$`),
    compilable(sql`create trigger ${sql.id(`${table}_append_only`)} before update or delete or truncate
      on ${sql.table(table)} for each statement execute function ${sql.id(`${table}_refuse`)}()`),
  ],
};
