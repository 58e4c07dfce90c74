/** Bundles of scopes that were written to: those that nobody needs any more are looked for once in each commit. */

import type { TenantId } from '../../domain/ids';
import { scopeKey, type Scope } from '../../domain/scope';
import type { Session } from '../prepared';
import { overError } from '../store-errors';
import { dropUnpinnedBundles } from './bundles';

/** As dropUnpinnedBundles, before the transaction commits. */
async function dropUnpinnedBundlesLater(
  session: Session,
  tenantId: TenantId,
  scope: Scope,
  now: number,
): Promise<void> {
  if (session.state === undefined) throw overError();
  session.state.movedScopes.set(`${tenantId}/${scopeKey(scope)}`, { tenantId, scope, now });
}

/** Does what was left for now. Of a write that was undone too: nobody needs those bundles of its scope either. */
export async function dropBundlesLeft(session: Session): Promise<void> {
  for (const { tenantId, scope, now } of session.state?.movedScopes.values() ?? [])
    await dropUnpinnedBundles(session, tenantId, scope, now);
}

export const writes = { dropUnpinnedBundlesLater };
