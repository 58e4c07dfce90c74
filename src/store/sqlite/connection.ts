/** One SQLite connection with its prepared statements. */

import BetterSqlite3 from 'better-sqlite3';
import type { StatementResult } from '../prepared';

/** Prepared once. */
interface Prepared {
  readonly statement: BetterSqlite3.Statement<unknown[]>;
  readonly answersRows: boolean;
  /** Names of the columns that it answers; undefined where the driver is to name them. */
  readonly columns: readonly string[] | undefined;
}

/** `*` for all columns: another process's migration may change what it stands for. It is not `count(*)`. */
const ALL_COLUMNS = /(?:^|[\s,.])\*/;

export class SqliteConnection {
  readonly #db: BetterSqlite3.Database;
  readonly #statements = new Map<string, Prepared>();

  /** @throws SqliteError. Waiting for locks is left to the callers, who do it without blocking the event loop. */
  constructor(path: string, options: { readonly readonly: boolean }) {
    this.#db = new BetterSqlite3(path, { readonly: options.readonly, fileMustExist: true, timeout: 0 });
    // Rows moved aside while a statement can still be undone must not reach a temporary file.
    this.#db.pragma('temp_store = MEMORY');
    this.#db.pragma('trusted_schema = OFF');
    this.#db.pragma('foreign_keys = ON');
  }

  /** False as well after SQLite undid a transaction by itself, as it does on a full disk. */
  get inTransaction(): boolean {
    return this.#db.inTransaction;
  }

  /** @throws SqliteError. */
  run(sql: string, parameters: readonly unknown[] = []): StatementResult {
    const { statement, answersRows, columns } = this.#statements.get(sql) ?? this.#prepare(sql);
    if (!answersRows) return { rows: [], affected: statement.run(...parameters).changes };
    const rows = statement.all(...parameters);
    return { rows: columns === undefined ? rows : rows.map((values) => toRow(columns, values)), affected: 0 };
  }

  /** The driver makes the names of a row's columns anew for each row, which takes as long as reading it. */
  #prepare(sql: string): Prepared {
    const statement = this.#db.prepare<unknown[]>(sql);
    const answersRows = statement.reader;
    const columns = answersRows && !ALL_COLUMNS.test(sql) ? statement.raw(true).columns() : undefined;
    const prepared = { statement, answersRows, columns: columns?.map(({ name }) => name) };
    this.#statements.set(sql, prepared);
    return prepared;
  }

  /** The single value that a pragma answers or, of several columns, the first. */
  pragma(text: string): unknown {
    return this.#db.pragma(text, { simple: true });
  }

  close(): void {
    this.#db.close();
  }
}

function toRow(columns: readonly string[], values: unknown): Record<string, unknown> {
  const row: Record<string, unknown> = {};
  for (let index = 0; index < columns.length; index++)
    row[columns[index] as string] = (values as readonly unknown[])[index];
  return row;
}
