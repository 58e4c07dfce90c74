/** What an execution's token pins, read and checked in one snapshot. */

import { DomainError } from '../domain/errors';
import type { TenantId } from '../domain/ids';
import { configScope, TENANT_SCOPE, type Scope } from '../domain/scope';
import type { ExecutionRecord } from '../store/records';
import { rowNotSigned } from '../store/store-errors';
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
  return isInForceAs(await tx.getExecutionState(claims.executionId), claims, now);
}

/** The same of what was read already. The execution's own row could have been set back: the log knows its end too. */
export function isInForceAs<S extends ExecutionState>(
  state: S | undefined,
  claims: Claims,
  now: number,
): state is S {
  if (state === undefined || state.hasEnded || !isOf(state.execution, claims)) return false;
  return state.execution.endTime === undefined && state.execution.expireTime > now;
}

interface ExecutionState {
  readonly execution: ExecutionRecord;
  readonly hasEnded: boolean;
}

/** A scope with the revision of it that an execution gets. */
export interface Pin {
  readonly scope: Scope;
  readonly revision: number;
}

/** The tenant's pin, then the config's: the order in which an override wins. None where nothing was ever written. */
export function pinsOf({
  configId,
  tenantRevision,
  configRevision,
}: Pick<Claims, 'configId' | 'tenantRevision' | 'configRevision'>): readonly Pin[] {
  const pins: Pin[] = [{ scope: TENANT_SCOPE, revision: tenantRevision }];
  if (configId !== undefined) pins.push({ scope: configScope(configId), revision: configRevision });
  return pins.filter((pin) => pin.revision > 0);
}

/** In the order of pinsOf. @throws DomainError FAILED_PRECONDITION when a pinned bundle is gone: never a partial answer. */
export async function readPinned(tx: ReadTx, claims: Claims): Promise<readonly PinnedBundle[]> {
  const { tenantId } = claims;
  const bundles: PinnedBundle[] = [];
  for (const { scope, revision } of pinsOf(claims)) {
    const bundle = await tx.getBundle(tenantId, scope, revision);
    if (bundle === undefined) throw bundleLost();
    const revoked = await revokedIn(tx, tenantId, { scope, revision });
    // The bundle counts what was revoked of it: a revocation that was taken away would give its value again.
    if (bundle.toScrub > revoked.size) throw rowNotSigned('the list of revoked names');
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

/** A revision that is no longer the newest cannot be made again: its rows are gone. */
export function bundleLost(): DomainError {
  return new DomainError(
    'FAILED_PRECONDITION',
    'the secrets that this execution pinned are gone from the store or do not open, and newer ones have taken ' +
      'their place; start the execution again',
    'PINNED_BUNDLE_LOST',
  );
}
