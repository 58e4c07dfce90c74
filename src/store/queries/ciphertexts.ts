/**
 * Where ciphertext lies: slots of fixed sizes that are overwritten in place and never removed.
 *
 * A deleted ciphertext must leave no copy in the database file. SQLite's secure_delete zeroes
 * the bytes of a removed row, but when rows are removed or change their length SQLite moves
 * neighbours to other pages and leaves their old bytes in the unused middle of the page they
 * came from (btree.c, rebuildPage): a ciphertext that was moved and is deleted later survives
 * there (2 of 3,600 did). Rows that are only ever appended, and overwritten by ones of the
 * same length, are never moved.
 */

import { DomainError } from '../../domain/errors';
import { ownBytes } from '../bytes';
import { hasRowLocks } from '../dialect';
import { preparedQuery, preparedStatement, type Session } from '../prepared';

/** Where one ciphertext is. */
export interface Slot {
  readonly ciphertext_id: number;
  /** In bytes, without what fills the slot up. */
  readonly ciphertext_length: number;
}

/** The columns of whoever has a ciphertext. */
export const SLOT = ['ciphertext_id', 'ciphertext_length'] as const;

const SMALLEST_SLOT = 128;

/** The slot sizes are 4, 5, 6 and 7 times each power of two: at most a quarter of a slot stays unused. */
export function slotSize(length: number): number {
  if (length <= SMALLEST_SLOT) return SMALLEST_SLOT;
  const step = 2 ** (Math.floor(Math.log2(length)) - 2);
  return Math.ceil(length / step) * step;
}

/** Two writers may look at the same time: each takes one that the other does not hold. */
const takeFree = preparedQuery((db, args: { size: number }) =>
  db
    .deleteFrom('free_ciphertexts')
    .where('size', '=', args.size)
    .where('ciphertext_id', '=', (free) =>
      free
        .selectFrom('free_ciphertexts')
        .select('ciphertext_id')
        .where('size', '=', args.size)
        .orderBy('ciphertext_id')
        .limit(1)
        .$call((query) => (hasRowLocks(db) ? query.forUpdate().skipLocked() : query)),
    )
    .returning('ciphertext_id'),
);

const insertFree = preparedStatement((db, args: { size: number; id: number }) =>
  db.insertInto('free_ciphertexts').values({ size: args.size, ciphertext_id: args.id }),
);

/** The engine numbers new slots. */
const insertSlot = preparedQuery((db, args: { data: Uint8Array }) =>
  db.insertInto('ciphertexts').values({ data: args.data }).returning('id'),
);

const updateSlotRow = preparedStatement((db, args: { id: number; data: Uint8Array }) =>
  db.updateTable('ciphertexts').set({ data: args.data }).where('id', '=', args.id),
);

/** @throws DomainError DATA_LOSS where the slot is gone: a write that lies nowhere must not be acknowledged. */
async function updateSlot(session: Session, slot: { id: number; data: Uint8Array }): Promise<void> {
  if ((await updateSlotRow(session, slot)) !== 1) throw lostPlace();
}

function lostPlace(): DomainError {
  return new DomainError(
    'DATA_LOSS',
    'the database lost the place of a ciphertext; stop the service and restore a backup',
    'STORE_DAMAGED',
  );
}

/** Puts the ciphertext into a slot that is free, or into a new one. */
export async function storeCiphertext(session: Session, ciphertext: Uint8Array): Promise<Slot> {
  const size = slotSize(ciphertext.byteLength);
  const data = new Uint8Array(size);
  data.set(ciphertext);
  let id = (await takeFree(session, { size }))[0]?.ciphertext_id;
  if (id !== undefined) await updateSlot(session, { id, data });
  else id = (await insertSlot(session, { data }))[0]?.id;
  if (id === undefined) throw lostPlace();
  return { ciphertext_id: id, ciphertext_length: ciphertext.byteLength };
}

/** Overwrites the slots with zeros and keeps them for others. One that is gone holds nothing, and stays gone. */
export async function freeCiphertexts(session: Session, slots: readonly Slot[]): Promise<void> {
  if (slots.length > 0 && session.state !== undefined) session.state.hasRemovedCiphertext = true;
  for (const slot of slots) {
    const size = slotSize(slot.ciphertext_length);
    const updated = await updateSlotRow(session, { id: slot.ciphertext_id, data: new Uint8Array(size) });
    if (updated === 1) await insertFree(session, { size, id: slot.ciphertext_id });
  }
}

/** The ciphertext in the slot's data. */
export function ciphertextOf(row: {
  readonly data: Uint8Array;
  readonly ciphertext_length: number;
}): Uint8Array {
  return ownBytes(row.data).subarray(0, row.ciphertext_length);
}
