/** The SQLite store that is moved: read in the order of its keys, while nobody else has it open. */

import { createHash } from 'node:crypto';
import BetterSqlite3 from 'better-sqlite3';
import { DomainError } from '../../domain/errors';
import { SCHEMA_VERSION } from '../migrations/migrate';
import type { TableName } from '../schema';
import { isBusy, toDomainError } from '../sqlite/errors';
import { BATCH_BYTES, BATCH_ROWS, bytesOf, columnsOf, keyOf, type Row, type Table } from './table';

export class SqliteSource {
  private constructor(private readonly db: BetterSqlite3.Database) {}

  /**
   * Holds the file alone until it is closed; closing copies the write-ahead log into it.
   * @throws DomainError FAILED_PRECONDITION while a service runs on it, or of another version's schema.
   */
  static open(path: string): SqliteSource {
    let db: BetterSqlite3.Database | undefined;
    try {
      db = new BetterSqlite3(path, { fileMustExist: true, timeout: 0 });
      db.pragma('locking_mode = EXCLUSIVE');
      db.pragma('trusted_schema = OFF');
      // Whoever else has the file open keeps this from its lock.
      db.exec('begin exclusive; commit');
      checkSchema(db);
      return new SqliteSource(db);
    } catch (error) {
      db?.close();
      throw isBusy(error) ? runsError(path) : toDomainError(error);
    }
  }

  /** Tells this store from others, and is the same at every attempt to move it. */
  identity(): string {
    const keys = this.db.prepare('select wrapped_signing_keyset from service_keys').pluck().get();
    if (!Buffer.isBuffer(keys)) {
      throw new DomainError(
        'FAILED_PRECONDITION',
        'no service ever started on that store; there is nothing to move',
        'STORE_EMPTY',
      );
    }
    return createHash('sha256').update(keys).digest('hex');
  }

  table(name: TableName): Table {
    const rows = this.db.pragma(`table_info(${name})`) as { readonly name: string; readonly pk: number }[];
    const key = rows.filter(({ pk }) => pk > 0).sort((a, b) => a.pk - b.pk);
    return { name, columns: columnsOf(name), key: key.map((column) => column.name) };
  }

  /** The table's rows in the order of its key, so many at a time that they take little memory. */
  *batches(table: Table): Generator<readonly Row[]> {
    const columns = table.columns.join(', ');
    const key = table.key.join(', ');
    const after = `where (${key}) > (${table.key.map(() => '?').join(', ')})`;
    const first = this.db.prepare(`select ${columns} from ${table.name} order by ${key}`);
    const next = this.db.prepare(`select ${columns} from ${table.name} ${after} order by ${key}`);
    let last: Row | undefined;
    for (;;) {
      const batch = take(last === undefined ? first.iterate() : next.iterate(...keyOf(table, last)));
      if (batch.length === 0) return;
      last = batch.at(-1);
      yield batch;
    }
  }

  close(): void {
    this.db.close();
  }
}

function take(rows: IterableIterator<unknown>): Row[] {
  const batch: Row[] = [];
  let bytes = 0;
  try {
    for (const row of rows as IterableIterator<Row>) {
      batch.push(row);
      bytes += bytesOf(row);
      if (batch.length === BATCH_ROWS || bytes >= BATCH_BYTES) break;
    }
  } catch (error) {
    throw toDomainError(error);
  }
  return batch;
}

function checkSchema(db: BetterSqlite3.Database): void {
  const tables = db.prepare("select 1 from sqlite_master where name = 'schema_versions'").all();
  const version =
    tables.length === 0 ? undefined : db.prepare('select max(version) from schema_versions').pluck().get();
  if (version === SCHEMA_VERSION) return;
  throw new DomainError(
    'FAILED_PRECONDITION',
    `the store has schema ${String(version ?? 'of another program')} and this version’s is ${SCHEMA_VERSION}; ` +
      'start this version’s `axiom serve` on it once, stop it, and move it then',
    'STORE_NOT_MIGRATED',
  );
}

function runsError(path: string): DomainError {
  return new DomainError(
    'FAILED_PRECONDITION',
    `another process has ${path} open; stop the service, and whatever else reads its store, then move it`,
    'STORE_IN_USE',
  );
}
