/** One SQLite connection with its prepared statements. */

import BetterSqlite3 from 'better-sqlite3';
import { isOfStep } from '../asked-ahead';
import type { StatementResult } from '../prepared';
import { Standing } from '../standing';
import { concernsKeys, StandingKeys, type ConcernsKeys } from '../standing-keys';

/** Prepared once. */
interface Prepared {
  readonly statement: BetterSqlite3.Statement<unknown[]>;
  readonly answersRows: boolean;
  readonly writes: boolean;
  /** What it may change of what stands. */
  readonly unsettles: 'nothing' | 'all but ends' | 'all';
  readonly concerns: ConcernsKeys;
  /** The columns that it answers; undefined where the driver is to name them. */
  readonly columns: Columns | undefined;
}

interface Columns {
  readonly names: readonly string[];
  /**
   * A row of nulls, of which each row is a copy that is filled in: V8 makes a dictionary of an object that is given
   * more than 16 columns one by one, and reading that takes several times as long.
   */
  readonly empty: Readonly<Record<string, unknown>>;
}

/** `*` for all columns: another process's migration may change what it stands for. It is not `count(*)`. */
const ALL_COLUMNS = /(?:^|[\s,.])\*/;

/**
 * Of pages that each connection keeps: SQLite's own default. The driver's is eight times as much, in each of a process's
 * connections, for pages that the system keeps as well (docs/decisions/memory.md).
 */
const PAGE_CACHE_KIB = 2_000;

/** Names a table of the audit log, or may change any. */
const TELLS_OF_LOGS = /audit|^(?!insert|update|delete)/i;

/** Of a transaction that writes. */
export const BEGIN = 'begin immediate';

export class SqliteConnection {
  readonly #db: BetterSqlite3.Database;
  readonly #statements = new Map<string, Prepared>();
  /** Of a connection that writes. */
  readonly keys = new StandingKeys(() => this.dataVersion());
  readonly standing = new Standing(this.keys);
  #askVersion: BetterSqlite3.Statement | undefined;
  #written = 0;
  #isCacheLimited = false;

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

  /** How many statements have written so far; one that failed was undone by SQLite itself. */
  get written(): number {
    return this.#written;
  }

  /** @throws SqliteError. */
  run(sql: string, parameters: readonly unknown[] = []): StatementResult {
    const prepared = this.#statements.get(sql) ?? this.#prepare(sql);
    const { statement, answersRows, columns } = prepared;
    if (!answersRows) {
      const { changes } = statement.run(...parameters);
      if (prepared.writes) this.#wrote(prepared, parameters);
      return { rows: [], affected: changes };
    }
    if (!this.#isCacheLimited) this.#limitCache();
    const rows = statement.all(...parameters);
    if (prepared.writes) this.#wrote(prepared, parameters);
    return { rows: columns === undefined ? rows : rows.map((values) => toRow(columns, values)), affected: 0 };
  }

  #wrote({ unsettles, concerns }: Prepared, parameters: readonly unknown[]): void {
    this.#written++;
    this.keys.wrote(concerns, parameters);
    if (unsettles === 'all') this.standing.clear();
    else if (unsettles === 'all but ends') this.standing.clearAllButEnds();
  }

  /** Not when the connection is made: it reads the schema, and meets locks that whoever runs a statement waits for. */
  #limitCache(): void {
    this.#db.pragma(`cache_size = -${PAGE_CACHE_KIB}`);
    this.#isCacheLimited = true;
  }

  /** The driver makes the names of a row's columns anew for each row, which takes as long as reading it. */
  #prepare(sql: string): Prepared {
    const statement = this.#db.prepare<unknown[]>(sql);
    const answersRows = statement.reader;
    const isNamedHere = answersRows && !ALL_COLUMNS.test(sql);
    const columns = isNamedHere ? columnsOf(statement.raw(true).columns()) : undefined;
    const writes = !statement.readonly;
    const unsettles = writes ? unsettledBy(sql) : 'nothing';
    const concerns = sql === BEGIN ? 'never' : concernsKeys(sql);
    const prepared = { statement, answersRows, writes, unsettles, concerns, columns };
    this.#statements.set(sql, prepared);
    return prepared;
  }

  /**
   * Another number than before where anybody else has committed since, of the transaction that has begun; undefined where
   * that cannot be told.
   */
  dataVersion(): unknown {
    try {
      this.#askVersion ??= this.#db.prepare('pragma data_version').pluck();
      return this.#askVersion.get();
    } catch {
      return undefined;
    }
  }

  /** The single value that a pragma answers or, of several columns, the first. */
  pragma(text: string): unknown {
    return this.#db.pragma(text, { simple: true });
  }

  close(): void {
    this.#db.close();
  }
}

function unsettledBy(sql: string): Prepared['unsettles'] {
  // What steps write changes nothing of what stands, or they say what (queries/executions.ts, queries/audit.ts).
  if (sql === BEGIN || isOfStep(sql)) return 'nothing';
  return TELLS_OF_LOGS.test(sql) ? 'all' : 'all but ends';
}

function columnsOf(columns: readonly BetterSqlite3.ColumnDefinition[]): Columns {
  const names = columns.map(({ name }) => name);
  // What JSON.parse makes is never a dictionary.
  const empty = JSON.parse(JSON.stringify(Object.fromEntries(names.map((name) => [name, null])))) as object;
  return { names, empty: empty as Record<string, unknown> };
}

function toRow({ names, empty }: Columns, values: unknown): Record<string, unknown> {
  const row = { ...empty };
  for (let index = 0; index < names.length; index++)
    row[names[index] as string] = (values as readonly unknown[])[index];
  return row;
}
