/** Removes what nothing needs any more: dead executions with their pins, and revoked values in pinned bundles. */

import { scopeKey, type Scope } from '../domain/scope';
import type { TenantId } from '../domain/ids';
import type { ExecutionServerContext } from './context';
import type { PinnedBundle } from './pinned';
import { scrubBundle } from './revocations';

/** Ended executions stay so long, so that late reports of reads find them. */
const KEEP_DEAD_MS = 60_000;
const BATCH = 500;

/** One pass. Idempotent: it may be killed at any instant, and goes on at the next pass. */
export async function sweep(context: ExecutionServerContext, scrubbed: Set<string>): Promise<void> {
  const before = context.clock() - KEEP_DEAD_MS;
  for (;;) {
    const removed = await context.store.write((tx) => tx.removeDeadExecutions(before, BATCH), { scrub: true });
    if (removed < BATCH) break;
  }
  for (const target of await context.store.read((tx) => tx.listBundlesToScrub(BATCH))) {
    await scrubOne(context, target, scrubbed);
  }
}

interface Target {
  readonly tenantId: TenantId;
  readonly scope: Scope;
  readonly revision: number;
}

/** `scrubbed` remembers what this process has done, so that a pass with nothing new writes nothing. */
async function scrubOne(context: ExecutionServerContext, target: Target, scrubbed: Set<string>): Promise<void> {
  const { tenantId, scope, revision } = target;
  const found = await context.store.read(async (tx) => {
    const bundle = await tx.getBundle(tenantId, scope, revision);
    if (bundle === undefined) return undefined;
    const revoked = new Set<string>((await tx.listRevocations(tenantId, scope, revision)).map((one) => one.name));
    const pinned: PinnedBundle = { scope, revision, ciphertext: bundle.ciphertext, revoked };
    return { pinned, opener: await context.openers.openerOf(tx, tenantId) };
  });
  if (found === undefined) return;
  const key = `${tenantId}/${scopeKey(scope)}/${revision}/${[...found.pinned.revoked].sort().join()}`;
  if (scrubbed.has(key)) return;
  const rest = await scrubBundle(found.opener, tenantId, found.pinned);
  await context.store.write((tx) => tx.putBundle(tenantId, scope, rest), { scrub: true });
  scrubbed.add(key);
}
