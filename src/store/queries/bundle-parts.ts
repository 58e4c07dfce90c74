/**
 * A scope's values, sealed in parts of a few names each: what the next bundle is made from where the bundle before is
 * gone. No execution pins a part, so whatever takes a value away drops the one part that has it, with the same write.
 */

import { PART_COUNTS, partOf } from '../../domain/bundle-parts';
import type { SecretName, TenantId } from '../../domain/ids';
import { scopeKey, type Scope } from '../../domain/scope';
import { preparedQuery, type Session } from '../prepared';
import type { BundlePartRecord, BundlePartsRecord } from '../records';
import { rowsOf } from '../rows';
import { ciphertextOf, freeCiphertexts, SLOT, storeCiphertexts, type Slot } from './ciphertexts';
import { findRevision } from './heads';

const bundleParts = rowsOf('bundle_parts');

/** Which scope, as in queries/secrets.ts, which imports this file. */
interface InScope {
  tenantId: string;
  scope: string;
}

const selectParts = preparedQuery((db, args: InScope) =>
  db
    .selectFrom('bundle_parts')
    .innerJoin('ciphertexts', 'ciphertexts.id', 'ciphertext_id')
    .select(['part', 'revision', 'ciphertext_length', 'data'])
    .where('tenant_id', '=', args.tenantId)
    .where('scope', '=', args.scope)
    .orderBy('part'),
);

/** Which there are from `from` up to `to`. */
const selectStanding = preparedQuery((db, args: InScope & { from: number; to: number }) =>
  db
    .selectFrom('bundle_parts')
    .select('part')
    .where('tenant_id', '=', args.tenantId)
    .where('scope', '=', args.scope)
    .where('part', '>=', args.from)
    .where('part', '<=', args.to),
);

const deletePart = preparedQuery((db, args: InScope & { part: number }) =>
  db
    .deleteFrom('bundle_parts')
    .where('tenant_id', '=', args.tenantId)
    .where('scope', '=', args.scope)
    .where('part', '=', args.part)
    .returning(SLOT),
);

/** Those outside of `from` up to `to`. */
const deleteOthers = preparedQuery((db, args: InScope & { from: number; to: number }) =>
  db
    .deleteFrom('bundle_parts')
    .where('tenant_id', '=', args.tenantId)
    .where('scope', '=', args.scope)
    .where((eb) => eb.or([eb('part', '<', args.from), eb('part', '>', args.to)]))
    .returning(SLOT),
);

const deleteAll = preparedQuery((db, args: InScope) =>
  db
    .deleteFrom('bundle_parts')
    .where('tenant_id', '=', args.tenantId)
    .where('scope', '=', args.scope)
    .returning(SLOT),
);

/** Into however many parts the scope is divided, one of these has the name. */
const deleteWhereMayBe = preparedQuery((db, args: InScope & Record<string, number | string>) =>
  db
    .deleteFrom('bundle_parts')
    .where('tenant_id', '=', args.tenantId)
    .where('scope', '=', args.scope)
    .where(
      'part',
      'in',
      PART_COUNTS.map((count) => args[`of${count}`] as number),
    )
    .returning(SLOT),
);

/** In ascending order of their numbers. */
async function listBundleParts(
  session: Session,
  tenantId: TenantId,
  scope: Scope,
): Promise<readonly BundlePartRecord[]> {
  const rows = await selectParts(session, { tenantId, scope: scopeKey(scope) });
  return rows.map((row) => ({ part: row.part, revision: row.revision, ciphertext: ciphertextOf(row) }));
}

/**
 * Puts these parts in the place of what there is of them, and drops those of another count. Does nothing where the scope
 * has moved on since they were made: they may hold what was taken away meanwhile.
 */
async function putBundleParts(
  session: Session,
  tenantId: TenantId,
  scope: Scope,
  { count, revision, parts }: BundlePartsRecord,
): Promise<void> {
  const place = { tenantId, scope: scopeKey(scope) };
  if (parts.length === 0 || (await findRevision(session, tenantId, place.scope)) !== revision) return;
  await freeCiphertexts(session, await deleteOthers(session, { ...place, from: count, to: 2 * count - 1 }));
  await dropStanding(session, place, new Set(parts.map(({ part }) => part)));
  const slots = await storeCiphertexts(
    session,
    parts.map(({ ciphertext }) => ciphertext),
  );
  for (const [index, { part }] of parts.entries()) {
    await bundleParts.add(session, {
      ...{ tenant_id: tenantId, scope: place.scope },
      ...{ part, revision, ...(slots[index] as Slot) },
    });
  }
}

/** Those of these parts that there are: none of a scope whose parts are put for the first time. */
async function dropStanding(session: Session, place: InScope, parts: ReadonlySet<number>): Promise<void> {
  const range = { from: Math.min(...parts), to: Math.max(...parts) };
  for (const { part } of await selectStanding(session, { ...place, ...range }))
    if (parts.has(part)) await freeCiphertexts(session, await deletePart(session, { ...place, part }));
}

/** Drops what holds the name's value, or may hold it. */
export async function dropPartsWith(
  session: Session,
  tenantId: TenantId,
  scope: Scope,
  name: SecretName,
): Promise<void> {
  const numbers = Object.fromEntries(PART_COUNTS.map((count) => [`of${count}`, partOf(name, count)]));
  const dropped = await deleteWhereMayBe(session, { tenantId, scope: scopeKey(scope), ...numbers });
  await freeCiphertexts(session, dropped);
}

/** Drops all of the scope's. */
export async function dropAllParts(session: Session, tenantId: TenantId, scope: Scope): Promise<void> {
  await freeCiphertexts(session, await deleteAll(session, { tenantId, scope: scopeKey(scope) }));
}

export const reads = { listBundleParts };

export const writes = { putBundleParts };
