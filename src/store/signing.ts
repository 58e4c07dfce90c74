/**
 * Signed rows: whoever can write the database cannot write what this service believes.
 *
 * A row that gives a value or a right is signed by the half that wrote it (statement.ts says what that covers).
 * A signature alone does not show that a row was taken away or set back to an older one, so each scope also has a
 * head: a signed row with its revision, and with a digest over all its entries in order. The head is made from the
 * head before and the change, never from rows as they are found: what was forged beneath it stays outside.
 */

import { RecentMap } from '../domain/recent-map';
import { copyOf, isSame } from './columns';
import type { Entries } from './entries';
import { SIGNED_COLUMNS, statementOf, type SignableRow, type SignedTable } from './statement';

/** Signs and checks statements. Which key may speak for which table is the signer's to know. */
export interface RowSigner {
  sign(table: SignedTable, statement: Uint8Array): Uint8Array;
  /** False for anything but a signature over this statement by a key that may speak for the table. */
  verify(table: SignedTable, statement: Uint8Array, signature: Uint8Array): boolean;
}

/** So many scopes' entries are remembered at least. */
const KEPT_SCOPES = 1_000;

/** So many rows at least are remembered as they were when their signature held. */
const KEPT_ROWS = 2_500;

export class Signing {
  readonly #signer: RowSigner;
  readonly #entries = new RecentMap<string, { readonly head: string; readonly entries: Entries }>(
    KEPT_SCOPES,
  );
  readonly #rows = new RecentMap<string, readonly unknown[]>(KEPT_ROWS);

  constructor(signer: RowSigner) {
    this.#signer = signer;
  }

  /** @param content for a secret: its ciphertext. @throws RangeError for a row that cannot be signed. */
  sign<T extends SignedTable>(table: T, row: SignableRow<T>, content?: Uint8Array): Uint8Array {
    const statement = statementOf(table, row, content);
    if (statement === undefined) throw new RangeError(`a row of ${table} cannot be signed`);
    const signature = this.#signer.sign(table, statement);
    if (content === undefined) this.#keepRow(table, row, signature);
    return signature;
  }

  isSigned<T extends SignedTable>(
    table: T,
    row: SignableRow<T> & { readonly signature: Uint8Array | null },
    content?: Uint8Array,
  ): boolean {
    if (!(row.signature instanceof Uint8Array)) return false;
    if (content === undefined && this.#isKept(table, row, row.signature)) return true;
    const statement = statementOf(table, row, content);
    if (statement === undefined || !this.#signer.verify(table, statement, row.signature)) return false;
    if (content === undefined) this.#keepRow(table, row, row.signature);
    return true;
  }

  /** Whether every signed column and the signature are what they were when the signature held. */
  #isKept<T extends SignedTable>(table: T, row: SignableRow<T>, signature: Uint8Array): boolean {
    const kept = this.#rows.get(placeOf(table, row));
    if (kept === undefined || !isSame(kept[0], signature)) return false;
    return SIGNED_COLUMNS[table].every((column, index) => isSame(kept[index + 1], valueOf(row, column)));
  }

  #keepRow<T extends SignedTable>(table: T, row: SignableRow<T>, signature: Uint8Array): void {
    const columns = SIGNED_COLUMNS[table].map((column) => valueOf(row, column));
    this.#rows.set(placeOf(table, row), [signature, ...columns].map(copyOf));
  }

  /** The entries that belong to exactly this head, where they are remembered. */
  entriesOf(scope: string, head: Uint8Array): Entries | undefined {
    const kept = this.#entries.get(scope);
    return kept?.head === hex(head) ? kept.entries : undefined;
  }

  forget(scope: string): void {
    this.#entries.delete(scope);
  }

  /** What a write that is undone leaves here fits no head, and is read again. */
  remember(scope: string, head: Uint8Array, entries: Entries): void {
    this.#entries.set(scope, { head: hex(head), entries });
  }
}

function valueOf(row: object, column: string): unknown {
  return (row as Record<string, unknown>)[column] ?? null;
}

/** Where a row is remembered: by its first two columns, which are its key or begin it. */
function placeOf<T extends SignedTable>(table: T, row: SignableRow<T>): string {
  const [first, second] = SIGNED_COLUMNS[table];
  return `${table} ${String(valueOf(row, first))} ${String(valueOf(row, second))}`;
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
