/** ReportReads: what node code asked for, and the news that a sidecar needs of its executions. Names, never values. */

import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampMs } from '@bufbuild/protobuf/wkt';
import type { TenantOpener } from '../crypto/open/opener';
import { auditEntry, type AuditDetails } from '../domain/audit-entry';
import type { Call } from '../domain/call';
import { DomainError, invalid } from '../domain/errors';
import { isSecretName, NOT_A_SECRET_NAME, type TenantId } from '../domain/ids';
import type { WorkloadPrincipal } from '../domain/principal';
import type {
  ExecutionReads,
  ReportReadsRequest,
  ReportReadsResponseSchema,
  SecretRead,
} from '../gen/axiom/executions/v1/executions_pb';
import type { ReadTx, WriteTx } from '../store/store';
import type { ExecutionServerContext } from './context';
import { isInForce, isOf, readPinned, type PinnedBundle } from './pinned';
import { openRemaining } from './revocations';
import { readToken, type Claims } from './tokens';

const MAX_EXECUTIONS = 1_000;
const MAX_READS = 1_000;
/** Reads that were under way when an execution ended still count for so long. */
const LATE_READS_MS = 60_000;
/** Stands for the names of reads that a sidecar only counted. */
const OTHER_READS = '(other reads)';
const LABEL = /^[A-Za-z0-9@._/-]{0,200}$/;

interface State {
  readonly active: boolean;
  readonly revokedNames: string[];
}

const INACTIVE: State = { active: false, revokedNames: [] };

export async function reportReads(
  context: ExecutionServerContext,
  call: Call<WorkloadPrincipal>,
  request: ReportReadsRequest,
) {
  if (request.executions.length > MAX_EXECUTIONS) {
    throw invalid({
      field: 'executions',
      description: `has more than ${MAX_EXECUTIONS} entries; send them in several reports`,
    });
  }
  const executions: State[] = [];
  for (const [index, execution] of request.executions.entries()) {
    if (execution.reads.length > MAX_READS) {
      throw invalid({
        field: `executions[${index}].reads`,
        description: `has more than ${MAX_READS} entries; send them in several reports`,
      });
    }
  }
  for (const execution of request.executions) executions.push(await reportOne(context, call, execution));
  return { executions } satisfies MessageInitShape<typeof ReportReadsResponseSchema>;
}

/** A token that is not ours is answered like one that has ended, so that a batch with one bad token is not lost. */
async function reportOne(
  context: ExecutionServerContext,
  call: Call,
  { executionToken, reads, otherReads }: ExecutionReads,
): Promise<State> {
  const claims = await readToken(context.tokenMac, executionToken).catch((error: unknown) => {
    if (error instanceof DomainError && error.code === 'UNAUTHENTICATED') return undefined;
    throw error;
  });
  if (claims === undefined) return INACTIVE;
  if (reads.length > 0 || otherReads > 0n) {
    await context.store.write(
      async (tx) => {
        if (!(await mayStillReport(tx, claims, context.clock()))) return;
        await record(context, tx, call, claims, reads);
        if (otherReads > 0n) await recordOthers(context, tx, call, claims, Number(otherReads));
      },
      { tenant: claims.tenantId },
    );
  }
  return stateOf(context, claims);
}

async function mayStillReport(tx: ReadTx, claims: Claims, now: number): Promise<boolean> {
  const execution = await tx.getExecution(claims.executionId);
  if (!isOf(execution, claims)) return false;
  return now < Math.min(execution.endTime ?? Infinity, execution.expireTime) + LATE_READS_MS;
}

async function record(
  context: ExecutionServerContext,
  tx: WriteTx,
  call: Call,
  claims: Claims,
  reads: readonly SecretRead[],
): Promise<void> {
  const { tenantId } = claims;
  const now = context.clock();
  for (const read of reads) {
    const name = nameOf(read.name);
    const count = Math.max(1, read.count);
    const packageId = label(`${read.package}@${read.packageVersion}`);
    const node = label(read.node);
    // A sidecar's clock may be ahead; the figures never tell of the future, nor of a time before 1970.
    const lastReadTime =
      read.lastReadTime === undefined ? now : Math.max(0, Math.min(now, timestampMs(read.lastReadTime)));
    await tx.addReads(tenantId, {
      ...{ name, found: read.found, count, lastReadTime },
      ...{ lastReadPackage: packageId, lastReadNode: node },
    });
    const details: AuditDetails = {
      ...{ action: 'secret.read', resource: name, executionId: claims.executionId },
      ...{ node: `${packageId}#${node}`, count, status: read.found ? 'OK' : 'NOT_FOUND' },
    };
    await tx.appendAudit(tenantId, auditEntry(call, now, details));
  }
}

/** What a sidecar did not name, as one row with its count. */
async function recordOthers(
  context: ExecutionServerContext,
  tx: WriteTx,
  call: Call,
  { tenantId, executionId }: Claims,
  count: number,
): Promise<void> {
  const details: AuditDetails = {
    ...{ action: 'secret.read', resource: OTHER_READS, executionId },
    count: Math.min(count, Number.MAX_SAFE_INTEGER),
  };
  await tx.appendAudit(tenantId, auditEntry(call, context.clock(), details));
}

async function stateOf(context: ExecutionServerContext, claims: Claims): Promise<State> {
  const { tenantId } = claims;
  const pinned = await context.store.read(async (tx) => {
    if (!(await isInForce(tx, claims, context.clock()))) return undefined;
    const bundles = await readPinned(tx, claims);
    return { bundles, opener: await context.openers.openerOf(tx, tenantId) };
  });
  if (pinned === undefined) return INACTIVE;
  return { active: true, revokedNames: await revokedNames(pinned.opener, tenantId, pinned.bundles) };
}

/** Opens nothing in the common case: that nothing was revoked shows without it. */
async function revokedNames(
  opener: TenantOpener,
  tenantId: TenantId,
  bundles: readonly PinnedBundle[],
): Promise<string[]> {
  if (bundles.every((bundle) => bundle.revoked.size === 0)) return [];
  const { secrets, revokedNames } = await openRemaining(opener, tenantId, bundles);
  for (const secret of Object.values(secrets)) secret.value.fill(0);
  return [...revokedNames];
}

function nameOf(text: string): string {
  return isSecretName(text) ? text : NOT_A_SECRET_NAME;
}

function label(text: string): string {
  return LABEL.test(text) ? text : '';
}
