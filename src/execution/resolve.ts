/**
 * ResolveForExecution: the only place where values leave.
 *
 * The answer is the tenant's bundle, the config's, then the receipt, concatenated (the
 * proto says why that is one message). It is in the audit log on disk before it leaves,
 * and every plaintext made on the way is zeroed. The transaction that writes the audit row
 * sees whether a value was taken away since the snapshot: whoever was told that a value is
 * revoked finds no later resolution of it.
 */

import { create, toBinary } from '@bufbuild/protobuf';
import { BinaryReader } from '@bufbuild/protobuf/wire';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import type { TenantOpener } from '../crypto/open/opener';
import { auditEntry, type AuditDetails } from '../domain/audit-entry';
import type { Call } from '../domain/call';
import { durationOf } from '../domain/duration';
import { tokenNotInForce } from '../domain/execution-token';
import type { TenantId } from '../domain/ids';
import type { WorkloadPrincipal } from '../domain/principal';
import { SerializedMessage } from '../domain/serialized';
import {
  ResolveForExecutionResponseSchema,
  type ResolveForExecutionRequest,
} from '../gen/axiom/secrets/v1/secrets_pb';
import type { ExecutionServerContext } from './context';
import { isDamage, mendPinned } from './mend';
import { isInForce, readPinned, revokedIn, type PinnedBundle } from './pinned';
import { openRemaining } from './revocations';
import { readToken, type Claims } from './tokens';

export async function resolveForExecution(
  context: ExecutionServerContext,
  call: Call<WorkloadPrincipal>,
  request: ResolveForExecutionRequest,
): Promise<SerializedMessage> {
  const claims = await readToken(context.tokenMac, request.executionToken);
  try {
    return await resolveUnrevoked(context, call, claims);
  } catch (error) {
    if (!isDamage(error)) throw error;
  }
  await mendPinned(context, claims);
  return resolveUnrevoked(context, call, claims);
}

async function resolveUnrevoked(
  context: ExecutionServerContext,
  call: Call<WorkloadPrincipal>,
  claims: Claims,
): Promise<SerializedMessage> {
  let answer: SerializedMessage | undefined;
  // Again only after a revocation took something away meanwhile, and there is ever less to take.
  while (answer === undefined) answer = await resolveOnce(context, call, claims);
  return answer;
}

/** @returns undefined when a pinned value was revoked while it was being opened. */
async function resolveOnce(
  context: ExecutionServerContext,
  call: Call<WorkloadPrincipal>,
  claims: Claims,
): Promise<SerializedMessage | undefined> {
  const { tenantId } = claims;
  const { opener, bundles } = await context.store.read(async (tx) => {
    if (!(await isInForce(tx, claims, context.clock()))) throw tokenNotInForce();
    return { opener: await context.openers.openerOf(tx, tenantId), bundles: await readPinned(tx, claims) };
  }, call);
  const parts = bundles.some((bundle) => bundle.revoked.size > 0)
    ? [await serializeRemaining(opener, claims, bundles, context.clock())]
    : [...(await openAll(opener, tenantId, bundles)), serializeReceipt(claims, [], context.clock())];
  try {
    const count = parts.reduce((sum, part) => sum + countSecrets(part), 0);
    return (await audit(context, call, claims, bundles, count))
      ? new SerializedMessage(Buffer.concat(parts))
      : undefined;
  } finally {
    for (const part of parts) part.fill(0);
  }
}

async function openAll(
  opener: TenantOpener,
  tenantId: TenantId,
  bundles: readonly PinnedBundle[],
): Promise<readonly Uint8Array[]> {
  const opened: Uint8Array[] = [];
  try {
    for (const { scope, revision, ciphertext } of bundles) {
      opened.push(await opener.openBundle(ciphertext, { tenantId, scope, revision }));
    }
    return opened;
  } catch (error) {
    for (const plaintext of opened) plaintext.fill(0);
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
  const message = create(ResolveForExecutionResponseSchema, { secrets });
  const serialized = toBinary(ResolveForExecutionResponseSchema, message);
  for (const secret of Object.values(secrets)) secret.value.fill(0);
  const whole = Buffer.concat([serialized, serializeReceipt(claims, revokedNames, now)]);
  serialized.fill(0);
  return whole;
}

function serializeReceipt(claims: Claims, revokedNames: readonly string[], now: number): Uint8Array {
  const receipt = {
    executionId: claims.executionId,
    tenantId: claims.tenantId,
    flowId: claims.flowId,
    configId: claims.configId ?? '',
    tenantRevision: BigInt(claims.tenantRevision),
    configRevision: BigInt(claims.configRevision),
    expireTime: timestampFromMs(claims.expireTime),
    nodeTimeout: { seconds: BigInt(claims.nodeTimeoutSeconds) },
    revokedNames: [...revokedNames],
    timeLeft: durationOf(claims.expireTime - now),
  };
  return toBinary(ResolveForExecutionResponseSchema, create(ResolveForExecutionResponseSchema, { receipt }));
}

/** @returns false, and writes nothing, when a revocation came after the bundles were read. */
async function audit(
  context: ExecutionServerContext,
  call: Call,
  claims: Claims,
  bundles: readonly PinnedBundle[],
  count: number,
): Promise<boolean> {
  const { tenantId } = claims;
  return context.store.write(
    async (tx) => {
      const now = context.clock();
      if (!(await isInForce(tx, claims, now))) throw tokenNotInForce();
      for (const bundle of bundles) {
        if ((await revokedIn(tx, tenantId, bundle)).size !== bundle.revoked.size) return false;
      }
      const details: AuditDetails = {
        action: 'execution.resolve',
        resource: claims.configId ?? claims.flowId,
        version: claims.tenantRevision,
        executionId: claims.executionId,
        count,
      };
      await tx.appendAudit(tenantId, auditEntry(call, now, details));
      return true;
    },
    { waiter: call, tenant: tenantId },
  );
}

/** How many entries of `secrets` there are, without reading a value: tags and lengths are skipped over. */
function countSecrets(serialized: Uint8Array): number {
  const secretsField = ResolveForExecutionResponseSchema.field.secrets.number;
  const reader = new BinaryReader(serialized);
  let entries = 0;
  while (reader.pos < reader.len) {
    const [field, wireType] = reader.tag();
    reader.skip(wireType);
    if (field === secretsField) entries++;
  }
  return entries;
}
