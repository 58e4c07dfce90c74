/**
 * Moves a store from SQLite to PostgreSQL, row by row.
 *
 * Both sides are walked in the order of each table's key. What the target lacks is put there, and what it has
 * otherwise is put right, so an attempt that ended half-way is gone on with, also where the source was written to
 * since. Then both are walked once more: every row has to be the same.
 */

import { DomainError } from '../../domain/errors';
import type { TableName } from '../schema';
import type { Changes, PostgresTarget } from './postgres-target';
import type { SqliteSource } from './sqlite-source';
import { areEqual, keyText, TABLE_NAMES, type Row, type Table } from './table';

/** How many rows a table has, and how many of them were there before this attempt. */
export interface MovedTable {
  readonly table: TableName;
  readonly rows: number;
  readonly stood: number;
}

/**
 * @param onTable told of each table when its rows are there; waited for.
 * @throws DomainError DATA_LOSS where a row is not the same afterwards; FAILED_PRECONDITION for a target that cannot
 *   be put right.
 */
export async function moveStore(
  source: SqliteSource,
  target: PostgresTarget,
  onTable: (moved: MovedTable) => Promise<void> | void,
): Promise<readonly MovedTable[]> {
  const moved: MovedTable[] = [];
  for (const name of TABLE_NAMES) {
    const table = source.table(name);
    const one = await walk(source, target, table, (changes) => target.apply(table, changes));
    moved.push(one);
    await onTable(one);
  }
  for (const name of TABLE_NAMES) {
    await walk(source, target, source.table(name), () => Promise.reject(differs(name)));
  }
  return moved;
}

async function walk(
  source: SqliteSource,
  target: PostgresTarget,
  table: Table,
  onDifference: (changes: Changes) => Promise<void>,
): Promise<MovedTable> {
  let [rows, stood] = [0, 0];
  let after: Row | undefined;
  const compare = async (wanted: readonly Row[], last: Row | undefined) => {
    const changes = difference(table, wanted, await target.rows(table, after, last));
    rows += wanted.length;
    stood += wanted.length - changes.missing.length;
    if (changes.missing.length + changes.wrong.length > 0) await onDifference(changes);
    after = last;
  };
  for (const batch of source.batches(table)) await compare(batch, batch.at(-1));
  await compare([], undefined);
  return { table: table.name, rows, stood };
}

function difference(table: Table, wanted: readonly Row[], there: readonly Row[]): Changes {
  const left = new Map(there.map((row) => [keyText(table, row), row]));
  const missing: Row[] = [];
  for (const row of wanted) {
    const key = keyText(table, row);
    const standing = left.get(key);
    if (standing !== undefined && areEqual(table, row, standing)) left.delete(key);
    else missing.push(row);
  }
  return { missing, wrong: [...left.values()] };
}

function differs(table: string): DomainError {
  return new DomainError(
    'DATA_LOSS',
    `a row of ${table} is not in the database as it is in the store; nothing was switched over; run it again, and look ` +
      'for who else writes to that database',
    'MOVED_ROWS_DIFFER',
  );
}
