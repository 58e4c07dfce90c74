/** ReportReads: what node code asked for, and the news that a sidecar needs of its executions. Names, never values. */

import type { MessageInitShape } from '@bufbuild/protobuf';
import { auditEntry } from '../domain/audit-entry';
import { SERVICE_LOG } from '../domain/audit-log';
import type { Call } from '../domain/call';
import { DomainError, invalid } from '../domain/errors';
import type { ExecutionId, TenantId } from '../domain/ids';
import type { WorkloadPrincipal } from '../domain/principal';
import { onBehalfOf } from '../domain/waiter';
import type {
  ExecutionReads,
  ReportReadsRequest,
  ReportReadsResponseSchema,
} from '../gen/axiom/executions/v1/executions_pb';
import type { ExecutionServerContext } from './context';
import { noneIfUnsound } from './faults';
import { isInForce } from './pinned';
import { mayStillReport, recordReads } from './record-reads';
import { readToken, type Claims } from './tokens';

const MAX_EXECUTIONS = 1_000;
const MAX_READS = 1_000;
/**
 * Executions whose reads share a commit, and its wait for the disk: one after the other, a thousand of them take longer on a
 * slow disk than a sidecar waits. No more, so that a tenant's own starts have their turn between them.
 */
const AT_ONCE = 8;

interface State {
  readonly active: boolean;
  readonly revokedNames: string[];
}

const INACTIVE: State = { active: false, revokedNames: [] };

/** Executions whose rows are not sound, by the reason of the error. */
type Unsound = Map<string, Map<ExecutionId, TenantId>>;

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
  const unsound: Unsound = new Map();
  try {
    for (let at = 0; at < request.executions.length; at += AT_ONCE) {
      const some = request.executions
        .slice(at, at + AT_ONCE)
        .map((execution) => recordOne(context, call, execution, unsound));
      await Promise.allSettled(some);
      for (const recorded of some) executions.push(await stateAfter(context, call, await recorded, unsound));
    }
  } finally {
    for (const [reason, ofReason] of unsound) context.onUnsoundExecutions(reason, ofReason);
  }
  return { executions } satisfies MessageInitShape<typeof ReportReadsResponseSchema>;
}

/** @returns whose reads were put on record; undefined where it gets nothing more. */
async function recordOne(
  context: ExecutionServerContext,
  call: Call,
  { executionToken, reads, otherReads }: ExecutionReads,
  unsound: Unsound,
): Promise<Claims | undefined> {
  const claims = await readToken(context.tokenMac, executionToken).catch(async (error: unknown) => {
    if (!(error instanceof DomainError) || error.code !== 'UNAUTHENTICATED') throw error;
    const details = { action: 'token.denied', resource: 'ReportReads', allowed: false } as const;
    const entry = auditEntry(call, context.clock(), { ...details, status: error.code });
    await context.countedEvents.record(SERVICE_LOG, entry);
    return undefined;
  });
  if (claims === undefined) return undefined;
  return record(context, call, claims, { reads, otherReads }).then(
    () => claims,
    (error: unknown) => void note(unsound, claims, error),
  );
}

/** A token that is not ours is answered like one that has ended, so that a batch with one bad token is not lost. */
async function stateAfter(
  context: ExecutionServerContext,
  call: Call,
  claims: Claims | undefined,
  unsound: Unsound,
): Promise<State> {
  if (claims === undefined) return INACTIVE;
  return stateOf(context, claims, call).catch((error: unknown) => {
    note(unsound, claims, error);
    return INACTIVE;
  });
}

/** What is wrong with one execution's rows is no reason to leave the others of the report without an answer. */
function note(unsound: Unsound, { executionId, tenantId }: Claims, error: unknown): void {
  noneIfUnsound(error);
  const { reason } = error as DomainError;
  const ofReason = unsound.get(reason) ?? new Map<ExecutionId, TenantId>();
  unsound.set(reason, ofReason.set(executionId, tenantId));
}

async function record(
  context: ExecutionServerContext,
  call: Call,
  claims: Claims,
  { reads, otherReads }: Pick<ExecutionReads, 'reads' | 'otherReads'>,
): Promise<void> {
  if (reads.length === 0 && otherReads <= 0n) return;
  await context.store.write(
    async (tx) => {
      const execution = await tx.getExecution(claims.executionId);
      if (mayStillReport(execution, claims, context.clock()))
        await recordReads(context, tx, { call, claims, execution, reads, otherReads });
    },
    { waiter: call, tenant: claims.tenantId },
  );
}

function stateOf(context: ExecutionServerContext, claims: Claims, call: Call): Promise<State> {
  return context.store.read(
    async (tx) => {
      if (!(await isInForce(tx, claims, context.clock()))) return INACTIVE;
      return { active: true, revokedNames: [...(await context.revokedNames.of(tx, claims))] };
    },
    onBehalfOf(claims.tenantId, call),
  );
}
