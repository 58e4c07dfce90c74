/** ReportReads: what node code asked for, and the news that a sidecar needs of its executions. Names, never values. */

import type { MessageInitShape } from '@bufbuild/protobuf';
import { auditEntry } from '../domain/audit-entry';
import { SERVICE_LOG } from '../domain/audit-log';
import type { Call } from '../domain/call';
import { DomainError, invalid } from '../domain/errors';
import type { ExecutionId, TenantId } from '../domain/ids';
import type { WorkloadPrincipal } from '../domain/principal';
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
    for (const execution of request.executions)
      executions.push(await reportOne(context, call, execution, unsound));
  } finally {
    for (const [reason, ofReason] of unsound) context.onUnsoundExecutions(reason, ofReason);
  }
  return { executions } satisfies MessageInitShape<typeof ReportReadsResponseSchema>;
}

/** A token that is not ours is answered like one that has ended, so that a batch with one bad token is not lost. */
async function reportOne(
  context: ExecutionServerContext,
  call: Call,
  { executionToken, reads, otherReads }: ExecutionReads,
  unsound: Unsound,
): Promise<State> {
  const claims = await readToken(context.tokenMac, executionToken).catch(async (error: unknown) => {
    if (!(error instanceof DomainError) || error.code !== 'UNAUTHENTICATED') throw error;
    const details = { action: 'token.denied', resource: 'ReportReads', allowed: false } as const;
    const entry = auditEntry(call, context.clock(), { ...details, status: error.code });
    await context.countedEvents.record(SERVICE_LOG, entry);
    return undefined;
  });
  if (claims === undefined) return INACTIVE;
  // What is wrong with one execution's rows is no reason to leave the others of the report without an answer.
  return record(context, call, claims, { reads, otherReads }).catch((error: unknown) => {
    noneIfUnsound(error);
    const { reason } = error as DomainError;
    const ofReason = unsound.get(reason) ?? new Map<ExecutionId, TenantId>();
    unsound.set(reason, ofReason.set(claims.executionId, claims.tenantId));
    return INACTIVE;
  });
}

async function record(
  context: ExecutionServerContext,
  call: Call,
  claims: Claims,
  { reads, otherReads }: Pick<ExecutionReads, 'reads' | 'otherReads'>,
): Promise<State> {
  if (reads.length > 0 || otherReads > 0n) {
    await context.store.write(
      async (tx) => {
        const execution = await tx.getExecution(claims.executionId);
        if (mayStillReport(execution, claims, context.clock()))
          await recordReads(context, tx, { call, claims, execution, reads, otherReads });
      },
      { waiter: call, tenant: claims.tenantId },
    );
  }
  return stateOf(context, claims, call);
}

function stateOf(context: ExecutionServerContext, claims: Claims, call: Call): Promise<State> {
  return context.store.read(async (tx) => {
    if (!(await isInForce(tx, claims, context.clock()))) return INACTIVE;
    return { active: true, revokedNames: [...(await context.revokedNames.of(tx, claims))] };
  }, call);
}
