/** Rows that an independent program signed as docs/format.md tells it: each counts, and none with one fault. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { createVerify } from '../../src/crypto/tink/ecdsa';
import { SIGNED_COLUMNS, statementOf, type SignableRow, type SignedTable } from '../../src/store/statement';

interface Vector {
  readonly fault?: string;
  readonly table: SignedTable;
  /** Bytes stand as `{ hex }`. */
  readonly row: Readonly<Record<string, string | number | null | { readonly hex: string }>>;
  readonly content?: string;
  readonly statement: string;
  readonly signature: string;
}

interface SignedRows {
  readonly publicKeyset: string;
  readonly signed: readonly Vector[];
  readonly notSigned: readonly Vector[];
}

const bytes = (hex: string) => Buffer.from(hex, 'hex');
const file = join(__dirname, '..', 'testdata', 'crypto', 'signed-rows.json');
const vectors = JSON.parse(readFileSync(file, 'utf8')) as SignedRows;
const verify = createVerify(bytes(vectors.publicKeyset));

function ourStatement({ table, row, content }: Vector): Buffer {
  const columns = Object.entries(row).map(([column, value]) => [
    column,
    value !== null && typeof value === 'object' ? bytes(value.hex) : value,
  ]);
  const made = statementOf(
    table,
    Object.fromEntries(columns) as SignableRow<SignedTable>,
    content === undefined ? undefined : bytes(content),
  );
  if (made === undefined) throw new Error('a vector has a row that cannot be');
  return made;
}

const isSigned = (vector: Vector) => verify(bytes(vector.signature), ourStatement(vector));

describe('A row that Tink for Python signed', () => {
  it('is there of every table that is signed, but executions, which carry a MAC', () => {
    expect([...vectors.signed.map(({ table }) => table), 'executions'].sort()).toEqual(
      Object.keys(SIGNED_COLUMNS).sort(),
    );
  });

  it.each(vectors.signed)('of $table has our statement, and its signature holds', (vector) => {
    expect(ourStatement(vector).toString('hex')).toBe(vector.statement);
    expect(isSigned(vector)).toBe(true);
  });

  it.each(vectors.notSigned)('of $table does not count: $fault', (vector) => {
    expect(isSigned(vector)).toBe(false);
  });
});
