/** A scope's secrets as they are listed, read in short steps. */

import type { TenantId } from '../domain/ids';
import { MAX_SCOPE_NAMES, type Scope } from '../domain/scope';
import type { PageRequest } from '../store/paging';
import type { SecretRecord } from '../store/records';
import type { ReadTx } from '../store/store';
import { inChunks } from '../work/in-chunks';

/** By name; all of them unless asked otherwise. @throws DomainError as ReadTx.listSecrets. */
export function listedSecrets(
  tx: ReadTx,
  tenantId: TenantId,
  scope: Scope,
  page: PageRequest = { limit: MAX_SCOPE_NAMES },
): Promise<readonly SecretRecord[]> {
  return inChunks(
    page,
    (chunk) => tx.listSecrets(tenantId, scope, chunk),
    ({ name }): string => name,
  );
}
