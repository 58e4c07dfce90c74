/**
 * Takes over what an earlier version stored: seals every secret of format version 1 again (docs/format.md).
 *
 * Runs when the execution server starts and looks for what is left, so a start that was killed goes on. A
 * value keeps its version, so nobody sees a change. One that does not open stays as it is: executions and
 * `verify` name it, and it can be replaced or deleted.
 */

import type { TenantOpener } from '../crypto/open/opener';
import type { SealedValue } from '../crypto/types';
import { paddedLengthOf } from '../crypto/format/sealed-value';
import type { Call } from '../domain/call';
import { DomainError } from '../domain/errors';
import { scopeKey } from '../domain/scope';
import { auditEntry } from '../domain/audit-entry';
import type { SealedSecretRecord, TenantScope } from '../store/records';
import type { Store, WriteTx } from '../store/store';
import type { ExecutionServerContext } from './context';

const SCOPES_AT_ONCE = 100;

/** Said of the audit events: nobody called. */
const CALL: Call = { principal: { kind: 'operator', id: 'operator' }, door: 'operator', source: '' };

/** What taking over needs: less than a running server has. */
type TakingOver = Pick<ExecutionServerContext, 'openers' | 'clock'> & { readonly store: Store };

/** @returns how many secrets were sealed anew, and how many did not open. */
export async function takeOverFormat1(context: TakingOver): Promise<{ sealed: number; left: number }> {
  const total = { sealed: 0, left: 0 };
  let after: TenantScope | undefined;
  for (;;) {
    const scopes = await context.store.read((tx) => tx.listFormat1Scopes(SCOPES_AT_ONCE, after));
    for (const scope of scopes) {
      const { sealed, left } = await takeOverScope(context, scope);
      total.sealed += sealed;
      total.left += left;
    }
    if (scopes.length < SCOPES_AT_ONCE) return total;
    after = scopes.at(-1);
  }
}

interface Resealed extends SealedValue {
  readonly row: SealedSecretRecord;
}

async function takeOverScope(context: TakingOver, one: TenantScope) {
  const { opener, rows } = await context.store.read(async (tx) => ({
    opener: await context.openers.openerOf(tx, one.tenantId),
    rows: await tx.listSealedSecrets(one.tenantId, one.scope),
  }));
  const old = rows.filter(({ sealId }) => sealId === undefined);
  const resealed: Resealed[] = [];
  for (const row of old) {
    const sealed = await reseal(opener, one, row);
    if (sealed !== undefined) resealed.push({ row, ...sealed });
  }
  const sealed = await context.store.write((tx) => storeScope(context, tx, opener, one, resealed));
  return { sealed, left: old.length - resealed.length };
}

/** @returns undefined for a row that does not open. */
async function reseal(
  opener: TenantOpener,
  { tenantId, scope }: TenantScope,
  { name, version, ciphertext }: SealedSecretRecord,
): Promise<SealedValue | undefined> {
  try {
    return await opener.takeOver(ciphertext, { tenantId, scope, name, version });
  } catch (error) {
    if (error instanceof DomainError && error.reason === 'CIPHERTEXT_DOES_NOT_OPEN') return undefined;
    throw error;
  }
}

async function storeScope(
  context: TakingOver,
  tx: WriteTx,
  opener: TenantOpener,
  one: TenantScope,
  resealed: readonly Resealed[],
): Promise<number> {
  let stored = 0;
  for (const { row, sealId, ciphertext } of resealed) {
    const { name, version } = row;
    const paddedBytes = paddedLengthOf(ciphertext);
    if (await tx.takeOverSecret(one, { name, version, sealId, ciphertext, paddedBytes })) stored++;
  }
  if (stored === 0) return 0;
  await takeOverBundle(tx, opener, one);
  const key = scopeKey(one.scope);
  const details = { action: 'secret.take_over' as const, resource: key, scope: key, count: stored };
  await tx.appendAudit(one.tenantId, auditEntry(CALL, context.clock(), details));
  return stored;
}

/** The newest bundle shows the values' length by its own until it is padded too. */
async function takeOverBundle(
  tx: WriteTx,
  opener: TenantOpener,
  { tenantId, scope }: TenantScope,
): Promise<void> {
  const bundle = await tx.getBundle(tenantId, scope);
  const { revision } = await tx.getScope(tenantId, scope);
  if (bundle?.revision !== revision) return;
  const binding = { tenantId, scope, revision };
  try {
    const plaintext = await opener.openBundle(bundle.ciphertext, binding);
    const ciphertext = await opener.sealBundle(plaintext, binding).finally(() => plaintext.fill(0));
    await tx.putBundle(tenantId, scope, { revision, ciphertext });
  } catch (error) {
    // It is derived data: where it does not open, it is made again from the rows.
    if (!(error instanceof DomainError) || error.reason !== 'CIPHERTEXT_DOES_NOT_OPEN') throw error;
    await tx.deleteBundle(tenantId, scope, revision);
  }
}
