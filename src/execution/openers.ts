/** Unwrapped keysets of tenants, kept: unwrapping asks the KEK's holder. Keysets may be cached; values never are. */

import type { Keyring, TenantOpener } from '../crypto/open/opener';
import { DomainError } from '../domain/errors';
import type { TenantId } from '../domain/ids';
import type { ReadTx } from '../store/store';

/** So many tenants' keysets stay unwrapped; the longest unused goes first. */
const MAX_OPENERS = 10_000;

/** Answers tenants' openers. */
export interface Openers {
  /** @throws DomainError NOT_FOUND for a tenant that does not exist, FAILED_PRECONDITION for one without keysets, UNAVAILABLE when the KEK cannot be reached. */
  openerOf(tx: ReadTx, tenantId: TenantId): Promise<TenantOpener>;
  /** Whether the tenant's newest keysets are unwrapped already: nothing of it waits for the KEK's holder then. */
  isKept(tx: ReadTx, tenantId: TenantId): Promise<boolean>;
}

export function createOpeners(keyring: Keyring): Openers {
  const kept = new Map<string, Promise<TenantOpener>>();
  const unwrap = async (tx: ReadTx, tenantId: TenantId) => {
    const keys = await tx.getTenantKeys(tenantId);
    if (keys === undefined) throw await noKeysets(tx, tenantId);
    return keyring.openTenant(tenantId, keys);
  };
  return {
    async isKept(tx, tenantId) {
      return kept.has(`${tenantId}/${await tx.getTenantKeysRevision(tenantId)}`);
    },

    async openerOf(tx, tenantId) {
      const revision = await tx.getTenantKeysRevision(tenantId);
      if (revision === undefined) throw await noKeysets(tx, tenantId);
      const key = `${tenantId}/${revision}`;
      const shared = kept.get(key);
      const opener = shared ?? unwrap(tx, tenantId);
      // Set again: a Map iterates in order of insertion, so the first is the longest unused.
      kept.delete(key);
      kept.set(key, opener);
      if (kept.size > MAX_OPENERS) kept.delete(kept.keys().next().value as string);
      try {
        return await opener;
      } catch (error) {
        if (kept.get(key) === opener) kept.delete(key);
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
