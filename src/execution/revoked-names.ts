/**
 * Which names were taken from a running execution. Sidecars ask every second for every execution that they hold
 * secrets of, so nothing is opened while nothing was revoked, and once for each state of what was.
 */

import { scopeKey } from '../domain/scope';
import type { ReadTx } from '../store/store';
import type { Openers } from './openers';
import { pinsOf, readPinned, revokedIn, type PinnedBundle } from './pinned';
import { openRemaining } from './revocations';
import type { Claims } from './tokens';

/** States whose answer is kept: names only. The longest unused goes first. */
const MAX_KEPT = 1_000;

type Revoked = Omit<PinnedBundle, 'ciphertext'>;

export interface RevokedNames {
  /** @throws DomainError as readPinned and openerOf. */
  of(tx: ReadTx, claims: Claims): Promise<readonly string[]>;
}

export function createRevokedNames(openers: Openers): RevokedNames {
  const kept = new Map<string, readonly string[]>();
  return {
    async of(tx, claims) {
      const pins: Revoked[] = [];
      for (const pin of pinsOf(claims))
        pins.push({ ...pin, revoked: await revokedIn(tx, claims.tenantId, pin) });
      if (pins.every((pin) => pin.revoked.size === 0)) return [];
      const key = stateOf(claims, pins);
      const names = kept.get(key) ?? (await open(openers, tx, claims));
      kept.delete(key);
      kept.set(key, names);
      if (kept.size > MAX_KEPT) kept.delete(kept.keys().next().value as string);
      return names;
    },
  };
}

/** A pinned bundle never changes but for what is revoked in it, and that only ever grows (see revokedIn). */
function stateOf({ tenantId }: Claims, pins: readonly Revoked[]): string {
  const parts = pins.map(({ scope, revision, revoked }) => [scopeKey(scope), revision, revoked.size]);
  return JSON.stringify([tenantId, parts]);
}

/** Which of the revoked names were pinned, only the bundles say. */
async function open(openers: Openers, tx: ReadTx, claims: Claims): Promise<readonly string[]> {
  const bundles = await readPinned(tx, claims);
  const opener = await openers.openerOf(tx, claims.tenantId);
  const { secrets, revokedNames } = await openRemaining(opener, claims.tenantId, bundles);
  for (const secret of Object.values(secrets)) secret.value.fill(0);
  return revokedNames;
}
