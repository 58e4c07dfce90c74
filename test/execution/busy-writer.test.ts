/** Executions start beside a writer that never pauses: each pins what stood when it was asked for. */

import { afterAll, describe, expect, it } from '@jest/globals';
import type { Openers } from '../../src/execution/openers';
import { openPostgresStore } from '../../src/store/postgres/open';
import { missingPostgres, PostgresServer } from '../store/postgres-server';
import { member, openRooms, text, type Rooms } from '../support/rooms';

const STARTS = 200;
const AT_ONCE = 5;

/** Counts up in one secret, one write after the other, until it is stopped. @returns the last that was acknowledged. */
function countUp(rooms: Rooms) {
  const progress = { acknowledged: 0, stopped: false };
  const admin = member();
  const run = async () => {
    while (!progress.stopped) {
      const value = text(String(progress.acknowledged + 1));
      await rooms.secrets.replaceSecret(admin, { name: 'COUNT', content: { case: 'value', value } });
      progress.acknowledged++;
    }
  };
  return { progress, done: run() };
}

async function startBesideWriter(rooms: Rooms): Promise<void> {
  await rooms.secrets.addSecret(member(), { name: 'COUNT', content: { case: 'value', value: text('0') } });
  const { progress, done } = countUp(rooms);
  const failures: unknown[] = [];
  let started = 0;
  const starter = async () => {
    while (started++ < STARTS) {
      const before = progress.acknowledged;
      try {
        const { executionToken } = await rooms.start({});
        const after = progress.acknowledged;
        const count = Number((await rooms.values(executionToken)).COUNT);
        // A write that was acknowledged before the call is seen; of one that is under way nobody can tell.
        if (count < before || count > after + 1) failures.push({ before, count, after });
        await rooms.end(executionToken);
      } catch (error) {
        failures.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, starter));
  progress.stopped = true;
  await done;
  expect(failures).toEqual([]);
  expect(progress.acknowledged).toBeGreaterThan(STARTS / 20);
  const left = await rooms.store.read((tx) =>
    tx.getBundle(member().principal.tenantId, { kind: 'tenant' }, 2),
  );
  expect(left).toBeUndefined();
}

it('A bundle of many secrets is made in slices: other calls have their turn meanwhile', async () => {
  const rooms = await openRooms();
  try {
    for (let i = 0; i < 200; i++)
      await rooms.secrets.addSecret(member(), {
        name: `KEY_${i}`,
        content: { case: 'value', value: text('value') },
      });
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    const turnsAtOpening: number[] = [];
    Object.assign(rooms.execution, {
      openers: watched(rooms.execution.openers, () => turnsAtOpening.push(turns)),
    });
    await rooms.start({});
    clearInterval(timer);
    expect(turnsAtOpening).toHaveLength(200);
    expect((turnsAtOpening.at(-1) ?? 0) - (turnsAtOpening[0] ?? 0)).toBeGreaterThanOrEqual(3);
  } finally {
    await rooms.close();
  }
});

/** Tells of each secret that is opened. */
function watched(openers: Openers, tell: () => void): Openers {
  return {
    ...openers,
    async openerOf(tx, tenantId) {
      const opener = await openers.openerOf(tx, tenantId);
      return {
        ...opener,
        openSecret: (...args) => (tell(), opener.openSecret(...args)),
      };
    },
  };
}

describe('None of 200 executions fails to start beside a writer that never pauses', () => {
  it('on SQLite', async () => {
    const rooms = await openRooms();
    await startBesideWriter(rooms).finally(() => rooms.close());
  });

  if (missingPostgres() === undefined) {
    let server: PostgresServer | undefined;
    afterAll(() => server?.stop());

    it('on PostgreSQL', async () => {
      server = await PostgresServer.start();
      const url = server.url(await server.createDatabase());
      const rooms = await openRooms({ openStore: () => openPostgresStore({ url }) });
      await startBesideWriter(rooms).finally(() => rooms.close());
    });
  } else it.skip('on PostgreSQL: the machine has none', () => {});
});
