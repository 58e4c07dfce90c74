/**
 * Signs what a store holds as it is found: the rows of a version that signed none. Asked for by a file beside the
 * execution half's keys, where nobody who can only write the database puts one; later, an unsigned row is a fault.
 */

import { existsSync, rmSync } from 'node:fs';
import type { Logger } from 'pino';
import { auditEntry } from '../domain/audit-entry';
import type { Clock } from '../domain/clock';
import { allTenantIds } from '../execution/all-tenants';
import { createOpeners } from '../execution/openers';
import { takeOverFormat1 } from '../execution/take-over';
import { readIfThere, syncToDisk } from '../files/whole-file';
import { signedStore } from '../store/signed-store';
import type { Store } from '../store/store';
import type { ExecutionDir } from './data-dir';
import type { Started } from './first-start';

/**
 * What an earlier version left: values of format version 1 are sealed anew, then every row is signed. Only where
 * the file asks for it: what somebody puts into a store that is signed is not taken over.
 */
export async function takeOverUnsigned(
  dir: Pick<ExecutionDir, 'folder' | 'signAsFound' | 'writerPublicKeyset'>,
  { store, clock, keyring, serviceKeys }: Started & { readonly store: Store; readonly clock: Clock },
  logger: Logger,
): Promise<void> {
  if (!existsSync(dir.signAsFound)) return;
  const { sealed, left } = await takeOverFormat1({ store, openers: createOpeners(keyring), clock });
  if (sealed > 0)
    logger.info({ secrets: sealed }, 'sealed the secrets of format version 1 again, in format 2');
  if (left > 0) logger.warn({ secrets: left }, 'secrets do not open: `axiom verify` names them');
  const signer = await keyring.openRowSigner(serviceKeys, readIfThere(dir.writerPublicKeyset));
  await signAsFound(dir, { store: signedStore(store, signer), clock });
  logger.info('the rows of a version that signed none were signed as they were found');
}

/** May be killed at any instant: until every tenant's rows are signed, the next start signs them all again. */
export async function signAsFound(
  dir: Pick<ExecutionDir, 'folder' | 'signAsFound'>,
  { store, clock }: { readonly store: Store; readonly clock: Clock },
): Promise<void> {
  if (!existsSync(dir.signAsFound)) return;
  const call = { principal: { kind: 'operator', id: 'operator' }, door: 'operator', source: '' } as const;
  for await (const tenantId of allTenantIds(store)) {
    await store.write(async (tx) => {
      const count = await tx.signAsFound(tenantId);
      const details = { action: 'tenant.sign_as_found', resource: tenantId, count } as const;
      await tx.appendAudit(tenantId, auditEntry(call, clock(), details));
    });
  }
  rmSync(dir.signAsFound);
  syncToDisk(dir.folder);
}
