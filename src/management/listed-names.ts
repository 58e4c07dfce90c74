/** A scope's secrets as they are listed, read in short steps. */

import type { TenantId } from '../domain/ids';
import { MAX_SCOPE_NAMES, type Scope } from '../domain/scope';
import type { PageRequest } from '../store/paging';
import type { SecretRecord } from '../store/records';
import type { ReadTx } from '../store/store';
import { inChunks } from '../work/in-chunks';

/** By name; all of them unless asked otherwise. @param read one step. @throws DomainError as ReadTx.listSecrets. */
export function listedSecrets(
  read: Reading,
  tenantId: TenantId,
  scope: Scope,
  page: PageRequest = { limit: MAX_SCOPE_NAMES },
): AsyncIterable<SecretRecord> {
  return inChunks(
    page,
    (chunk) => read((tx) => tx.listSecrets(tenantId, scope, chunk)),
    ({ name }): string => name,
  );
}

/** How one step of a listing is read: in a transaction of its own, or in one that is open already. */
export type Reading = <T>(step: (tx: ReadTx) => Promise<T>) => Promise<T>;
