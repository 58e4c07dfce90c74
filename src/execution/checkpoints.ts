/**
 * Signs checkpoints of the audit logs: of each log that has grown, once a second and when the server stops. Both
 * servers append to logs; only this one holds the key, so it signs for both.
 */

import type { Keyring } from '../crypto/open/opener';
import type { AuditLogId } from '../domain/audit-log';
import { formatCheckpoint } from '../domain/checkpoint';
import { formatVerifierKey, signNote, type NoteSigner } from '../domain/signed-note';
import type { CheckpointRecord } from '../store/records';
import { writeTo, type Store, type WriteTx } from '../store/store';
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
 * @returns the notes of the logs that had grown.
 */
export async function signMovedLogs(context: ExecutionServerContext): Promise<readonly string[]> {
  const notes: string[] = [];
  for (let after: AuditLogId | undefined; ;) {
    const page = { after, limit: SIGNED_AT_ONCE };
    const moved = await context.store.read((tx) => tx.listMovedLogs(page));
    const signed = await Promise.all(
      moved.map((log) => context.store.write((tx) => signLog(context, tx, log), writeTo(log))),
    );
    for (const record of signed) if (record !== undefined) notes.push(record.note);
    if (moved.length < SIGNED_AT_ONCE) return notes;
    after = moved[moved.length - 1];
  }
}

/** Signs all that the log holds now. @returns undefined for a log without events. */
export async function signLog(
  context: Pick<ExecutionServerContext, 'checkpointSigner' | 'clock'>,
  tx: WriteTx,
  log: AuditLogId,
): Promise<CheckpointRecord | undefined> {
  const end = await tx.getAuditEnd(log);
  if (end === undefined) return undefined;
  const { checkpointSigner: signer, clock } = context;
  const note = signNote(formatCheckpoint(signer.name, { log, ...end }), signer);
  const record = { size: end.size, note, signTime: clock() };
  await tx.putCheckpoint(log, record);
  return record;
}
