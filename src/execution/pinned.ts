/** What an execution's token pins, read and checked in one snapshot. */

import { DomainError } from '../domain/errors';
import type { TenantId } from '../domain/ids';
import { configScope, TENANT_SCOPE, type Scope } from '../domain/scope';
import type { ExecutionRecord } from '../store/records';
import type { ReadTx } from '../store/store';
import type { Claims } from './tokens';

/** A scope's pinned ciphertext, with the names that have been revoked since it was pinned. */
export interface PinnedBundle {
  readonly scope: Scope;
  readonly revision: number;
  readonly ciphertext: Uint8Array;
  readonly revoked: ReadonlySet<string>;
}

/**
 * Whether this is the execution that the token was made for. Engines choose ids, and an id may be
 * used again once its execution has been forgotten: the end of the token's time tells them apart.
 */
export function isOf(execution: ExecutionRecord | undefined, claims: Claims): execution is ExecutionRecord {
  return (
    execution !== undefined &&
    execution.tenantId === claims.tenantId &&
    execution.expireTime === claims.expireTime
  );
}

/** Whether the execution of these claims runs and its token's time has not come. */
export async function isInForce(tx: ReadTx, claims: Claims, now: number): Promise<boolean> {
  const execution = await tx.getExecution(claims.executionId);
  return isOf(execution, claims) && execution.endTime === undefined && execution.expireTime > now;
}

/**
 * The tenant's bundle, then the config's: the order in which an override wins.
 * @throws DomainError FAILED_PRECONDITION when a pinned bundle is gone: never a partial answer.
 */
export async function readPinned(tx: ReadTx, claims: Claims): Promise<readonly PinnedBundle[]> {
  const { tenantId, configId } = claims;
  const pins: { scope: Scope; revision: number }[] = [
    { scope: TENANT_SCOPE, revision: claims.tenantRevision },
  ];
  if (configId !== undefined) pins.push({ scope: configScope(configId), revision: claims.configRevision });
  const bundles: PinnedBundle[] = [];
  for (const { scope, revision } of pins.filter((pin) => pin.revision > 0)) {
    const bundle = await tx.getBundle(tenantId, scope, revision);
    if (bundle === undefined) throw bundleLost();
    const revoked = await revokedIn(tx, tenantId, { scope, revision });
    bundles.push({ scope, revision, ciphertext: bundle.ciphertext, revoked });
  }
  return bundles;
}

/**
 * The names of a pinned bundle that have been revoked since it was pinned. They are only ever added to while
 * it is pinned, so their number tells whether they changed.
 */
export async function revokedIn(
  tx: ReadTx,
  tenantId: TenantId,
  { scope, revision }: Pick<PinnedBundle, 'scope' | 'revision'>,
): Promise<ReadonlySet<string>> {
  return new Set((await tx.listRevocations(tenantId, scope, revision)).map(({ name }) => name));
}

function bundleLost(): DomainError {
  return new DomainError(
    'FAILED_PRECONDITION',
    'the pinned secrets of this execution are no longer in the store; start the execution again',
    'PINNED_BUNDLE_MISSING',
  );
}
