/** A table as rows of plain columns, in the order of its key: what two engines are compared by. */

import { SCHEMA, type TableName } from '../schema';

/** Every table of the schema, and how its rows are told apart. */
export interface Table {
  readonly name: TableName;
  readonly columns: readonly string[];
  /** The primary key's columns, in its order. */
  readonly key: readonly string[];
}

/** What a column holds in either engine. */
export type Cell = number | string | Uint8Array | null;
export type Row = Readonly<Record<string, Cell>>;

/** Rows of a key up to this many, or of about so many bytes, are held at a time. */
export const BATCH_ROWS = 1_000;
export const BATCH_BYTES = 4 * 1024 * 1024;

export const TABLE_NAMES = Object.keys(SCHEMA) as readonly TableName[];

/** Rows of the service's audit logs: the database itself refuses to change one. */
export const APPEND_ONLY: ReadonlySet<string> = new Set<TableName>(['audit_events']);

export function columnsOf(table: TableName): readonly string[] {
  return Object.keys(SCHEMA[table]);
}

export function keyOf({ key }: Table, row: Row): readonly Cell[] {
  return key.map((column) => row[column] ?? null);
}

/** The same for two rows of one key only, whatever their engines. */
export function keyText(table: Table, row: Row): string {
  return JSON.stringify(keyOf(table, row));
}

export function bytesOf(row: Row): number {
  let bytes = 0;
  for (const cell of Object.values(row)) bytes += typeof cell === 'object' ? (cell?.byteLength ?? 0) : 16;
  return bytes;
}

export function areEqual({ columns }: Table, one: Row, other: Row): boolean {
  return columns.every((column) => {
    const [a, b] = [one[column] ?? null, other[column] ?? null];
    return a instanceof Uint8Array && b instanceof Uint8Array ? Buffer.compare(a, b) === 0 : a === b;
  });
}
