/** Checkpoints of the audit logs: whoever keeps one finds any later change, cut or older store. */

import { join, dirname } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import BetterSqlite3 from 'better-sqlite3';
import { AUDIT_CHAIN_START, auditHash } from '../../src/domain/audit-chain';
import { parseTenantId } from '../../src/domain/ids';
import { signMovedLogs } from '../../src/execution/checkpoints';
import { verifyCheckpoint } from '../../src/execution/verify-audit';
import { FaultKind } from '../../src/gen/axiom/maintenance/v1/maintenance_pb';
import type { AuditRecord } from '../../src/store/records';
import { openSqliteStore } from '../../src/store/sqlite/open';
import { member, openRooms, OPERATOR, text, type Rooms } from '../support/rooms';

let rooms: Rooms;
const admin = member();
const acme = parseTenantId('acme');
const DAY_MS = 86_400_000;

beforeEach(async () => {
  rooms = await openRooms();
  for (const name of ['A', 'B', 'C'])
    await rooms.secrets.addSecret(admin, { name, content: { case: 'value', value: text('x') } });
});

afterEach(() => rooms.close());

/** A checkpoint of all that acme's log holds, as somebody keeps it elsewhere. */
async function keepCheckpoint(): Promise<string> {
  return (await rooms.auditLogs.getAuditLogCheckpoint(OPERATOR, { tenantId: 'acme' })).note ?? '';
}

async function faultsSince(note: string) {
  const { faults } = await rooms.maintenance.verifyCheckpoint(OPERATOR, { note });
  return faults?.map(({ kind, version }) => [FaultKind[kind ?? 0], Number(version)]);
}

/** As somebody does who has the file and not the keys: the database's own guards are dropped first. */
function change(body: (database: BetterSqlite3.Database) => void): void {
  const database = new BetterSqlite3(rooms.storePath);
  const triggers = database.prepare("select name from sqlite_master where type = 'trigger'").all();
  for (const { name } of triggers as { name: string }[]) database.exec(`drop trigger ${name}`);
  body(database);
  database.close();
}

/** Says that the third event was somebody else's, and makes every hash after it right again. */
async function rewrite(): Promise<void> {
  const events = await rooms.store.read((tx) =>
    tx.listAuditEvents(acme, { oldestFirst: true }, { limit: 99 }),
  );
  let previous = AUDIT_CHAIN_START;
  const changed = events.map((event): AuditRecord => {
    const entry = event.sequence === 3 ? { ...event, principal: 'api-key:somebody-else' } : event;
    previous = auditHash(previous, acme, entry.sequence, entry);
    return { ...entry, hash: previous };
  });
  change((database) => {
    const update = database.prepare(
      "update audit_events set principal = ?, hash = ? where tenant_id = 'acme' and sequence = ?",
    );
    for (const { principal, hash, sequence } of changed)
      update.run(principal, Buffer.from(hash, 'hex'), sequence);
  });
}

describe('From one checkpoint', () => {
  it('an untouched log is found whole, also after it has grown', async () => {
    const note = await keepCheckpoint();
    await rooms.secrets.addSecret(admin, { name: 'D', content: { case: 'value', value: text('x') } });
    expect(await rooms.maintenance.verifyCheckpoint(OPERATOR, { note })).toEqual({
      ...{ tenantId: 'acme', size: 4n, auditEventCount: 5n, faults: [] },
    });
  });

  it('an event that was rewritten with the chain made right again is found', async () => {
    const note = await keepCheckpoint();
    await rewrite();
    change((database) => database.exec('delete from audit_checkpoints'));
    expect((await rooms.maintenance.verifyTenant(OPERATOR, { tenantId: 'acme' })).faults).toEqual([]);
    expect(await faultsSince(note)).toEqual([['AUDIT_LOG_REWRITTEN', 4]]);
  });

  it('newest events that were deleted are found, with the checkpoints of the store and without', async () => {
    const note = await keepCheckpoint();
    change((database) => database.exec("delete from audit_events where tenant_id = 'acme' and sequence > 2"));
    expect(await faultsSince(note)).toEqual([['AUDIT_LOG_CUT', 4]]);
    change((database) => database.exec('delete from audit_checkpoints'));
    expect(await faultsSince(note)).toEqual([['AUDIT_LOG_CUT', 4]]);
  });

  it('a log of which every event was deleted is found', async () => {
    const note = await keepCheckpoint();
    change((database) => database.exec('delete from audit_events; delete from audit_checkpoints'));
    expect(await faultsSince(note)).toEqual([['AUDIT_LOG_CUT', 4]]);
  });

  it('a log that was cut and grew again to the same length is found', async () => {
    const note = await keepCheckpoint();
    change((database) => database.exec("delete from audit_events where tenant_id = 'acme' and sequence > 3"));
    await rooms.secrets.addSecret(admin, { name: 'D', content: { case: 'value', value: text('x') } });
    expect(await faultsSince(note)).toEqual([['AUDIT_LOG_REWRITTEN', 4]]);
  });

  it('an older store is found', async () => {
    const older = join(dirname(rooms.storePath), 'older.sqlite');
    await rooms.store.backUp(older);
    await rooms.secrets.addSecret(admin, { name: 'D', content: { case: 'value', value: text('x') } });
    const note = await keepCheckpoint();
    const store = await openSqliteStore({ path: older });
    const signed = { ...store, read: store.read.bind(store), signing: rooms.execution.store.signing };
    const { faults } = await verifyCheckpoint({ ...rooms.execution, store: signed }, note);
    await store.close();
    expect(faults.map(({ kind, version }) => [kind, version])).toEqual([[FaultKind.AUDIT_LOG_CUT, 5n]]);
  });

  it('nothing is said when it was changed, or is another service’s', async () => {
    const note = await keepCheckpoint();
    const other = await openRooms();
    const foreign = (await other.auditLogs.getAuditLogCheckpoint(OPERATOR, { tenantId: 'acme' })).note ?? '';
    await other.close();
    for (const bad of [note.replace('\n4\n', '\n3\n'), foreign, '', 'x'.repeat(20_000)])
      await expect(rooms.maintenance.verifyCheckpoint(OPERATOR, { note: bad })).rejects.toMatchObject({
        code: 'INVALID_ARGUMENT',
      });
  });
});

describe('The checkpoints that the store keeps', () => {
  it('are signed of every log that grew, and of no other', async () => {
    await rooms.addTenant('quiet');
    const first = await signMovedLogs(rooms.execution);
    expect(first.map((note) => note.split('\n').slice(0, 2))).toEqual([
      [expect.stringMatching(/^axiom-[0-9a-f]{16}\/tenant\/acme$/), '4'],
      [expect.stringMatching(/^axiom-[0-9a-f]{16}\/tenant\/quiet$/), '1'],
    ]);
    expect(await signMovedLogs(rooms.execution)).toEqual([]);
    await rooms.secrets.addSecret(admin, { name: 'D', content: { case: 'value', value: text('x') } });
    expect(await signMovedLogs(rooms.execution)).toHaveLength(1);
    const { note } = await rooms.audit.getAuditCheckpoint(admin, {});
    expect(note?.split('\n')[1]).toBe('5');
  });

  it('are the newest, and the last of each day before', async () => {
    for (let day = 0; day < 3; day++) {
      for (const name of ['X', 'Y']) {
        await rooms.secrets.addSecret(admin, {
          name: `${name}${day}`,
          content: { case: 'value', value: text('x') },
        });
        await signMovedLogs(rooms.execution);
      }
      rooms.time.now += DAY_MS;
    }
    const kept = await rooms.store.read((tx) => tx.listCheckpoints(acme, 99));
    expect(kept.map(({ size }) => size)).toEqual([10, 8, 6]);
  });

  it('find a rewritten log as well, as long as they stand', async () => {
    await signMovedLogs(rooms.execution);
    await rewrite();
    const { faults } = await rooms.maintenance.verifyTenant(OPERATOR, { tenantId: 'acme' });
    expect(faults?.map(({ kind }) => kind)).toEqual([FaultKind.AUDIT_LOG_REWRITTEN]);
  });

  it('that were forged are found', async () => {
    await signMovedLogs(rooms.execution);
    change((database) =>
      database.exec("update audit_checkpoints set note = replace(note, '\n4\n', '\n3\n')"),
    );
    const { faults } = await rooms.maintenance.verifyTenant(OPERATOR, { tenantId: 'acme' });
    expect(faults?.map(({ kind }) => kind)).toEqual([FaultKind.AUDIT_CHECKPOINT_NOT_SIGNED]);
  });
});

describe('Pruning a log', () => {
  const prune = (before: number) =>
    rooms.auditLogs.pruneAuditLog(OPERATOR, {
      tenantId: 'acme',
      before: { seconds: BigInt(Math.floor(before / 1_000)), nanos: 0 },
    });
  const verify = async () =>
    (await rooms.maintenance.verifyTenant(OPERATOR, { tenantId: 'acme' })).faults?.map(({ kind }) => kind);
  const sequences = async () =>
    (await rooms.audit.listAuditEvents(admin, { oldestFirst: true })).events?.map((one) =>
      Number(one.sequence),
    );

  beforeEach(async () => {
    await signMovedLogs(rooms.execution);
    rooms.time.now += 30 * DAY_MS;
    await rooms.secrets.addSecret(admin, { name: 'NEW', content: { case: 'value', value: text('x') } });
  });

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
    await rooms.secrets.addSecret(admin, { name: 'LATER', content: { case: 'value', value: text('x') } });
    expect(await verify()).toEqual([]);
  });

  it('goes on after it was killed half-way, and verifies in between', async () => {
    const events = "select * from audit_events where tenant_id = 'acme'";
    const whole: unknown[][] = [];
    change((database) => whole.push(...(database.prepare(events).raw().all() as unknown[][])));
    await prune(rooms.time.now - DAY_MS);
    // As when no more than two of four events were deleted.
    change((database) => {
      const insert = database.prepare(`insert into audit_events values (${whole[0]?.map(() => '?').join()})`);
      for (const one of whole.slice(2, 4)) insert.run(...one);
    });
    expect(await verify()).toEqual([]);
    expect((await prune(rooms.time.now - DAY_MS)).prunedCount).toBe(2n);
    expect(await sequences()).toEqual([5, 6]);
  });

  it('is refused of a log that does not verify', async () => {
    await rewrite();
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
    change((database) => database.exec("delete from audit_events where tenant_id = 'acme' and sequence < 3"));
    expect(await verify()).toEqual([FaultKind.AUDIT_CHAIN_BROKEN]);
    change((database) =>
      database.exec(
        "insert into audit_prunes select tenant_id, 2, lower(hex(hash)), 'forged', 0 from audit_events where sequence = 3",
      ),
    );
    expect(await verify()).toContain(FaultKind.AUDIT_CHECKPOINT_NOT_SIGNED);
  });

  it('makes a checkpoint of before it say so, and one of its end still compare', async () => {
    const early = await keepCheckpointOf(3);
    const { note } = await prune(rooms.time.now - DAY_MS);
    await expect(rooms.maintenance.verifyCheckpoint(OPERATOR, { note: early })).rejects.toMatchObject({
      reason: 'CHECKPOINT_PRUNED',
    });
    expect(await faultsSince(note ?? '')).toEqual([]);
  });

  it('is the only way: the database lets no other event go', () => {
    const database = new BetterSqlite3(rooms.storePath);
    expect(() => database.exec("delete from audit_events where tenant_id = 'acme'")).toThrow('append-only');
    expect(() => database.exec("update audit_events set principal = 'x'")).toThrow('append-only');
    database.close();
  });

  /** A checkpoint from when the log had so many events. */
  async function keepCheckpointOf(size: number): Promise<string> {
    const { checkpointSigner: signer } = rooms.execution;
    const { formatCheckpoint } = await import('../../src/domain/checkpoint');
    const { signNote } = await import('../../src/domain/signed-note');
    const [event] = await rooms.store.read((tx) =>
      tx.listAuditEvents(acme, {}, { limit: 1, after: size + 1 }),
    );
    return signNote(formatCheckpoint(signer.name, { log: acme, size, hash: event?.hash ?? '' }), signer);
  }
});

describe('The service’s own log', () => {
  it('tells of verifications and backups, and is verified itself', async () => {
    await rooms.maintenance.verifyTenant(OPERATOR, { tenantId: 'acme' });
    await rooms.maintenance.backUpStore(OPERATOR, { path: join(dirname(rooms.storePath), 'copy.sqlite') });
    await expect(
      rooms.maintenance.backUpStore(OPERATOR, { path: join(dirname(rooms.storePath), 'copy.sqlite') }),
    ).rejects.toMatchObject({ code: 'ALREADY_EXISTS' });
    const { events } = await rooms.auditLogs.listAuditLogEvents(OPERATOR, {});
    expect(events?.map(({ action, resource, status, source }) => [action, resource, status, source])).toEqual(
      [
        ['store.backup', '', 'ALREADY_EXISTS', 'unix'],
        ['store.backup', '', 'OK', 'unix'],
        ['store.verify', 'acme', 'OK', 'unix'],
      ],
    );
    const { note } = await rooms.auditLogs.getAuditLogCheckpoint(OPERATOR, {});
    expect(note?.split('\n')[0]).toMatch(/\/service$/);
    change((database) => database.exec("update audit_events set status = 'OK' where tenant_id = ''"));
    const { faults } = await rooms.maintenance.verifyServiceLog(OPERATOR, {});
    expect(faults?.map(({ kind, version }) => [kind, version])).toEqual([[FaultKind.AUDIT_CHAIN_BROKEN, 3n]]);
  });

  it('has no checkpoint before its first event', async () => {
    await expect(rooms.auditLogs.getAuditLogCheckpoint(OPERATOR, {})).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
  });
});
