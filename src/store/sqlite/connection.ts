/** One SQLite connection with its prepared statements. */

import BetterSqlite3 from 'better-sqlite3';
import type { StatementResult } from '../prepared';

export class SqliteConnection {
  readonly #db: BetterSqlite3.Database;
  readonly #statements = new Map<string, BetterSqlite3.Statement<unknown[]>>();

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
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#db.prepare<unknown[]>(sql);
      this.#statements.set(sql, statement);
    }
    return statement.reader
      ? { rows: statement.all(...parameters), affected: 0 }
      : { rows: [], affected: statement.run(...parameters).changes };
  }

  /** The single value that a pragma answers or, of several columns, the first. */
  pragma(text: string): unknown {
    return this.#db.pragma(text, { simple: true });
  }

  close(): void {
    this.#db.close();
  }
}
