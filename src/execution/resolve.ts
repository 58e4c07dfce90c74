/**
 * ResolveForExecution: the only place where values leave.
 *
 * The answer is the tenant's bundle, the config's, then the receipt, one after the other (the
 * proto says why that is one message). It is in the audit log on disk before it leaves,
 * and every plaintext made on the way is zeroed, those of the answer with it (opened-bundles.ts). What is read, opened
 * and audited is so in one write: whoever was told that a value is revoked finds no later resolution of it.
 */

import type { TenantOpener } from '../crypto/open/opener';
import { auditEntry, type AuditDetails } from '../domain/audit-entry';
import type { Call } from '../domain/call';
import { tokenNotInForce } from '../domain/execution-token';
import type { TenantId } from '../domain/ids';
import type { WorkloadPrincipal } from '../domain/principal';
import { SerializedMessage } from '../domain/serialized';
import { onBehalfOf } from '../domain/waiter';
import type { ResolveForExecutionRequest } from '../gen/axiom/secrets/v1/secrets_pb';
import { resolutionAskedAhead, type Resolution } from '../store/queries/resolution';
import type { ReadTx } from '../store/store';
import { serializeSecrets } from './bundle-entries';
import type { ExecutionServerContext } from './context';
import { isDamage, mendPinned } from './mend';
import { ownPart, type AnswerPart } from './opened-bundles';
import { isInForceAs, pinsOf, readPinned, type PinnedBundle } from './pinned';
import { serializeReceipt } from './resolution-message';
import { openRemaining } from './revocations';
import { readToken, type Claims } from './tokens';

export async function resolveForExecution(
  context: ExecutionServerContext,
  call: Call<WorkloadPrincipal>,
  request: ResolveForExecutionRequest,
): Promise<SerializedMessage> {
  const claims = await readToken(context.tokenMac, request.executionToken);
  try {
    return await resolve(context, call, claims);
  } catch (error) {
    if (!isDamage(error)) throw error;
  }
  await mendPinned(context, claims);
  return resolve(context, call, claims);
}

async function resolve(
  context: ExecutionServerContext,
  call: Call<WorkloadPrincipal>,
  claims: Claims,
): Promise<SerializedMessage> {
  for (;;) {
    const answer = await resolveWithKept(context, call, claims);
    if (answer !== undefined) return answer;
    // The KEK's holder may be far away, and no writer waits for it.
    const waiter = onBehalfOf(claims.tenantId, call);
    await context.store.read((tx) => context.openers.openerOf(tx, claims.tenantId), waiter);
  }
}

/** @returns undefined, and writes nothing, where the tenant's keysets are to be unwrapped first. */
async function resolveWithKept(
  context: ExecutionServerContext,
  call: Call<WorkloadPrincipal>,
  claims: Claims,
): Promise<SerializedMessage | undefined> {
  const { tenantId } = claims;
  let parts: readonly AnswerPart[] = [];
  let isDone = false;
  try {
    isDone = await context.store.write(
      async (tx) => {
        const now = context.clock();
        const found = await tx.getResolution(claims);
        if (!isInForceAs(found, claims, now)) throw tokenNotInForce();
        const opener = context.openers.keptOf(tenantId, found.keysRevision ?? 0);
        if (opener === undefined) return false;
        release(parts, true); // of an attempt that the store had to undo
        parts = await openPinned(context, tx, opener, claims, found, now);
        await tx.appendAudit(tenantId, auditEntry(call, now, detailsOf(claims, parts)));
        return true;
      },
      { waiter: call, tenant: tenantId, asksFirst: true, asksAhead: resolutionAskedAhead(claims) },
    );
    if (!isDone) return undefined;
    const answered = parts;
    return new SerializedMessage(
      answered.map(({ bytes }) => bytes),
      (isFree) => release(answered, isFree),
    );
  } finally {
    if (!isDone) release(parts, true);
  }
}

/** What nobody was given to write is free. */
function release(parts: readonly AnswerPart[], isFree: boolean): void {
  for (const part of parts) part.release(isFree);
}

/** The parts of the answer, which the caller releases: the tenant's secrets, the config's, the receipt. */
async function openPinned(
  context: ExecutionServerContext,
  tx: ReadTx,
  opener: TenantOpener,
  claims: Claims,
  found: Resolution,
  now: number,
): Promise<readonly AnswerPart[]> {
  const receipt = () => ownPart(serializeReceipt(claims, [], now));
  const bundles = wholeBundles(claims, found);
  if (bundles === undefined) {
    const remaining = await readPinned(tx, claims);
    if (remaining.some((bundle) => bundle.revoked.size > 0))
      return [ownPart(await serializeRemaining(opener, claims, remaining, now))];
    return [...(await openAll(context, opener, claims.tenantId, remaining)), receipt()];
  }
  return [...(await openAll(context, opener, claims.tenantId, bundles)), receipt()];
}

type Bundle = Omit<PinnedBundle, 'revoked'>;

/** In the order of pinsOf; undefined where one is missing, or something may have been revoked of one. */
function wholeBundles(claims: Claims, found: Resolution): readonly Bundle[] | undefined {
  if (found.isRevokedSince) return undefined;
  const whole: Bundle[] = [];
  for (const { scope, revision } of pinsOf(claims)) {
    const bundle = scope.kind === 'tenant' ? found.tenantBundle : found.configBundle;
    if (bundle === undefined || bundle.toScrub > 0) return undefined;
    whole.push({ scope, revision, ciphertext: bundle.ciphertext });
  }
  return whole;
}

async function openAll(
  { openedBundles }: ExecutionServerContext,
  opener: TenantOpener,
  tenantId: TenantId,
  bundles: readonly Bundle[],
): Promise<readonly AnswerPart[]> {
  const opened: AnswerPart[] = [];
  try {
    for (const { scope, revision, ciphertext } of bundles) {
      opened.push(await openedBundles.open(opener, ciphertext, { tenantId, scope, revision }));
    }
    return opened;
  } catch (error) {
    release(opened, true);
    throw error;
  }
}

/** The rare path: something was revoked, so the message is parsed, thinned and made again. */
async function serializeRemaining(
  opener: TenantOpener,
  claims: Claims,
  bundles: readonly PinnedBundle[],
  now: number,
): Promise<Uint8Array> {
  const { secrets, revokedNames } = await openRemaining(opener, claims.tenantId, bundles);
  let serialized: Uint8Array | undefined;
  try {
    serialized = serializeSecrets(secrets);
    return Buffer.concat([serialized, serializeReceipt(claims, revokedNames, now)]);
  } finally {
    for (const secret of Object.values(secrets)) secret.value.fill(0);
    serialized?.fill(0);
  }
}

function detailsOf(claims: Claims, parts: readonly AnswerPart[]): AuditDetails {
  return {
    action: 'execution.resolve',
    resource: claims.configId ?? claims.flowId,
    version: claims.tenantRevision,
    executionId: claims.executionId,
    count: parts.reduce((sum, { secrets }) => sum + secrets, 0),
  };
}
