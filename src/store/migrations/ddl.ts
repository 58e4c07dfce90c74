/** What an engine calls things when tables are made. */

import type { Compilable, RawBuilder } from 'kysely';

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
}
