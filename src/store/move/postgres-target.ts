/** The PostgreSQL database that a store is moved into: empty, or half full from an earlier attempt with the same store. */

import { DomainError } from '../../domain/errors';
import { numberOn } from '../postgres/compiler';
import { Connections, type Connection } from '../postgres/connections';
import { toDomainError } from '../postgres/errors';
import { INCOMING_STORE, prepareDatabase, tablesOf } from '../postgres/prepare';
import { APPEND_ONLY, keyOf, type Cell, type Row, type Table } from './table';

/** One batch of rows, or the statistics of a large table. */
const STATEMENT_MS = 600_000;

/** What it takes to have the source's rows, of one stretch of a table's keys. */
export interface Changes {
  readonly missing: readonly Row[];
  /** Rows that the source does not have, or not so. */
  readonly wrong: readonly Row[];
}

export class PostgresTarget {
  private constructor(
    private readonly connections: Connections,
    private readonly connection: Connection,
  ) {}

  /**
   * Until {@link finish} no service starts on the database.
   * @param identity of the store that is moved.
   * @throws DomainError FAILED_PRECONDITION where it has tables already, or rows of another store.
   */
  static async open(url: string, identity: string): Promise<PostgresTarget> {
    const connections = new Connections({ url, max: 1, statementMs: STATEMENT_MS });
    const connection = await connections.take().catch(async (error: unknown) => {
      await connections.close();
      throw error;
    });
    const target = new PostgresTarget(connections, connection);
    try {
      await target.#claim(identity);
      await prepareDatabase(url, { isIncoming: true });
      return target;
    } catch (error) {
      await target.close();
      throw error;
    }
  }

  /** Rows whose key is after `after`, if given, up to and with `last`, if given. */
  async rows(table: Table, after: Row | undefined, last: Row | undefined): Promise<readonly Row[]> {
    const key = table.key.join(', ');
    const values: Cell[] = [];
    const limit = (comparison: string, row: Row | undefined) =>
      row &&
      `(${key}) ${comparison} (${keyOf(table, row)
        .map((cell) => `$${values.push(cell)}`)
        .join(', ')})`;
    const limits = [limit('>', after), limit('<=', last)].filter(Boolean).join(' and ') || 'true';
    return this.#query(`select ${table.columns.join(', ')} from ${table.name} where ${limits}`, values);
  }

  async apply(table: Table, { missing, wrong }: Changes): Promise<void> {
    if (wrong.length > 0 && APPEND_ONLY.has(table.name)) throw otherEvents();
    await this.#query('begin');
    for (const row of wrong) {
      const which = table.key.map((column, index) => `${column} = $${index + 1}`).join(' and ');
      await this.#query(`delete from ${table.name} where ${which}`, [...keyOf(table, row)]);
    }
    if (missing.length > 0) {
      const types = await this.#typesOf(table);
      const arrays = table.columns.map((column, index) => `$${index + 1}::${types.get(column)}[]`);
      await this.#query(
        `insert into ${table.name} (${table.columns.join(', ')}) select * from unnest(${arrays.join(', ')})`,
        table.columns.map((column) => missing.map((row) => row[column] ?? null)),
      );
    }
    await this.#query('commit');
  }

  /** Numbers go on after the rows' own, the planner knows the tables, and services may start. */
  async finish(): Promise<void> {
    await this.#query('begin');
    await this.#query(numberOn('ciphertexts', 'id').compile().sql);
    await this.#query(`drop table ${INCOMING_STORE}`);
    await this.#query('commit');
    await this.#query('analyze');
  }

  async close(): Promise<void> {
    this.connection.release(new Error('not used again'));
    await this.connections.close();
  }

  async #claim(identity: string): Promise<void> {
    const tables = await tablesOf(this.connection);
    if (tables.length === 0) {
      await this.#query('begin');
      await this.#query(`create table ${INCOMING_STORE} (source text primary key)`);
      await this.#query(`insert into ${INCOMING_STORE} values ($1)`, [identity]);
      await this.#query('commit');
      return;
    }
    if (!tables.includes(INCOMING_STORE)) throw notEmpty();
    const [claim] = await this.#query(`select source from ${INCOMING_STORE}`);
    if (claim?.['source'] !== identity) throw otherStore();
  }

  /** The database's names of its columns' types. */
  async #typesOf({ name }: Table): Promise<ReadonlyMap<unknown, unknown>> {
    const columns = await this.#query(
      'select attname::text as name, format_type(atttypid, null) as type from pg_attribute where attrelid = $1::regclass and attnum > 0',
      [name],
    );
    return new Map(columns.map((column) => [column['name'], column['type']]));
  }

  async #query(statement: string, values: unknown[] = []): Promise<readonly Row[]> {
    try {
      return (await this.connection.client.query<Row>(statement, values)).rows;
    } catch (error) {
      throw toDomainError(error);
    }
  }
}

function notEmpty(): DomainError {
  return new DomainError(
    'FAILED_PRECONDITION',
    'the database has tables already; name an empty database, or an empty schema of one with its search_path',
    'DATABASE_NOT_EMPTY',
  );
}

function otherStore(): DomainError {
  return new DomainError(
    'FAILED_PRECONDITION',
    'another store is being moved into this database; finish that with its own folder, or name an empty database',
    'DATABASE_NOT_EMPTY',
  );
}

function otherEvents(): DomainError {
  return new DomainError(
    'FAILED_PRECONDITION',
    'the database has audit events of an earlier attempt that the store has not; start again with an empty database',
    'DATABASE_NOT_EMPTY',
  );
}
