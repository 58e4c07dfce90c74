/** Stores one sealed value in a scope, or takes one out: what adding, replacing and overriding share. */

import { paddedLengthOf } from '../crypto/format/sealed-value';
import type { SealedValue } from '../crypto/types';
import { auditEntry } from '../domain/audit-entry';
import type { Call } from '../domain/call';
import { DomainError } from '../domain/errors';
import { checkEtag } from '../domain/etag';
import type { SecretName, TenantId } from '../domain/ids';
import { MAX_SCOPE_BYTES, MAX_SCOPE_NAMES, scopeKey, type Scope } from '../domain/scope';
import type { ScopeRecord, SealedSecretRecord, SecretRecord } from '../store/records';
import type { ReadTx, WriteTx } from '../store/store';
import type { ManagementContext } from './context';

/** Whether the name must be free, must exist, or may be either. */
export type WriteMode = 'add' | 'replace' | 'set';

/** One value to write. */
export interface SealedWrite {
  readonly tenantId: TenantId;
  readonly scope: Scope;
  readonly name: SecretName;
  readonly sealed: SealedValue;
  readonly mode: WriteMode;
  /** '' matches any state. */
  readonly etag: string;
  /** Who also takes the value that stood so far from running executions. */
  readonly revokedBy: Call | undefined;
}

/**
 * Stores a value that is sealed inside the caller's transaction.
 * @throws DomainError ALREADY_EXISTS, NOT_FOUND, ABORTED, RESOURCE_EXHAUSTED.
 */
export async function putSealed(
  context: ManagementContext,
  tx: WriteTx,
  write: SealedWrite,
): Promise<SecretRecord> {
  const { tenantId, scope, name } = write;
  const existing = await tx.getSecret(tenantId, scope, name);
  const row = makeRow(context, write, await tx.getScope(tenantId, scope), existing);
  await tx.putSecret(tenantId, scope, row, existing === undefined);
  await settleScope(tx, write, row.version - 1, row.updateTime);
  return row;
}

/** One of several values for a scope, with what its name holds so far. */
export interface BatchWrite extends Pick<SealedWrite, 'name' | 'sealed' | 'mode'> {
  readonly existing: SecretRecord | undefined;
}

/** The same for several names of one scope, each another one, which is settled once. @throws DomainError as putSealed. */
export async function putAllSealed(
  context: ManagementContext,
  tx: WriteTx,
  place: Pick<SealedWrite, 'tenantId' | 'scope'>,
  writes: readonly BatchWrite[],
): Promise<readonly SecretRecord[]> {
  const { tenantId, scope } = place;
  let state = await tx.getScope(tenantId, scope);
  const rows: SealedSecretRecord[] = [];
  for (const { existing, ...write } of writes) {
    const whole = { ...place, ...write, etag: '', revokedBy: undefined };
    const row = makeRow(context, whole, state, existing);
    rows.push(row);
    state = {
      revision: row.version,
      names: state.names + (existing === undefined ? 1 : 0),
      bytes: state.bytes + row.paddedBytes - (existing?.paddedBytes ?? 0),
    };
  }
  await tx.putSecrets(tenantId, scope, rows);
  await tx.dropUnpinnedBundlesLater(tenantId, scope, context.clock());
  return rows;
}

/** The row that follows the scope's state and what the name holds. */
function makeRow(
  context: ManagementContext,
  write: SealedWrite,
  state: ScopeRecord,
  existing: SecretRecord | undefined,
): SealedSecretRecord {
  const { name, sealed } = write;
  checkMode(write, existing);
  const paddedBytes = paddedLengthOf(sealed.ciphertext);
  checkLimits(state, existing, paddedBytes);
  const now = context.clock();
  return {
    name,
    version: state.revision + 1,
    paddedBytes,
    createTime: existing?.createTime ?? now,
    updateTime: now,
    sealId: sealed.sealId,
    ciphertext: sealed.ciphertext,
  };
}

/** One name to take out. */
export type SealedDelete = Pick<SealedWrite, 'tenantId' | 'scope' | 'name' | 'etag' | 'revokedBy'>;

/**
 * Removes a value inside the caller's transaction.
 * @returns the name, and the revision that the scope has without it.
 * @throws DomainError NOT_FOUND, ABORTED.
 */
export async function deleteSealed(
  context: ManagementContext,
  tx: WriteTx,
  target: SealedDelete,
): Promise<Pick<SecretRecord, 'name' | 'version'>> {
  const { name } = await getStanding(tx, target);
  const { revision } = await tx.getScope(target.tenantId, target.scope);
  await tx.deleteSecret(target.tenantId, target.scope, name, revision + 1);
  await settleScope(tx, target, revision, context.clock());
  return { name, version: revision + 1 };
}

/** The secret that is to be deleted, in the state that the caller named. @throws DomainError NOT_FOUND, ABORTED. */
export async function getStanding(
  tx: ReadTx,
  target: Omit<SealedDelete, 'revokedBy'>,
): Promise<SecretRecord> {
  const existing = await tx.getSecret(target.tenantId, target.scope, target.name);
  if (existing === undefined) throw notFound(target);
  checkEtag(target.etag, existing.version, describe(target));
  return existing;
}

/** Notes the revocation that was asked for, and drops bundles that nobody needs any more. */
async function settleScope(
  tx: WriteTx,
  target: SealedDelete,
  oldRevision: number,
  now: number,
): Promise<void> {
  const { tenantId, scope, name, revokedBy } = target;
  if (revokedBy !== undefined) {
    await tx.insertRevocation(tenantId, scope, { name, upToRevision: oldRevision, revokeTime: now });
    // A revocation that is taken out of the database is looked for by this.
    const details = { action: 'secret.revoke' as const, resource: name, version: oldRevision };
    await tx.appendAudit(tenantId, auditEntry(revokedBy, now, { ...details, scope: scopeKey(scope) }));
  }
  await tx.dropUnpinnedBundlesLater(tenantId, scope, now);
}

function checkMode(write: SealedWrite, existing: SecretRecord | undefined): void {
  if (write.mode === 'add' && existing !== undefined) {
    throw new DomainError(
      'ALREADY_EXISTS',
      `${describe(write)} already exists; replace it if you mean to overwrite its value`,
      'SECRET_EXISTS',
    );
  }
  if (existing !== undefined) {
    checkEtag(write.etag, existing.version, describe(write));
  } else if (write.mode === 'replace' || write.etag !== '') {
    throw notFound(write);
  }
}

function checkLimits(state: ScopeRecord, existing: SecretRecord | undefined, paddedBytes: number): void {
  if (existing === undefined && state.names >= MAX_SCOPE_NAMES) {
    throw new DomainError(
      'RESOURCE_EXHAUSTED',
      `this scope holds ${MAX_SCOPE_NAMES} names, the most it can; delete one that is no longer read`,
      'SCOPE_NAMES_EXHAUSTED',
    );
  }
  if (state.bytes - (existing?.paddedBytes ?? 0) + paddedBytes > MAX_SCOPE_BYTES) {
    throw new DomainError(
      'RESOURCE_EXHAUSTED',
      `this scope's values, padded, would exceed ${MAX_SCOPE_BYTES} bytes in all; delete one or save a shorter value`,
      'SCOPE_BYTES_EXHAUSTED',
    );
  }
}

function notFound(target: Pick<SealedWrite, 'scope' | 'name'>): DomainError {
  return new DomainError(
    'NOT_FOUND',
    `${describe(target)} does not exist; list the names to see which do`,
    'SECRET_NOT_FOUND',
  );
}

function describe(target: Pick<SealedWrite, 'scope' | 'name'>): string {
  return target.scope.kind === 'tenant'
    ? `secret ${target.name}`
    : `override ${target.name} of this flow config`;
}
