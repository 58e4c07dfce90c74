/** The keyset that a tenant's values are sealed to, for clients that seal by themselves. */

import type { Handlers } from '../domain/call';
import { DomainError } from '../domain/errors';
import type { TenantId } from '../domain/ids';
import type { TenantPrincipal } from '../domain/principal';
import type { SecretsService } from '../gen/axiom/secrets/v1/secrets_pb';
import type { TenantKeysRecord } from '../store/records';
import type { ReadTx } from '../store/store';
import type { ManagementContext } from './context';

export function publicKeysetHandlers(
  context: ManagementContext,
): Handlers<typeof SecretsService, 'getPublicKeyset', TenantPrincipal> {
  return {
    async getPublicKeyset(call) {
      const { tenantId } = call.principal;
      const keys = await context.store.read((tx) => getTenantKeys(tx, tenantId), call);
      // Refused here too where the signature does not hold: the message says what to do.
      await context.sealers.forTenant(keys);
      const { publicKeyset, publicKeysetSignature } = keys;
      return {
        tenantId,
        publicKeyset,
        publicKeysetSignature,
        verifyingKeyset: context.sealers.verifyingKeyset,
      };
    },
  };
}

/** @throws DomainError FAILED_PRECONDITION for a tenant without keysets. */
export async function getTenantKeys(tx: ReadTx, tenantId: TenantId): Promise<TenantKeysRecord> {
  const keys = await tx.getTenantKeys(tenantId);
  if (keys !== undefined) return keys;
  throw new DomainError(
    'FAILED_PRECONDITION',
    'this tenant has no keyset; ask the operator to create the tenant again or restore its backup',
    'TENANT_KEYS_MISSING',
  );
}
