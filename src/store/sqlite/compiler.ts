/** Writes SQL in SQLite's dialect: a Kysely without a connection. */

import type { LimitNode, RawBuilder } from 'kysely';
import { DummyDriver, Kysely, sql, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from '../kysely';
import type { Ddl } from '../migrations/ddl';
import type { Database } from '../schema';

/**
 * SQLite plans by a limit's number where it can see one, and so prepares a statement anew each time another is bound
 * to `limit ?`, also the same: 40 to 100 µs, ten times what it takes to run. Of an expression it expects nothing.
 */
class QueryCompiler extends SqliteQueryCompiler {
  protected override visitLimit(node: LimitNode): void {
    this.append('limit (');
    this.visitNode(node.limit);
    this.append(' + 0)');
  }
}

export const sqliteCompiler = new Kysely<Database>({
  dialect: {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new QueryCompiler(),
  },
});

const compilable = (statement: RawBuilder<unknown>) => ({
  compile: () => statement.$castTo<unknown>().compile(sqliteCompiler),
});

export const sqliteDdl: Ddl = {
  integer: sql`integer`,
  // The default collation, BINARY, compares the bytes of UTF-8.
  text: sql`text`,
  blob: sql`blob`,
  tableOptions: sql`strict`,
  appendOnly: (table) =>
    ['update', 'delete']
      .map(
        (verb) =>
          sql`create trigger ${sql.id(`${table}_refuses_${verb}`)} before ${sql.raw(verb)} on ${sql.table(table)}
          begin select raise(abort, 'append-only'); end`,
      )
      .map(compilable),
  prunable: (table, prunes) => [
    compilable(sql`drop trigger ${sql.id(`${table}_refuses_delete`)}`),
    compilable(sql`create trigger ${sql.id(`${table}_refuses_delete`)} before delete on ${sql.table(table)}
      when not exists (select 1 from ${sql.table(prunes)} as prunes
        where prunes.tenant_id = old.tenant_id and prunes.sequence >= old.sequence)
      begin select raise(abort, 'append-only'); end`),
  ],
  // An INTEGER PRIMARY KEY numbers itself.
  numbered: () => [],
  convert: (table, { columns, key, triggers }) => {
    const former = `${table}_former`;
    const entries = Object.entries(columns);
    const names = sql.join(entries.map(([name]) => sql.id(name)));
    const types = entries.map(
      ([name, { type, nullable }]) => sql`${sql.id(name)} ${type} ${sql.raw(nullable ? '' : 'not null')}`,
    );
    const values = entries.map(([name, { from }]) => from ?? sql.id(name));
    const statements = [
      sql`alter table ${sql.table(table)} rename to ${sql.table(former)}`,
      sql`create table ${sql.table(table)} (${sql.join(types)},
        constraint ${sql.id(`${table}_key`)} primary key (${sql.join(key.map((name) => sql.id(name)))}))
        strict, without rowid`,
      sql`insert into ${sql.table(table)} (${names}) select ${sql.join(values)} from ${sql.table(former)}
        order by ${sql.join(key.map((name) => sql.id(name)))}`,
      sql`drop table ${sql.table(former)}`,
    ];
    return [...statements.map(compilable), ...triggers];
  },
  hexBytes: (text) => sql`case when ${text} not glob '*[^0-9a-f]*' then unhex(${text}) end`,
  textBytes: (text) => sql`cast(${text} as blob)`,
};
