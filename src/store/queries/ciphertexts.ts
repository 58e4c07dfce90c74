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
import { hasRowLocks, hasSequences } from '../dialect';
import { sql } from '../kysely';
import { preparedQuery, preparedStatement, preparedWrite, type Session } from '../prepared';

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
function slotSize(length: number): number {
  if (length <= SMALLEST_SLOT) return SMALLEST_SLOT;
  const step = 2 ** (Math.floor(Math.log2(length)) - 2);
  return Math.ceil(length / step) * step;
}

/** Two writers may look at the same time: each takes those that the other does not hold. */
const takeFree = preparedQuery((db, args: { size: number; limit: number }) =>
  db
    .deleteFrom('free_ciphertexts')
    .where('size', '=', args.size)
    .where('ciphertext_id', 'in', (free) =>
      free
        .selectFrom('free_ciphertexts')
        .select('ciphertext_id')
        .where('size', '=', args.size)
        .orderBy('ciphertext_id')
        .limit(args.limit)
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

/** So many numbers of new slots: an engine that is far away is asked once, and tells nothing of each slot. */
const reserveNumbers = preparedQuery<{ count: number }, { id: number }>((db, args) => ({
  compile: () =>
    sql<{ id: number }>`select nextval(pg_get_serial_sequence('ciphertexts', 'id')) as id
      from generate_series(1, ${args.count}::int)`.compile(db),
}));

const insertNumbered = preparedWrite((db, args: { id: number; data: Uint8Array }) =>
  db.insertInto('ciphertexts').values({ id: args.id, data: args.data }),
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
  const [slot] = await storeCiphertexts(session, [ciphertext]);
  return slot as Slot;
}

/** The same of several, with a few questions for all of them. @returns where they are, in their order. */
export async function storeCiphertexts(
  session: Session,
  ciphertexts: readonly Uint8Array[],
): Promise<readonly Slot[]> {
  const free = await takeAllFree(session, ciphertexts);
  const found = [...free.values()].reduce((sum, ids) => sum + ids.length, 0);
  const numbers = await numbersOfNew(session, ciphertexts.length - found);
  const slots: Slot[] = [];
  for (const ciphertext of ciphertexts) {
    const size = slotSize(ciphertext.byteLength);
    const data = new Uint8Array(size);
    data.set(ciphertext);
    let id = free.get(size)?.pop();
    if (id !== undefined) await updateSlot(session, { id, data });
    else id = await addSlot(session, data, numbers.pop());
    slots.push({ ciphertext_id: id, ciphertext_length: ciphertext.byteLength });
  }
  return slots;
}

/** Slots for them that are free, by their size; writes that share a transaction look no further once none was left. */
async function takeAllFree(
  session: Session,
  ciphertexts: readonly Uint8Array[],
): Promise<Map<number, number[]>> {
  const counts = new Map<number, number>();
  for (const { byteLength } of ciphertexts) {
    const size = slotSize(byteLength);
    counts.set(size, (counts.get(size) ?? 0) + 1);
  }
  const free = new Map<number, number[]>();
  for (const [size, limit] of counts) {
    if (session.state?.takenSizes.has(size) === true) continue;
    const taken = await takeFree(session, { size, limit });
    if (taken.length < limit) session.state?.takenSizes.add(size);
    free.set(
      size,
      taken.map((row) => row.ciphertext_id),
    );
  }
  return free;
}

/** None where the engine is here: it numbers each slot as it is put. */
async function numbersOfNew(session: Session, count: number): Promise<number[]> {
  if (count === 0 || !hasSequences(session.compiler)) return [];
  return (await reserveNumbers(session, { count })).map(({ id }) => id);
}

/** @param number undefined: the engine numbers it. @returns its number. */
async function addSlot(session: Session, data: Uint8Array, number: number | undefined): Promise<number> {
  if (number !== undefined) {
    await insertNumbered(session, { id: number, data });
    return number;
  }
  const id = (await insertSlot(session, { data }))[0]?.id;
  if (id === undefined) throw lostPlace();
  return id;
}

/** Overwrites the slots with zeros and keeps them for others. One that is gone holds nothing, and stays gone. */
export async function freeCiphertexts(session: Session, slots: readonly Slot[]): Promise<void> {
  if (slots.length > 0 && session.state !== undefined) session.state.hasRemovedCiphertext = true;
  for (const slot of slots) {
    const size = slotSize(slot.ciphertext_length);
    const updated = await updateSlotRow(session, { id: slot.ciphertext_id, data: new Uint8Array(size) });
    if (updated !== 1) continue;
    await insertFree(session, { size, id: slot.ciphertext_id });
    session.state?.takenSizes.delete(size);
  }
}

/** The ciphertext in the slot's data. */
export function ciphertextOf(row: {
  readonly data: Uint8Array;
  readonly ciphertext_length: number;
}): Uint8Array {
  return ownBytes(row.data).subarray(0, row.ciphertext_length);
}
