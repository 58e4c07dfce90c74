/**
 * What nodes read, put on record: in the audit log for each execution, node and name with a count, and in the usage
 * figures for each name.
 *
 * The first reads of a name by a node are in the audit log when the report is answered. Those that follow are
 * summed in the store, and come into the log as one more row once the execution is over (settleReads): a node that
 * reads in a loop adds two rows. What exceeds a budget (domain/read-budget) is summed in one row for the execution.
 */

import { timestampMs } from '@bufbuild/protobuf/wkt';
import { auditEntry } from '../domain/audit-entry';
import type { Call } from '../domain/call';
import { isSecretName, NOT_A_SECRET_NAME, type SecretName } from '../domain/ids';
import { MAX_EXECUTION_MISSES, MAX_EXECUTION_READS } from '../domain/read-budget';
import { configScope, TENANT_SCOPE } from '../domain/scope';
import type { SecretRead } from '../gen/axiom/executions/v1/executions_pb';
import type { ExecutionReadRecord, ExecutionRecord, ReadsRecord } from '../store/records';
import type { ExecutionReadKey } from '../store/queries/execution-reads';
import type { ReadTx, WriteTx } from '../store/store';
import type { ExecutionServerContext } from './context';
import { isOf } from './pinned';
import type { Claims } from './tokens';

/** Reads that were under way when an execution ended still count for so long. */
export const LATE_READS_MS = 60_000;
/** Stands for the reads that exceed a budget, a sidecar's or this server's. */
const OTHER_READS = '(other reads)';
const LABEL = /^[A-Za-z0-9@._/-]{0,200}$/;
/** The largest count that an audit event can tell (int32). */
const MAX_COUNT = 2 ** 31 - 1;
const SETTLED_AT_ONCE = 500;
/** Of so many reads what is known is asked together, and what is written goes with the questions about the next ones. */
const ASKED_AT_ONCE = 100;

/** Reads of one name by one node, out of one report. */
interface Reads {
  /** `handle/name@version`. */
  readonly packageId: string;
  readonly node: string;
  /** Undefined for a name that no secret could have. */
  readonly name: SecretName | undefined;
  readonly found: boolean;
  count: number;
  lastReadTime: number;
}

/** A report of one execution. */
export interface Report {
  readonly call: Call;
  readonly claims: Claims;
  readonly execution: ExecutionRecord;
  readonly reads: readonly SecretRead[];
  /** How many reads the sidecar only counted. */
  readonly otherReads: bigint;
}

export function mayStillReport(
  execution: ExecutionRecord | undefined,
  claims: Claims,
  now: number,
): execution is ExecutionRecord {
  return isOf(execution, claims) && now < deadTimeOf(execution) + LATE_READS_MS;
}

export async function recordReads(
  context: ExecutionServerContext,
  tx: WriteTx,
  report: Report,
): Promise<void> {
  const rows = { ...(await tx.countExecutionReads(report.claims.executionId)) };
  const all = sumUp(report.reads, context.clock());
  let others = Math.min(Number(report.otherReads), MAX_COUNT);
  for (let from = 0; from < all.length; from += ASKED_AT_ONCE)
    others += await recordSome(context, tx, report, rows, all.slice(from, from + ASKED_AT_ONCE));
  if (others > 0) await countOthers(tx, recordOf(report, { node: '', name: OTHER_READS }, others), context);
}

/** @returns how many of the reads exceed a budget: those are counted in the execution's row of more reads. */
async function recordSome(
  context: ExecutionServerContext,
  tx: WriteTx,
  report: Report,
  rows: Rows,
  some: readonly Reads[],
): Promise<number> {
  const { claims } = report;
  const standing = new Set((await tx.findExecutionReads(claims.executionId, auditNamesOf(some))).map(keyOf));
  const names = await existing(tx, claims, some);
  const usage: ReadsRecord[] = [];
  let others = 0;
  for (const reads of some) {
    const isCounted = await auditReads(context, tx, report, reads, { rows, standing });
    if (!isCounted) others += reads.count;
    const { name, found, count, lastReadTime, packageId, node } = reads;
    // Usage is of what exists; of what does not, no more names than are in the audit log.
    if (name !== undefined && (found ? names.has(name) : isCounted))
      usage.push({ name, found, count, lastReadTime, lastReadPackage: packageId, lastReadNode: node });
  }
  if (usage.length > 0) await tx.addReads(claims.tenantId, usage);
  return others;
}

/** Puts the reads that only the store has counted into the audit log, of executions that died before that time. */
export async function settleReads({ store, clock }: ExecutionServerContext, before: number): Promise<void> {
  for (;;) {
    const dead = await store.read((tx) => tx.listDeadExecutionReads(before, SETTLED_AT_ONCE));
    for (const tenant of new Set(dead.map(({ tenantId }) => tenantId))) {
      await store.write(
        async (tx) => {
          for (const reads of dead) if (reads.tenantId === tenant) await settle(tx, reads, clock());
        },
        { tenant },
      );
    }
    if (dead.length < SETTLED_AT_ONCE) return;
  }
}

/** Another server may have settled it since it was read. */
async function settle(tx: WriteTx, reads: ExecutionReadRecord, now: number): Promise<void> {
  const rest = reads.count - reads.audited;
  if ((await tx.deleteExecutionReads(reads)) && rest > 0) await tell(tx, reads, rest, now);
}

/** How many different reads of an execution have a row. */
interface Rows {
  found: number;
  missed: number;
}

/** @returns false for reads that exceed a budget, of which nothing is written. */
async function auditReads(
  context: ExecutionServerContext,
  tx: WriteTx,
  report: Report,
  reads: Reads,
  { rows, standing }: { readonly rows: Rows; readonly standing: ReadonlySet<string> },
): Promise<boolean> {
  const now = context.clock();
  const { packageId, node, found, count } = reads;
  const record = recordOf(report, { node: `${packageId}#${node}`, name: auditNameOf(reads), found }, count);
  if (standing.has(keyOf(record))) {
    await tx.addExecutionReads(record, record);
    return true;
  }
  const isWithin =
    rows.found + rows.missed < MAX_EXECUTION_READS && (found || rows.missed < MAX_EXECUTION_MISSES);
  if (isWithin && context.readBudget.take(record.tenantId, now)) {
    await insert(tx, record, now);
    rows[found ? 'found' : 'missed']++;
    return true;
  }
  return false;
}

function auditNameOf({ name }: Reads): string {
  return name ?? NOT_A_SECRET_NAME;
}

function auditNamesOf(some: readonly Reads[]): readonly string[] {
  return [...new Set(some.map(auditNameOf))];
}

function keyOf({ node, name, found }: ExecutionReadKey): string {
  return JSON.stringify([node, name, found]);
}

function recordOf(
  { call, claims, execution }: Report,
  key: { readonly node: string; readonly name: string; readonly found?: boolean },
  count: number,
): ExecutionReadRecord {
  const { executionId, tenantId } = claims;
  return {
    ...{ executionId, tenantId, found: false, ...key },
    ...{ principal: call.principal.id, source: call.source, count, audited: count },
    deadTime: deadTimeOf(execution),
  };
}

/** One row for all reads of an execution that have none of their own. */
async function countOthers(
  tx: WriteTx,
  others: ExecutionReadRecord,
  { clock }: ExecutionServerContext,
): Promise<void> {
  const [standing] = await tx.findExecutionReads(others.executionId, [OTHER_READS]);
  if (standing === undefined) await insert(tx, others, clock());
  else await tx.addExecutionReads(others, others);
}

async function insert(tx: WriteTx, record: ExecutionReadRecord, now: number): Promise<void> {
  await tx.insertExecutionReads(record);
  await tell(tx, record, record.count, now);
}

async function tell(tx: WriteTx, record: ExecutionReadRecord, count: number, now: number): Promise<void> {
  const { tenantId, executionId, node, name, found, principal, source } = record;
  const call: Call = { principal: { kind: 'sidecar', id: principal }, door: 'execution', source };
  const status = name === OTHER_READS ? 'RESOURCE_EXHAUSTED' : found ? 'OK' : 'NOT_FOUND';
  const details = { action: 'secret.read', resource: name, executionId, node, status } as const;
  await tx.appendAudit(tenantId, auditEntry(call, now, { ...details, count: Math.min(count, MAX_COUNT) }));
}

/** Of what was found, the names that the tenant or the execution's config has now. */
async function existing(
  tx: ReadTx,
  { tenantId, configId }: Claims,
  some: readonly Reads[],
): Promise<ReadonlySet<SecretName>> {
  const found = new Set(some.flatMap((reads) => (reads.found && reads.name !== undefined ? reads.name : [])));
  return tx.findNames(tenantId, configId === undefined ? TENANT_SCOPE : configScope(configId), [...found]);
}

function sumUp(reads: readonly SecretRead[], now: number): readonly Reads[] {
  const sums = new Map<string, Reads>();
  for (const read of reads) {
    const name = nameOf(read.name);
    const packageId = label(`${read.package}@${read.packageVersion}`);
    const node = label(read.node);
    const count = Math.max(1, read.count);
    // A sidecar's clock may be ahead; the figures never tell of the future, nor of a time before 1970.
    const lastReadTime =
      read.lastReadTime === undefined ? now : Math.max(0, Math.min(now, timestampMs(read.lastReadTime)));
    const key = JSON.stringify([packageId, node, name, read.found]);
    const sum = sums.get(key);
    if (sum === undefined) {
      sums.set(key, { packageId, node, name, found: read.found, count, lastReadTime });
    } else {
      sum.count += count;
      sum.lastReadTime = Math.max(sum.lastReadTime, lastReadTime);
    }
  }
  return [...sums.values()];
}

function deadTimeOf({ expireTime, endTime }: ExecutionRecord): number {
  return Math.min(endTime ?? Infinity, expireTime);
}

function nameOf(text: string): SecretName | undefined {
  return isSecretName(text) ? text : undefined;
}

function label(text: string): string {
  return LABEL.test(text) ? text : '';
}
