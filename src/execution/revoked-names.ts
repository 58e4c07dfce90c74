/**
 * Which names were taken from a running execution. Sidecars ask every second for every execution that they hold
 * secrets of, so nothing is listed while nothing was revoked, nor twice for the same newest revocation, and nothing is
 * opened but for a name that was not revoked before.
 */

import type { TenantId } from '../domain/ids';
import { RecentMap } from '../domain/recent-map';
import { scopeKey } from '../domain/scope';
import type { ReadTx } from '../store/store';
import type { Openers } from './openers';
import { pinsOf, readPinned, revokedIn, type Pin } from './pinned';
import { openRemaining } from './revocations';
import type { Claims } from './tokens';

/** States whose answer is kept at least: names only. */
const KEPT_STATES = 500;

export interface RevokedNames {
  /** @throws DomainError as readPinned and openerOf. */
  of(tx: ReadTx, claims: Claims): Promise<readonly string[]>;
}

export function createRevokedNames(openers: Openers): RevokedNames {
  const byNewest = new RecentMap<string, readonly string[]>(KEPT_STATES);
  const byNumber = new RecentMap<string, readonly string[]>(KEPT_STATES);
  return {
    async of(tx, claims) {
      const { tenantId } = claims;
      const pins = pinsOf(claims);
      const newest: [made: number, logged: number][] = [];
      for (const { scope } of pins) {
        const { made, logged } = await tx.getNewestRevocation(tenantId, scope);
        newest.push([made, logged]);
      }
      if (pins.every(({ revision }, index) => newest[index]?.every((one) => one < revision))) return [];
      return keptOr(byNewest, stateOf(tenantId, pins, newest), async () => {
        const numbers: number[] = [];
        for (const pin of pins) numbers.push((await revokedIn(tx, tenantId, pin)).size);
        // A pinned bundle never changes but for what is revoked in it, and that only ever grows (see revokedIn).
        return keptOr(byNumber, stateOf(tenantId, pins, numbers), () => open(openers, tx, claims));
      });
    },
  };
}

async function keptOr(
  kept: RecentMap<string, readonly string[]>,
  key: string,
  find: () => Promise<readonly string[]>,
): Promise<readonly string[]> {
  const names = kept.get(key) ?? (await find());
  kept.set(key, names);
  return names;
}

function stateOf(tenantId: TenantId, pins: readonly Pin[], of: readonly unknown[]): string {
  return JSON.stringify([
    tenantId,
    pins.map(({ scope, revision }, index) => [scopeKey(scope), revision, of[index]]),
  ]);
}

/** Which of the revoked names were pinned, only the bundles say. */
async function open(openers: Openers, tx: ReadTx, claims: Claims): Promise<readonly string[]> {
  const bundles = await readPinned(tx, claims);
  const opener = await openers.openerOf(tx, claims.tenantId);
  const { secrets, revokedNames } = await openRemaining(opener, claims.tenantId, bundles);
  for (const secret of Object.values(secrets)) secret.value.fill(0);
  return revokedNames;
}
