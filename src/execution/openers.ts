/** Unwrapped keysets of tenants, kept: unwrapping asks the KEK's holder. Keysets may be cached; values never are. */

import type { Keyring, TenantOpener } from '../crypto/open/opener';
import { DomainError } from '../domain/errors';
import type { TenantId } from '../domain/ids';
import { RecentMap } from '../domain/recent-map';
import type { ReadTx } from '../store/store';

/** So many tenants' keysets stay unwrapped at least. */
const KEPT_OPENERS = 5_000;

/** Unwrapped, or being unwrapped for whoever asks meanwhile. */
interface Kept {
  readonly opening: Promise<TenantOpener>;
  opener: TenantOpener | undefined;
}

/** Answers tenants' openers. */
export interface Openers {
  /** @throws DomainError NOT_FOUND for a tenant that does not exist, FAILED_PRECONDITION for one without keysets, UNAVAILABLE when the KEK cannot be reached. */
  openerOf(tx: ReadTx, tenantId: TenantId): Promise<TenantOpener>;
  /** The opener of the tenant's keysets in that revision, where they are unwrapped already: nothing waits for the KEK's holder then. */
  keptOf(tenantId: TenantId, keysRevision: number): TenantOpener | undefined;
}

export function createOpeners(keyring: Keyring): Openers {
  const kept = new RecentMap<string, Kept>(KEPT_OPENERS);
  const unwrap = async (tx: ReadTx, tenantId: TenantId) => {
    const keys = await tx.getTenantKeys(tenantId);
    if (keys === undefined) throw await noKeysets(tx, tenantId);
    return keyring.openTenant(tenantId, keys);
  };
  return {
    keptOf: (tenantId, keysRevision) => kept.get(`${tenantId}/${keysRevision}`)?.opener,

    async openerOf(tx, tenantId) {
      const revision = await tx.getTenantKeysRevision(tenantId);
      if (revision === undefined) throw await noKeysets(tx, tenantId);
      const key = `${tenantId}/${revision}`;
      const shared = kept.get(key);
      const one: Kept = shared ?? { opening: unwrap(tx, tenantId), opener: undefined };
      kept.set(key, one);
      try {
        one.opener = await one.opening;
        return one.opener;
      } catch (error) {
        if (kept.get(key) === one) kept.delete(key);
        // Who asked first may have ceased to wait; whoever does still asks for itself.
        if (shared !== undefined) return this.openerOf(tx, tenantId);
        throw error;
      }
    },
  };
}

/** A tenant is made with its keysets: where it is without them, they were lost. */
async function noKeysets(tx: ReadTx, tenantId: TenantId): Promise<DomainError> {
  if ((await tx.getTenant(tenantId)) === undefined) return tenantNotFound(tenantId);
  return new DomainError(
    'FAILED_PRECONDITION',
    `the keysets of tenant ${tenantId} are not in the store, so nothing of it opens; restore a backup`,
    'TENANT_KEYSETS_MISSING',
  );
}

export function tenantNotFound(tenantId: TenantId): DomainError {
  return new DomainError(
    'NOT_FOUND',
    `tenant ${tenantId} does not exist; the operator creates tenants`,
    'TENANT_NOT_FOUND',
  );
}
