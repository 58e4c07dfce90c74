/**
 * Takes the oldest events of an audit log out. A signed checkpoint of the last of them is kept first: from it the
 * rest is verified, and by it the database itself lets them go. Killed half-way, the next call goes on.
 */

import { auditEntry } from '../domain/audit-entry';
import type { AuditLogId } from '../domain/audit-log';
import type { Call } from '../domain/call';
import { formatCheckpoint } from '../domain/checkpoint';
import { DomainError } from '../domain/errors';
import { signNote } from '../domain/signed-note';
import { throwIfGone, type Waiter } from '../domain/waiter';
import type { PruneRecord } from '../store/records';
import { writeTo } from '../store/store';
import { paced, whileWaiting } from '../work/pace';
import type { ExecutionServerContext } from './context';
import type { Fault } from './faults';
import { verifyAuditLog } from './verify-audit';

/** Events looked at, or taken out, in one transaction. */
const BATCH = 1_000;

/** What is out. */
export interface Pruned {
  /** Of this call. */
  readonly count: number;
  /** The last event that is out; 0: none. */
  readonly through: number;
  readonly note: string;
}

/** @param before milliseconds since the Unix epoch. */
export async function pruneLog(
  context: ExecutionServerContext,
  call: Call,
  log: AuditLogId,
  before: number,
): Promise<Pruned> {
  const { store } = context;
  await checkIsWhole(context, log, call);
  const standing = await store.read((tx) => tx.getAuditPrune(log));
  const last = await findLastBefore(context, log, standing?.sequence ?? 0, before);
  const prune = last === undefined ? standing : await keep(context, call, log, last);
  if (prune === undefined) return { count: 0, through: 0, note: '' };
  let count = 0;
  for (;;) {
    throwIfGone(call);
    const deleted = await store.write((tx) => tx.deleteAuditEvents(log, prune.sequence, BATCH), writeTo(log));
    count += deleted;
    if (deleted < BATCH) return { count, through: prune.sequence, note: prune.note };
  }
}

/** A checkpoint is signed of what goes: it must not vouch for what was changed. */
async function checkIsWhole(context: ExecutionServerContext, log: AuditLogId, waiter: Waiter): Promise<void> {
  const faults: Fault[] = [];
  await verifyAuditLog(context, log, faults, { pause: whileWaiting(waiter, paced()) });
  if (faults.length === 0) return;
  throw new DomainError(
    'FAILED_PRECONDITION',
    'this audit log is not as it was written; `axiom verify` says where, and nothing of it is taken out',
    'AUDIT_LOG_NOT_WHOLE',
  );
}

/** An event's place in the chain. */
interface EventEnd {
  readonly sequence: number;
  readonly hash: string;
}

/** Of the events from the beginning on that are of before that time without a gap, the last. */
async function findLastBefore(
  { store }: ExecutionServerContext,
  log: AuditLogId,
  after: number,
  before: number,
): Promise<EventEnd | undefined> {
  let last: EventEnd | undefined;
  for (;;) {
    const from = last?.sequence ?? after;
    const page = await store.read((tx) => tx.listAuditTimes(log, { limit: BATCH, after: from }));
    for (const event of page) {
      if (event.time >= before) return last;
      last = event;
    }
    if (page.length < BATCH) return last;
  }
}

/** Says in the log that events go, in the transaction that lets them go. */
async function keep(
  { store, clock, checkpointSigner: signer }: ExecutionServerContext,
  call: Call,
  log: AuditLogId,
  last: EventEnd,
): Promise<PruneRecord> {
  const { sequence, hash } = last;
  const note = signNote(formatCheckpoint(signer.name, { log, size: sequence, hash }), signer);
  const prune = { sequence, hash, note, pruneTime: clock() };
  await store.write(async (tx) => {
    await tx.appendAudit(
      log,
      auditEntry(call, clock(), { action: 'audit.prune', resource: '', version: sequence }),
    );
    await tx.putAuditPrune(log, prune);
  }, writeTo(log));
  return prune;
}
