/** Makes pinned bundles again that are gone or do not open, as long as the rows that they were made from are there. */

import { DomainError } from '../domain/errors';
import { currentRevision, makeBundle, opens, readBundleSource } from './bundles';
import type { ExecutionServerContext } from './context';
import type { KnownEntries } from './known-entries';
import { bundleLost, pinsOf, type Pin } from './pinned';
import type { Claims } from './tokens';

/** Whether this failure is one that mending may help. */
export function isDamage(error: unknown): boolean {
  return (
    error instanceof DomainError && ['CIPHERTEXT_DOES_NOT_OPEN', 'PINNED_BUNDLE_LOST'].includes(error.reason)
  );
}

/**
 * Mends what of these pins is damaged, each in its own revision.
 * @throws DomainError FAILED_PRECONDITION (PINNED_BUNDLE_LOST) for a revision whose rows are gone.
 */
export async function mendPinned(context: ExecutionServerContext, claims: Claims): Promise<void> {
  for (const pin of pinsOf(claims)) await mendOne(context, claims, pin);
}

async function mendOne(context: ExecutionServerContext, claims: Claims, pin: Pin): Promise<void> {
  const opened: KnownEntries[] = [];
  try {
    await mendAsRead(context, claims, pin, opened);
  } finally {
    for (const known of opened) known.wipe();
  }
}

async function mendAsRead(
  context: ExecutionServerContext,
  { tenantId }: Claims,
  { scope, revision }: Pin,
  opened: KnownEntries[],
): Promise<void> {
  const found = await context.store.read(
    async (tx) => {
      const opener = await context.openers.openerOf(tx, tenantId);
      const bundle = await tx.getBundle(tenantId, scope, revision);
      if (bundle !== undefined && (await opens(opener, tenantId, scope, bundle))) return undefined;
      const newest = await currentRevision(tx, tenantId, scope);
      const source = await readBundleSource(tx, opener, tenantId, { scope, revision: newest }, opened);
      return { opener, source };
    },
    { owner: tenantId },
  );
  if (found === undefined) return;
  const { opener, source } = found;
  if (source?.revision !== revision) throw bundleLost();
  context.onDamagedBundle(tenantId, scope, revision);
  const made = await makeBundle(opener, context.store.signing, source);
  await context.store.write(async (tx) => {
    await tx.deleteBundle(tenantId, scope, revision);
    await tx.addBundle(tenantId, scope, made);
  });
}
