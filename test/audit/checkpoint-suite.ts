/** Checkpoints of the audit logs, on either engine: whoever keeps one finds any later change, cut or older store. */

import { dirname, join } from 'node:path';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { auditEntry } from '../../src/domain/audit-entry';
import { parseTenantId } from '../../src/domain/ids';
import { signLog, signMovedLogs } from '../../src/execution/checkpoints';
import { SignedEnds } from '../../src/execution/signed-ends';
import { verifyTenant } from '../../src/execution/verify';
import { verifyCheckpoint } from '../../src/execution/verify-audit';
import { FaultKind } from '../../src/gen/axiom/maintenance/v1/maintenance_pb';
import { openRooms, OPERATOR, type Rooms } from '../support/rooms';
import {
  acme,
  addSecret,
  admin,
  DAY_MS,
  faultsSince,
  keepCheckpoint,
  rewrite,
  type AuditedRooms,
} from './audited-rooms';

export interface Engine {
  readonly name: string;
  open(): Promise<AuditedRooms>;
  /** What two backups to one path answer, the newest first. */
  readonly backUpStatuses: readonly string[];
}

export function describeCheckpoints({ name, open, backUpStatuses }: Engine): void {
  let audited: AuditedRooms;
  let rooms: Rooms;

  beforeEach(async () => {
    audited = await open();
    ({ rooms } = audited);
    for (const secret of ['A', 'B', 'C']) await addSecret(audited, secret);
  });
  afterEach(() => rooms.close());

  const cutAfter = (sequence: number) =>
    audited.change(`delete from audit_events where tenant_id = 'acme' and sequence > ${sequence}`);

  const tenantFaults = async () => {
    const { faults } = await rooms.maintenance.verifyTenant(OPERATOR, { tenantId: 'acme' });
    return faults?.map(({ kind, version }) => [FaultKind[kind ?? 0], Number(version)]);
  };
  const restarted = () => ({ ...rooms.execution, signedEnds: new SignedEnds(() => {}) });

  describe(`A service that runs and has signed a log, on ${name},`, () => {
    it.each([
      ['cut', 'and sequence > 2', 'AUDIT_LOG_CUT'],
      ['begun anew', '', 'AUDIT_LOG_REWRITTEN'],
    ])(
      'does not sign one that was %s with its checkpoints, says so once, and verify finds it',
      async (_, which, fault) => {
        const told: string[] = [];
        const signedEnds = new SignedEnds(({ log, size }) => told.push(`${log} ${size}`));
        const running = { ...rooms.execution, signedEnds };
        await rooms.addTenant('other');
        expect(await signMovedLogs(running)).toHaveLength(2);
        await audited.change(
          `delete from audit_checkpoints; delete from audit_events where tenant_id = 'acme' ${which}`,
        );
        // As long as it was, or shorter.
        const event = auditEntry(OPERATOR, rooms.time.now, { action: 'store.backup', resource: 'x' });
        for (let events = which === '' ? 5 : 1; events > 0; events--)
          await rooms.execution.store.write((tx) => tx.appendAudit(acme, event));
        await rooms.execution.store.write((tx) => tx.appendAudit(parseTenantId('other'), event));
        for (const signed of [['other'], []])
          expect((await signMovedLogs(running)).map((note) => note.split('\n')[0]?.split('/')[2])).toEqual(
            signed,
          );
        await expect(signLog(running, acme)).rejects.toMatchObject({ reason: 'AUDIT_LOG_NOT_AS_SIGNED' });
        expect(told).toEqual(['acme 4']);
        const { faults } = await verifyTenant(running, acme);
        expect(faults.map(({ kind, version }) => [FaultKind[kind], version])).toContainEqual([fault, 4n]);
      },
    );

    it('goes on signing one that was pruned up to there', async () => {
      await signMovedLogs(rooms.execution);
      rooms.time.now += DAY_MS;
      await rooms.auditLogs.pruneAuditLog(OPERATOR, {
        tenantId: 'acme',
        before: timestampFromMs(rooms.time.now),
      });
      await addSecret(audited, 'D');
      expect(await signMovedLogs(rooms.execution)).toHaveLength(1);
      expect(await tenantFaults()).toEqual([]);
    });
  });

  describe(`From one checkpoint, on ${name},`, () => {
    it('an untouched log is found whole, also after it has grown', async () => {
      const note = await keepCheckpoint(audited);
      await addSecret(audited, 'D');
      expect(await rooms.maintenance.verifyCheckpoint(OPERATOR, { note })).toEqual({
        ...{ tenantId: 'acme', size: 4n, auditEventCount: 5n, faults: [] },
      });
    });

    it('an event that was rewritten with the chain made right again is found', async () => {
      const note = await keepCheckpoint(audited);
      await rewrite(audited);
      await audited.change('delete from audit_checkpoints');
      // The process that signed it remembers; another one has nothing to compare with.
      expect(await tenantFaults()).toEqual([['AUDIT_LOG_REWRITTEN', 4]]);
      expect((await verifyTenant(restarted(), acme)).faults).toEqual([]);
      expect(await faultsSince(audited, note)).toEqual([['AUDIT_LOG_REWRITTEN', 4]]);
    });

    it('newest events that were deleted are found, with the checkpoints of the store and without', async () => {
      const note = await keepCheckpoint(audited);
      await cutAfter(2);
      expect(await faultsSince(audited, note)).toEqual([['AUDIT_LOG_CUT', 4]]);
      await audited.change('delete from audit_checkpoints');
      expect(await faultsSince(audited, note)).toEqual([['AUDIT_LOG_CUT', 4]]);
    });

    it('a log of which every event was deleted is found', async () => {
      const note = await keepCheckpoint(audited);
      await audited.change('delete from audit_events; delete from audit_checkpoints');
      expect(await faultsSince(audited, note)).toEqual([['AUDIT_LOG_CUT', 4]]);
    });

    it('a log that was cut and grew again to the same length is found', async () => {
      const note = await keepCheckpoint(audited);
      await cutAfter(3);
      await addSecret(audited, 'D');
      expect(await faultsSince(audited, note)).toEqual([['AUDIT_LOG_REWRITTEN', 4]]);
    });

    it('an older store is found', async () => {
      const store = await audited.openCopy();
      await addSecret(audited, 'D');
      const note = await keepCheckpoint(audited);
      const signed = { ...store, read: store.read.bind(store), signing: rooms.execution.store.signing };
      const { faults } = await verifyCheckpoint({ ...rooms.execution, store: signed }, note);
      await store.close();
      expect(faults.map(({ kind, version }) => [kind, version])).toEqual([[FaultKind.AUDIT_LOG_CUT, 5n]]);
    });

    it('nothing is said when it was changed, or is another service’s', async () => {
      const note = await keepCheckpoint(audited);
      const other = await openRooms();
      const foreign =
        (await other.auditLogs.getAuditLogCheckpoint(OPERATOR, { tenantId: 'acme' })).note ?? '';
      await other.close();
      for (const bad of [note.replace('\n4\n', '\n3\n'), foreign, '', 'x'.repeat(20_000)])
        await expect(rooms.maintenance.verifyCheckpoint(OPERATOR, { note: bad })).rejects.toMatchObject({
          code: 'INVALID_ARGUMENT',
        });
    });
  });

  describe(`The checkpoints that the store keeps, on ${name},`, () => {
    it('are signed of every log that grew, and of no other', async () => {
      await rooms.addTenant('quiet');
      const first = await signMovedLogs(rooms.execution);
      expect(first.map((note) => note.split('\n').slice(0, 2))).toEqual([
        [expect.stringMatching(/^axiom-[0-9a-f]{16}\/tenant\/acme$/), '4'],
        [expect.stringMatching(/^axiom-[0-9a-f]{16}\/tenant\/quiet$/), '1'],
      ]);
      expect(await signMovedLogs(rooms.execution)).toEqual([]);
      await addSecret(audited, 'D');
      expect(await signMovedLogs(rooms.execution)).toHaveLength(1);
      const { note } = await rooms.audit.getAuditCheckpoint(admin, {});
      expect(note?.split('\n')[1]).toBe('5');
    });

    it('are one of each log in a pass, also where logs grow while more of them are signed than at once', async () => {
      const event = auditEntry(OPERATOR, rooms.time.now, { action: 'store.backup', resource: 'x' });
      await rooms.store.write(async (tx) => {
        for (let log = 10; log < 70; log++) await tx.appendAudit(parseTenantId(`other-${log}`), event);
      });
      const { store } = rooms.execution;
      const growing: typeof store = {
        ...store,
        async read(body, waiter) {
          await store.write((tx) => tx.appendAudit(acme, event));
          return store.read(body, waiter);
        },
      };
      const notes = await signMovedLogs({ ...rooms.execution, store: growing });
      const logs = notes.map((note) => note.split('\n')[0]?.split('/').at(-1));
      const others = Array.from({ length: 60 }, (_, index) => `other-${10 + index}`);
      expect(logs).toEqual(['acme', ...others]);
      expect(await signMovedLogs(rooms.execution)).toHaveLength(1);
    });

    it('are the newest, and the last of each day before', async () => {
      for (let day = 0; day < 3; day++) {
        for (const letter of ['X', 'Y']) {
          await addSecret(audited, `${letter}${day}`);
          await signMovedLogs(rooms.execution);
        }
        rooms.time.now += DAY_MS;
      }
      const kept = await rooms.store.read((tx) => tx.listCheckpoints(acme, 99));
      expect(kept.map(({ size }) => size)).toEqual([10, 8, 6]);
    });

    it('find a rewritten log as well, as long as they stand', async () => {
      await signMovedLogs(rooms.execution);
      await rewrite(audited);
      const { faults } = await rooms.maintenance.verifyTenant(OPERATOR, { tenantId: 'acme' });
      expect(faults?.map(({ kind }) => kind)).toEqual([FaultKind.AUDIT_LOG_REWRITTEN]);
    });

    it('that were forged are found', async () => {
      await signMovedLogs(rooms.execution);
      await audited.change("update audit_checkpoints set note = replace(note, '\n4\n', '\n3\n')");
      const { faults } = await rooms.maintenance.verifyTenant(OPERATOR, { tenantId: 'acme' });
      expect(faults?.map(({ kind }) => kind)).toEqual([FaultKind.AUDIT_CHECKPOINT_NOT_SIGNED]);
    });
  });

  describe(`The service’s own log, on ${name},`, () => {
    it('tells of verifications and backups, and is verified itself', async () => {
      await rooms.maintenance.verifyTenant(OPERATOR, { tenantId: 'acme' });
      const path = join(dirname(rooms.storePath), 'copy.sqlite');
      const answers: string[] = [];
      for (let times = 0; times < 2; times++)
        answers.unshift(
          await rooms.maintenance.backUpStore(OPERATOR, { path }).then(
            () => 'OK',
            (error: { code: string }) => error.code,
          ),
        );
      expect(answers).toEqual(backUpStatuses);
      const { events } = await rooms.auditLogs.listAuditLogEvents(OPERATOR, {});
      expect(
        events?.map(({ action, resource, status, source }) => [action, resource, status, source]),
      ).toEqual([
        ['store.backup', '', backUpStatuses[0], 'unix'],
        ['store.backup', '', backUpStatuses[1], 'unix'],
        ['store.verify', 'acme', 'OK', 'unix'],
      ]);
      const { note } = await rooms.auditLogs.getAuditLogCheckpoint(OPERATOR, {});
      expect(note?.split('\n')[0]).toMatch(/\/service$/);
      await audited.change(
        "update audit_events set status = 'CHANGED' where tenant_id = '' and sequence = 3",
      );
      const { faults } = await rooms.maintenance.verifyServiceLog(OPERATOR, {});
      expect(faults?.map(({ kind, version }) => [kind, version])).toEqual([
        [FaultKind.AUDIT_CHAIN_BROKEN, 3n],
      ]);
    });

    it('has no checkpoint before its first event', async () => {
      await expect(rooms.auditLogs.getAuditLogCheckpoint(OPERATOR, {})).rejects.toMatchObject({
        code: 'NOT_FOUND',
      });
    });
  });
}
