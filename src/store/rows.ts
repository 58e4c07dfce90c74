/**
 * Rows as records, and back: a record's fields are its table's columns in camelCase, with
 * undefined for null, booleans for flags, values for JSON, and texts for what is packed.
 */

import type { Insertable, Kysely } from 'kysely';
import { ownBytes } from './bytes';
import { ACTIONS, DOORS, hexOf, packId, unpackId } from './packed';
import { preparedStatement, preparedWrite } from './prepared';
import { SCHEMA, type ColumnKind, type Database, type RowOf, type TableName } from './schema';

type CamelCase<S extends string> = S extends `${infer Head}_${infer Tail}`
  ? `${Head}${Capitalize<CamelCase<Tail>>}`
  : S;

interface Read {
  integer: number;
  'integer?': number | undefined;
  text: string;
  'text?': string | undefined;
  blob: Uint8Array;
  'blob?': Uint8Array | undefined;
  flag: boolean;
  json: unknown;
  action: string;
  door: string;
  id: string;
  hash: string;
}

/** A table's row as a record, every text unbranded. */
export type RecordOf<T extends TableName> = {
  readonly [C in keyof (typeof SCHEMA)[T] & string as CamelCase<C>]: Read[(typeof SCHEMA)[T][C] & ColumnKind];
};

/** What a table's columns are called, and how its rows are read and written. */
export interface Rows<T extends TableName> {
  readonly columns: readonly (keyof RowOf<T> & string)[];
  /**
   * A row, or those columns of it that were selected, as a record. The caller names the record's type: what the
   * store wrote were branded ids, so what it reads are.
   */
  toRecord<R extends Partial<RecordOf<T>>>(row: Partial<RowOf<T>>): R;
  /** The row of a record; of fields that the table does not have it takes none. */
  toRow(record: RecordOf<T>): RowOf<T>;
  /** INSERT of a whole row. */
  readonly insert: ReturnType<typeof preparedStatement<RowOf<T>>>;
  /** The same of a row whose key nobody else has. */
  readonly add: ReturnType<typeof preparedWrite<RowOf<T>>>;
}

/** In the words of rows and records at once, since their types follow from the table's columns. */
interface Field {
  readonly column: string;
  readonly field: string;
  readonly kind: ColumnKind;
}

const known = new Map<TableName, unknown>();

export function rowsOf<T extends TableName>(table: T): Rows<T> {
  const rows = (known.get(table) as Rows<T> | undefined) ?? makeRows(table);
  known.set(table, rows);
  return rows;
}

function makeRows<T extends TableName>(table: T): Rows<T> {
  const fields: readonly Field[] = Object.entries(SCHEMA[table]).map(([column, kind]) => ({
    column,
    kind,
    field: column.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
  }));
  const insertInto = (db: Kysely<Database>, row: RowOf<T>) =>
    db.insertInto(table as TableName).values(
      pick(
        row,
        fields.map(({ column }) => column),
      ) as Insertable<Database[TableName]>,
    );
  return {
    columns: fields.map(({ column }) => column as keyof RowOf<T> & string),
    toRecord: <R>(row: object) => {
      const record: Record<string, unknown> = {};
      for (const { column, field, kind } of fields) {
        const stored = (row as Record<string, unknown>)[column];
        if (stored !== undefined) record[field] = toField(kind, stored);
      }
      return record as R;
    },
    toRow: (record) => {
      const row: Record<string, unknown> = {};
      for (const { column, field, kind } of fields)
        row[column] = toColumn(kind, (record as Record<string, unknown>)[field]);
      return row as RowOf<T>;
    },
    insert: preparedStatement(insertInto),
    add: preparedWrite(insertInto),
  };
}

/** Those of the row's columns, one by one: while SQL is written a row has no keys of its own (prepared.ts). */
export function pick<R extends object, C extends string>(
  row: R,
  columns: readonly C[],
): Pick<R, C & keyof R> {
  return Object.fromEntries(columns.map((column) => [column, row[column as unknown as keyof R]])) as Pick<
    R,
    C & keyof R
  >;
}

/** How a kind of column is stored, where that is not as the record has it. */
const CODECS: { readonly [K in ColumnKind]?: Codec } = {
  blob: { toField: (stored) => ownBytes(stored as Uint8Array), toColumn: (field) => field },
  'blob?': { toField: (stored) => ownBytes(stored as Uint8Array), toColumn: (field) => field },
  flag: { toField: (stored) => stored === 1, toColumn: (field) => (field === true ? 1 : 0) },
  json: { toField: (stored) => JSON.parse(stored as string) as unknown, toColumn: JSON.stringify },
  action: {
    toField: (stored) => ACTIONS.wordOf(stored as number),
    toColumn: (field) => ACTIONS.numberOf(field as string),
  },
  door: {
    toField: (stored) => DOORS.wordOf(stored as number),
    toColumn: (field) => DOORS.numberOf(field as string),
  },
  id: {
    toField: (stored) => unpackId(stored as Uint8Array),
    toColumn: (field) => packId(field as string),
  },
  hash: {
    toField: (stored) => hexOf(stored as Uint8Array),
    toColumn: (field) => Buffer.from(field as string, 'hex'),
  },
};

interface Codec {
  toField(stored: unknown): unknown;
  toColumn(field: unknown): unknown;
}

function toField(kind: ColumnKind, stored: unknown): unknown {
  if (stored === null) return undefined;
  const codec = CODECS[kind];
  return codec === undefined ? stored : codec.toField(stored);
}

function toColumn(kind: ColumnKind, field: unknown): unknown {
  return CODECS[kind]?.toColumn(field) ?? field ?? null;
}
