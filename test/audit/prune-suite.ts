/** Pruning an audit log, on either engine: the oldest events go, the rest verifies, and nobody else can do it unseen. */

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { formatCheckpoint } from '../../src/domain/checkpoint';
import { signNote } from '../../src/domain/signed-note';
import { signMovedLogs } from '../../src/execution/checkpoints';
import { FaultKind } from '../../src/gen/axiom/maintenance/v1/maintenance_pb';
import { OPERATOR, type Rooms } from '../support/rooms';
import {
  acme,
  addSecret,
  admin,
  DAY_MS,
  eventsOf,
  faultsSince,
  rewrite,
  type AuditedRooms,
} from './audited-rooms';

/** The drivers' own errors are not of the test's realm. */
const APPEND_ONLY = { message: expect.stringContaining('append-only') };

export function describePruning(name: string, open: () => Promise<AuditedRooms>): void {
  describe(`Pruning a log, on ${name},`, () => {
    let audited: AuditedRooms;
    let rooms: Rooms;

    beforeEach(async () => {
      audited = await open();
      ({ rooms } = audited);
      for (const secret of ['A', 'B', 'C']) await addSecret(audited, secret);
      await signMovedLogs(rooms.execution);
      rooms.time.now += 30 * DAY_MS;
      await addSecret(audited, 'NEW');
    });
    afterEach(() => rooms.close());

    const prune = (before: number) =>
      rooms.auditLogs.pruneAuditLog(OPERATOR, {
        tenantId: 'acme',
        before: { seconds: BigInt(Math.floor(before / 1_000)), nanos: 0 },
      });
    const verify = async () =>
      (await rooms.maintenance.verifyTenant(OPERATOR, { tenantId: 'acme' })).faults?.map(({ kind }) => kind);
    const sequences = async () => (await eventsOf(audited)).map(({ sequence }) => sequence);

    /** A checkpoint from when the log had so many events. */
    async function keepCheckpointOf(size: number): Promise<string> {
      const { checkpointSigner: signer } = rooms.execution;
      const hash = (await eventsOf(audited))[size - 1]?.hash ?? '';
      return signNote(formatCheckpoint(signer.name, { log: acme, size, hash }), signer);
    }

    it('takes the oldest events out, says so in the log, and leaves a rest that verifies', async () => {
      const answer = await prune(rooms.time.now - DAY_MS);
      expect([answer.prunedCount, answer.throughSequence]).toEqual([4n, 4n]);
      expect(answer.note?.split('\n')[1]).toBe('4');
      expect(await sequences()).toEqual([5, 6]);
      const [newest] = (await rooms.audit.listAuditEvents(admin, { pageSize: 1 })).events ?? [];
      expect(newest).toMatchObject({
        action: 'audit.prune',
        version: 4n,
        principal: 'operator',
        source: 'unix',
      });
      expect(await verify()).toEqual([]);
      const again = await prune(rooms.time.now - DAY_MS);
      expect([again.prunedCount, again.throughSequence, again.note]).toEqual([0n, 4n, answer.note]);
    });

    it('may take out everything that was there: the chain goes on', async () => {
      rooms.time.now += DAY_MS;
      expect((await prune(rooms.time.now)).throughSequence).toBe(5n);
      expect(await sequences()).toEqual([6]);
      await addSecret(audited, 'LATER');
      expect(await verify()).toEqual([]);
    });

    it('goes on after it was killed half-way, and verifies in between', async () => {
      await audited.change("create table kept as select * from audit_events where tenant_id = 'acme'");
      await prune(rooms.time.now - DAY_MS);
      // As when no more than two of four events were deleted.
      await audited.change(
        'insert into audit_events select * from kept where sequence in (3, 4); drop table kept',
      );
      expect(await sequences()).toEqual([3, 4, 5, 6]);
      expect(await verify()).toEqual([]);
      expect((await prune(rooms.time.now - DAY_MS)).prunedCount).toBe(2n);
      expect(await sequences()).toEqual([5, 6]);
    });

    it('is refused of a log that does not verify', async () => {
      await rewrite(audited);
      await expect(prune(rooms.time.now - DAY_MS)).rejects.toMatchObject({ reason: 'AUDIT_LOG_NOT_WHOLE' });
      expect(await sequences()).toEqual([1, 2, 3, 4, 5]);
    });

    it('is refused of a time that has not come, and of a tenant that does not exist', async () => {
      await expect(prune(rooms.time.now + DAY_MS)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
      await expect(
        rooms.auditLogs.pruneAuditLog(OPERATOR, { tenantId: 'nobody', before: { seconds: 1n, nanos: 0 } }),
      ).rejects.toMatchObject({ code: 'NOT_FOUND' });
    });

    it('is found when somebody else did it', async () => {
      const hash = (await eventsOf(audited))[1]?.hash ?? '';
      await audited.change("delete from audit_events where tenant_id = 'acme' and sequence < 3");
      expect(await verify()).toEqual([FaultKind.AUDIT_CHAIN_BROKEN]);
      await audited.change(`insert into audit_prunes values ('acme', 2, '${hash}', 'forged', 0)`);
      expect(await verify()).toContain(FaultKind.AUDIT_CHECKPOINT_NOT_SIGNED);
    });

    it('makes a checkpoint of before it say so, and one of its end still compare', async () => {
      const early = await keepCheckpointOf(3);
      const { note } = await prune(rooms.time.now - DAY_MS);
      await expect(rooms.maintenance.verifyCheckpoint(OPERATOR, { note: early })).rejects.toMatchObject({
        reason: 'CHECKPOINT_PRUNED',
      });
      expect(await faultsSince(audited, note ?? '')).toEqual([]);
    });

    it('is the only way: the database lets no other event go', async () => {
      for (const sql of [
        "delete from audit_events where tenant_id = 'acme'",
        "update audit_events set principal = 'x'",
      ])
        await expect(audited.ask(sql)).rejects.toMatchObject(APPEND_ONLY);
      await prune(rooms.time.now - DAY_MS);
      // What the prune allows to go is gone; the next one is still kept.
      await expect(audited.ask("delete from audit_events where tenant_id = 'acme'")).rejects.toMatchObject(
        APPEND_ONLY,
      );
    });
  });
}
