/**
 * Follows the chain of an audit log from its newest event back, and compares it with signed checkpoints: those that
 * the store keeps, and two that whoever changed the store could not change with it: the one that this process signed
 * last, and one from outside.
 */

import { AUDIT_CHAIN_START, auditHash } from '../domain/audit-chain';
import { SERVICE_LOG, type AuditLogId } from '../domain/audit-log';
import type { Checkpoint } from '../domain/checkpoint';
import { DomainError, invalid } from '../domain/errors';
import type { Waiter } from '../domain/waiter';
import { FaultKind } from '../gen/axiom/maintenance/v1/maintenance_pb';
import type { AuditRecord } from '../store/records';
import { openCheckpoint } from './checkpoints';
import type { ExecutionServerContext } from './context';
import { paced, whileWaiting, type Pause } from '../work/pace';
import { addFault, type Fault } from './faults';

/** A page is read and hashed in one go, some 3 ms. */
const PAGE = 250;
/** Ten years of a checkpoint a day. */
const MAX_CHECKPOINTS = 3_660;

/** What is before the first event that the store has. */
interface ChainStart {
  readonly sequence: number;
  readonly hash: string;
}

/** Where the chain begins, and which hashes are known from signed checkpoints, by sequence. */
interface Expected {
  readonly start: ChainStart;
  readonly hashes: Map<number, string>;
}

const BEGINNING: ChainStart = { sequence: 0, hash: AUDIT_CHAIN_START };

/** What else a verification of a log is for. */
export interface AuditVerification {
  /** Checkpoints beside those that the store keeps. */
  readonly outside?: readonly Checkpoint[];
  /** Sees every event, newest first. */
  readonly each?: (event: AuditRecord) => void;
  readonly pause?: Pause;
}

/** @returns how many events were read. */
export async function verifyAuditLog(
  context: ExecutionServerContext,
  log: AuditLogId,
  faults: Fault[],
  { outside = [], each = () => undefined, pause = paced() }: AuditVerification = {},
): Promise<bigint> {
  const { start, hashes } = await readExpected(context, log, faults);
  const remembered = context.signedEnds.of(log);
  for (const { size, hash } of remembered === undefined ? outside : [remembered, ...outside])
    hashes.set(size, hash);
  const { count, newest, rewritten } = await followChain(
    context,
    log,
    { start, hashes, each, pause },
    faults,
  );
  const say = (kind: FaultKind, sequence: number) => addFault(faults, { kind, version: BigInt(sequence) });
  if (rewritten !== undefined) say(FaultKind.AUDIT_LOG_REWRITTEN, rewritten);
  const longest = Math.max(...hashes.keys());
  if (longest > newest) say(FaultKind.AUDIT_LOG_CUT, longest);
  return BigInt(count);
}

export async function verifyServiceLog(context: ExecutionServerContext, waiter?: Waiter) {
  const faults: Fault[] = [];
  const pause = whileWaiting(waiter, paced());
  return { auditEventCount: await verifyAuditLog(context, SERVICE_LOG, faults, { pause }), faults };
}

/**
 * @throws DomainError INVALID_ARGUMENT for a note that this service did not sign; FAILED_PRECONDITION when the events
 *   that it is of have been pruned.
 */
export async function verifyCheckpoint(context: ExecutionServerContext, note: string, waiter?: Waiter) {
  const checkpoint = openCheckpoint(context.checkpointSigner, note);
  if (checkpoint === undefined) throw notOurs();
  const { log, size } = checkpoint;
  const prune = await context.store.read((tx) => tx.getAuditPrune(log));
  if (prune !== undefined && size < prune.sequence) throw prunedSince(size);
  const faults: Fault[] = [];
  // Of the last event that was pruned, only the kept checkpoint is left to compare.
  if (prune?.sequence === size && prune.hash !== checkpoint.hash)
    addFault(faults, { kind: FaultKind.AUDIT_LOG_REWRITTEN, version: BigInt(size) });
  const auditEventCount = await verifyAuditLog(context, log, faults, {
    outside: [checkpoint],
    pause: whileWaiting(waiter, paced()),
  });
  return { tenantId: log, size: BigInt(size), auditEventCount, faults };
}

async function readExpected(
  context: ExecutionServerContext,
  log: AuditLogId,
  faults: Fault[],
): Promise<Expected> {
  const notSigned = (sequence: number) =>
    addFault(faults, { kind: FaultKind.AUDIT_CHECKPOINT_NOT_SIGNED, version: BigInt(sequence) });
  const { prune, checkpoints } = await context.store.read(async (tx) => ({
    prune: await tx.getAuditPrune(log),
    checkpoints: await tx.listCheckpoints(log, MAX_CHECKPOINTS),
  }));
  const hashes: Expected['hashes'] = new Map();
  for (const { note, size } of checkpoints) {
    const checkpoint = openCheckpoint(context.checkpointSigner, note);
    if (checkpoint?.log === log && checkpoint.size === size) hashes.set(size, checkpoint.hash);
    else notSigned(size);
  }
  if (prune === undefined) return { start: BEGINNING, hashes };
  const kept = openCheckpoint(context.checkpointSigner, prune.note);
  if (kept?.log === log && kept.size === prune.sequence && kept.hash === prune.hash)
    return { start: { sequence: prune.sequence, hash: prune.hash }, hashes };
  notSigned(prune.sequence);
  return { start: BEGINNING, hashes };
}

/** Each event's hash covers the hash of the one before it. */
async function followChain(
  { store }: ExecutionServerContext,
  log: AuditLogId,
  { start, hashes, each, pause }: Expected & Required<Pick<AuditVerification, 'each' | 'pause'>>,
  faults: Fault[],
) {
  let count = 0;
  let newest = start.sequence;
  let rewritten: number | undefined;
  let after: number | undefined;
  for (;;) {
    const limit = PAGE + 1;
    const read = await store.read((tx) => tx.listAuditEvents(log, {}, { limit, after }));
    // Events that a prune let go and that are not deleted yet are out already.
    const events = read.filter((event) => event.sequence > start.sequence);
    for (const [index, event] of events.slice(0, PAGE).entries()) {
      count++;
      each(event);
      newest = Math.max(newest, event.sequence);
      if (!fits(log, event, events[index + 1] ?? start))
        addFault(faults, { kind: FaultKind.AUDIT_CHAIN_BROKEN, version: BigInt(event.sequence) });
      const expected = hashes.get(event.sequence);
      if (expected !== undefined && expected !== event.hash) rewritten = event.sequence;
    }
    if (events.length <= PAGE) return { count, newest, rewritten };
    await pause();
    after = events[PAGE - 1]?.sequence;
  }
}

function fits(log: AuditLogId, event: AuditRecord, before: ChainStart): boolean {
  return (
    before.sequence === event.sequence - 1 &&
    event.hash === auditHash(before.hash, log, event.sequence, event)
  );
}

function notOurs(): DomainError {
  return invalid({
    field: 'note',
    description:
      'is not a checkpoint that this service signed: it was changed, or is another service’s, or the key that signs was exchanged',
  });
}

function prunedSince(size: number): DomainError {
  return new DomainError(
    'FAILED_PRECONDITION',
    `event ${size} has been pruned since; compare a later checkpoint, or the export that was made before`,
    'CHECKPOINT_PRUNED',
  );
}
