/** What an engine calls things when tables are made. */

import type { Compilable, RawBuilder } from 'kysely';

/** A column of a table that is converted. */
export interface ConvertedColumn {
  readonly type: RawBuilder<unknown>;
  readonly nullable?: true;
  /** What it holds from now on, of the row as it was; itself when absent. */
  readonly from?: RawBuilder<unknown>;
}

/** A table as it is after `convert`. */
export interface ConvertedTable {
  readonly columns: Readonly<Record<string, ConvertedColumn>>;
  readonly key: readonly string[];
  /** What hangs on the table, for an engine that makes the table anew. */
  readonly triggers: readonly Compilable[];
}

export interface Ddl {
  /** Whole numbers up to 2^53. */
  readonly integer: RawBuilder<unknown>;
  /** Text compared byte by byte. */
  readonly text: RawBuilder<unknown>;
  readonly blob: RawBuilder<unknown>;
  /** Written after the closing bracket of CREATE TABLE. */
  readonly tableOptions: RawBuilder<unknown>;
  /** Makes the database itself refuse to update or delete the table's rows. */
  appendOnly(table: string): readonly Compilable[];
  /** Has the database number the table's rows in a column that is its primary key, after those that it has. */
  numbered(table: string, column: string): readonly Compilable[];
  /** Lets an append-only table lose the rows of a tenant that `prunes` says are pruned: those up to its sequence. */
  prunable(table: string, prunes: string): readonly Compilable[];
  /** Gives columns other types, and lays the rows out by the key where the engine can. Indexes are dropped before. */
  convert(table: string, to: ConvertedTable): readonly Compilable[];
  /** The bytes of a text of lower-case hexadecimal digits; null of any other text. */
  hexBytes(text: RawBuilder<unknown>): RawBuilder<unknown>;
  /** The bytes of a text in UTF-8. */
  textBytes(text: RawBuilder<unknown>): RawBuilder<unknown>;
}
