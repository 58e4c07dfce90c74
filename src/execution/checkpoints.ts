/**
 * Signs checkpoints of the audit logs: of each log that has grown, once a second and when the server stops. Both
 * servers append to logs; only this one holds the key, so it signs for both.
 */

import type { Keyring } from '../crypto/open/opener';
import type { AuditLogId } from '../domain/audit-log';
import { formatCheckpoint, parseCheckpoint, type Checkpoint } from '../domain/checkpoint';
import { DomainError } from '../domain/errors';
import { formatVerifierKey, openNote, signNote, type NoteSigner } from '../domain/signed-note';
import type { Waiter } from '../domain/waiter';
import type { CheckpointRecord } from '../store/records';
import { writeTo, type ReadTx, type Store } from '../store/store';
import type { ExecutionServerContext } from './context';

/** Writes that wait at the same time share a commit. */
const SIGNED_AT_ONCE = 50;

/**
 * The service's signer; its keyset is made at the first start.
 * @throws Error when there are checkpoints and the keyset that signed them is gone: another would make them worthless.
 */
export async function openCheckpointSigner(store: Store, keyring: Keyring): Promise<NoteSigner> {
  const standing = await store.read(async (tx) => ({
    keys: await tx.getCheckpointKeys(),
    hasCheckpoints: await tx.hasCheckpoints(),
  }));
  if (standing.keys !== undefined) return keyring.openCheckpointSigner(standing.keys.wrappedKeyset);
  if (standing.hasCheckpoints)
    throw new Error(
      'the keyset that signed the checkpoints of the audit logs is gone from the store; restore a backup',
    );
  const wrappedKeyset = await keyring.createCheckpointKeyset();
  const verifierKey = formatVerifierKey(await keyring.openCheckpointSigner(wrappedKeyset));
  // Of two servers that start together, the second takes what the first has made.
  const kept = await store.write(async (tx) => {
    const first = await tx.getCheckpointKeys();
    if (first === undefined) await tx.insertCheckpointKeys({ wrappedKeyset, verifierKey });
    return first?.wrappedKeyset ?? wrappedKeyset;
  });
  return keyring.openCheckpointSigner(kept);
}

/**
 * Each log at most once: one that grows again meanwhile is the next pass's. Where very many logs grow, there are always
 * more of them, and whoever looked for those would sign one log again and again within a second.
 * @returns the notes of the logs that had grown. One that does not go on from what was signed is told of, and not signed.
 */
export async function signMovedLogs(context: ExecutionServerContext): Promise<readonly string[]> {
  const notes: string[] = [];
  for (let after: AuditLogId | undefined; ;) {
    const page = { after, limit: SIGNED_AT_ONCE };
    const moved = await context.store.read((tx) => tx.listMovedLogs(page));
    const signed = await Promise.all(moved.map((log) => signLog(context, log).catch(noneIfSetBack)));
    for (const record of signed) if (record !== undefined) notes.push(record.note);
    if (moved.length < SIGNED_AT_ONCE) return notes;
    after = moved[moved.length - 1];
  }
}

type Signing = Pick<ExecutionServerContext, 'checkpointSigner' | 'signedEnds' | 'clock' | 'store'>;

/**
 * Signs all that the log holds now.
 * @returns undefined for a log without events.
 * @throws DomainError DATA_LOSS for one that does not go on from what this process signed before.
 */
export async function signLog(
  context: Signing,
  log: AuditLogId,
  waiter?: Waiter,
): Promise<CheckpointRecord | undefined> {
  const { checkpointSigner: signer, signedEnds, clock, store } = context;
  const signed = await store.write(
    async (tx) => {
      if (!(await signedEnds.doesGoOn(tx, log, () => readPruned(context, tx, log))))
        return 'set back' as const;
      const end = await tx.getAuditEnd(log);
      if (end === undefined) return undefined;
      const checkpoint = { log, ...end };
      const note = signNote(formatCheckpoint(signer.name, checkpoint), signer);
      const record = { size: end.size, note, signTime: clock() };
      await tx.putCheckpoint(log, record);
      return { checkpoint, record };
    },
    { ...writeTo(log), ...(waiter && { waiter }) },
  );
  if (signed === 'set back') {
    signedEnds.tell(log);
    throw notAsSigned();
  }
  if (signed !== undefined) signedEnds.remember(signed.checkpoint);
  return signed?.record;
}

const NOT_AS_SIGNED = 'AUDIT_LOG_NOT_AS_SIGNED';

function notAsSigned(): DomainError {
  return new DomainError(
    'DATA_LOSS',
    'this audit log does not go on from the checkpoint that this service signed last, so no other is signed; ' +
      'run `axiom verify`, find out who changed the database, and restore a backup',
    NOT_AS_SIGNED,
  );
}

function noneIfSetBack(error: unknown): undefined {
  if (!(error instanceof DomainError) || error.reason !== NOT_AS_SIGNED) throw error;
}

/** The signed checkpoint of the last event that was pruned. */
async function readPruned(
  { checkpointSigner }: Pick<Signing, 'checkpointSigner'>,
  tx: ReadTx,
  log: AuditLogId,
): Promise<Checkpoint | undefined> {
  const prune = await tx.getAuditPrune(log);
  const kept = prune && openCheckpoint(checkpointSigner, prune.note);
  return kept?.log === log ? kept : undefined;
}

/** @returns undefined for anything but a checkpoint that this service signed. */
export function openCheckpoint(signer: NoteSigner, note: string): Checkpoint | undefined {
  const text = openNote(note, signer);
  return text === undefined ? undefined : parseCheckpoint(signer.name, text);
}
