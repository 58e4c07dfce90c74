/**
 * Removes what nothing needs any more: dead executions with their pins and counts, revoked values in pinned bundles, and
 * console sessions whose time is over.
 */

import { DomainError } from '../domain/errors';
import type { TenantId } from '../domain/ids';
import type { Scope } from '../domain/scope';
import type { ExecutionServerContext } from './context';
import { revokedIn, type PinnedBundle } from './pinned';
import { LATE_READS_MS, settleReads } from './record-reads';
import { scrubBundle } from './revocations';

const BATCH = 500;

/** One pass. Idempotent: it may be killed at any instant, and goes on at the next pass. */
export async function sweep(context: ExecutionServerContext): Promise<void> {
  const before = context.clock() - LATE_READS_MS;
  await settleReads(context, before);
  for (;;) {
    const removed = await context.store.write((tx) => tx.removeDeadExecutions(before, BATCH), {
      scrub: true,
    });
    if (removed < BATCH) break;
  }
  let failure: unknown;
  for (const target of await context.store.read((tx) => tx.listBundlesToScrub(BATCH))) {
    // A bundle that does not open must not keep other tenants' revoked values in theirs.
    await scrubOne(context, target).catch((error: unknown) => (failure = error));
  }
  await removeExpiredSessions(context);
  if (failure !== undefined) throw failure;
}

/** A log-in removes those of its own tenant; this, of tenants where nobody logs in any more. */
async function removeExpiredSessions({ store, clock }: ExecutionServerContext): Promise<void> {
  const now = clock();
  let tenants: readonly TenantId[] = [];
  do {
    const after = tenants.at(-1) ?? '';
    tenants = await store.read((tx) => tx.listTenantsWithExpiredSessions(after, now, BATCH));
    for (const tenant of tenants)
      await store.write((tx) => tx.deleteSessions(tenant, ({ session }) => session.expireTime <= now), {
        tenant,
      });
  } while (tenants.length === BATCH);
}

interface Target {
  readonly tenantId: TenantId;
  readonly scope: Scope;
  readonly revision: number;
}

/** Putting the bundle takes it off the list, so that a pass with nothing new writes nothing. */
async function scrubOne(context: ExecutionServerContext, target: Target): Promise<void> {
  const { tenantId, scope, revision } = target;
  const found = await context.store.read(async (tx) => {
    const bundle = await tx.getBundle(tenantId, scope, revision);
    if (bundle === undefined) return undefined;
    const revoked = await revokedIn(tx, tenantId, target).catch(noneIfTooMuch);
    if (revoked === undefined) return 'to-drop';
    const pinned: PinnedBundle = { scope, revision, ciphertext: bundle.ciphertext, revoked };
    return { pinned, opener: await context.openers.openerOf(tx, tenantId) };
  });
  if (found === undefined) return;
  if (found === 'to-drop') {
    // Nobody gets it any more, and which of its values were taken is not looked up.
    const drop = { tenant: tenantId, scrub: true };
    await context.store.write((tx) => tx.deleteBundle(tenantId, scope, revision), drop);
    return;
  }
  const { revoked } = found.pinned;
  const rest = await scrubBundle(found.opener, tenantId, found.pinned);
  await context.store.write(
    async (tx) => {
      // What was revoked or dropped since it was read is left to the next pass.
      const stands = (await tx.getBundle(tenantId, scope, revision)) !== undefined;
      if (!stands || (await revokedIn(tx, tenantId, target)).size !== revoked.size) return;
      await tx.putBundle(tenantId, scope, rest);
    },
    { tenant: tenantId, scrub: true },
  );
}

function noneIfTooMuch(error: unknown): undefined {
  if (!(error instanceof DomainError) || error.reason !== 'TOO_MUCH_REVOKED') throw error;
}
