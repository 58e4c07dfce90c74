/** Rows with a signature of their own: signed when they are written, checked when they are read. */

import type { Session } from './prepared';
import { rowsOf, type RecordOf } from './rows';
import type { RowOf, SCHEMA } from './schema';
import type { SignableRow, SignedTable } from './statement';
import { rowNotSigned } from './store-errors';

/** Those signed tables whose rows carry their signature themselves. */
type CarryingTable = {
  [T in SignedTable]: 'signature' extends keyof (typeof SCHEMA)[T] ? T : never;
}[SignedTable];

/** The row of a record, with its signature. */
export function signedRow<T extends CarryingTable>(
  session: Session,
  table: T,
  record: Omit<RecordOf<T>, 'signature'>,
): RowOf<T> {
  const row = rowsOf(table).toRow({ ...record, signature: undefined } as unknown as RecordOf<T>);
  const signature = session.signing?.sign(table, row as unknown as SignableRow<T>) ?? null;
  return { ...row, signature };
}

/** @throws DomainError DATA_LOSS, where the store is signed, for a row that this service did not write so. */
export function checkSigned<T extends CarryingTable>(
  session: Session,
  table: T,
  row: SignableRow<T> & { readonly signature: Uint8Array | null },
  what: string,
): void {
  if (session.signing?.isSigned(table, row) === false) throw rowNotSigned(what);
}
