/** Floods of refused calls: one row at once, one with the count of the others, and no call untold. */

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import pino from 'pino';
import { auditEntry, unprovenEntry } from '../../src/domain/audit-entry';
import { SERVICE_LOG, type AuditLogId } from '../../src/domain/audit-log';
import { parseTenantId } from '../../src/domain/ids';
import { createCountedEvents } from '../../src/server/counted-events';
import { openSqliteStore } from '../../src/store/sqlite/open';
import { member, openRooms, type Rooms } from '../support/rooms';

let rooms: Rooms;
const silent = pino({ enabled: false });
const acme = parseTenantId('acme');

beforeEach(async () => {
  rooms = await openRooms();
});

afterEach(() => rooms.close());

const denied = (resource: string, id = 'api-key:test') => {
  const call = member();
  const details = { action: 'call.denied', resource, allowed: false, status: 'PERMISSION_DENIED' } as const;
  return auditEntry({ ...call, principal: { ...call.principal, id } }, rooms.time.now, details);
};

const unproven = (source: string) =>
  unprovenEntry({ door: 'management', source }, rooms.time.now, {
    ...{ action: 'call.unauthenticated', resource: 'WhoAmI', allowed: false, status: 'UNAUTHENTICATED' },
  } as const);

async function rowsOf(log: AuditLogId, action: string) {
  const rows = await rooms.store.read((tx) => tx.listAuditEvents(log, { action }, { limit: 5_000 }));
  return rows.map(({ principal, resource, source, count }) => ({ principal, resource, source, count }));
}

describe('A flood of denials', () => {
  it('of one principal is two rows a minute, whatever methods it tries', async () => {
    const events = createCountedEvents(rooms.store, () => rooms.time.now, silent);
    await events.record(acme, denied('AddSecret'));
    expect(await rowsOf(acme, 'call.denied')).toHaveLength(1);
    for (let call = 0; call < 500; call++)
      await events.record(acme, denied(call % 2 ? 'AddSecret' : 'DeleteSecret'));
    expect(await rowsOf(acme, 'call.denied')).toHaveLength(1);
    await events.stop();
    expect(await rowsOf(acme, 'call.denied')).toEqual([
      { principal: 'api-key:test', resource: '(several)', source: '192.0.2.8', count: 500 },
      { principal: 'api-key:test', resource: 'AddSecret', source: '192.0.2.8', count: 1 },
    ]);
  });

  it('is written when its minute is over, and the next minute begins with a row at once', async () => {
    const events = createCountedEvents(rooms.store, () => rooms.time.now, silent);
    for (let call = 0; call < 3; call++) await events.record(acme, denied('AddSecret'));
    rooms.time.now += 60_000;
    while ((await rowsOf(acme, 'call.denied')).length < 2) await new Promise((done) => setTimeout(done, 50));
    await new Promise((done) => setTimeout(done, 50));
    for (let call = 0; call < 2; call++) await events.record(acme, denied('AddSecret'));
    expect((await rowsOf(acme, 'call.denied')).map(({ count }) => count)).toEqual([1, 2, 1]);
    await events.stop();
    expect((await rowsOf(acme, 'call.denied')).map(({ count }) => count)).toEqual([1, 1, 2, 1]);
  });

  it('from callers who proved nothing is counted by network, and no network more than may be', async () => {
    const events = createCountedEvents(rooms.store, () => rooms.time.now, silent);
    for (let host = 0; host < 200; host++)
      await events.record(SERVICE_LOG, unproven(`2001:db8::${host.toString(16)}`));
    for (let network = 0; network < 1_000; network++)
      await events.record(SERVICE_LOG, unproven(`10.0.${network >> 8}.${network & 255}`));
    await events.stop();
    const rows = await rowsOf(SERVICE_LOG, 'call.unauthenticated');
    expect(rows.length).toBeLessThanOrEqual(2 * 101);
    expect(rows.reduce((sum, { count }) => sum + count, 0)).toBe(1_200);
    expect(rows.filter(({ source }) => source === '2001:db8:0:0::/64').map(({ count }) => count)).toEqual([
      199, 1,
    ]);
    expect(rows.filter(({ source }) => source === '(others)').map(({ count }) => count)).toEqual([900, 1]);
  });

  it('never makes a refusal fail when the store takes no writes', async () => {
    const store = await openSqliteStore({ path: rooms.storePath });
    await store.close();
    const refused = createCountedEvents(store, () => rooms.time.now, silent);
    await expect(refused.record(acme, denied('AddSecret'))).resolves.toBeUndefined();
    await expect(refused.stop()).resolves.toBeUndefined();
  });

  it('loses no call, whoever makes which and however many kinds are counted at once', async () => {
    const call = fc.record({ who: fc.nat(5), proven: fc.boolean(), method: fc.nat(2) });
    await fc.assert(
      fc.asyncProperty(fc.array(call, { maxLength: 60 }), async (calls) => {
        const logs = [acme, SERVICE_LOG] as const;
        const told = async () => {
          let rows = 0;
          let count = 0;
          for (const log of logs)
            for (const action of ['call.denied', 'call.unauthenticated'])
              for (const row of await rowsOf(log, action)) {
                rows++;
                count += row.count;
              }
          return { rows, count };
        };
        const before = await told();
        const few = { proven: 2, unproven: 2 };
        const events = createCountedEvents(rooms.store, () => rooms.time.now, silent, few);
        await Promise.all(
          calls.map(({ who, proven, method }) =>
            proven
              ? events.record(acme, denied(`Method${method}`, `api-key:${who}`))
              : events.record(SERVICE_LOG, unproven(`10.0.0.${who}`)),
          ),
        );
        await events.stop();
        const after = await told();
        expect(after.count - before.count).toBe(calls.length);
        expect(after.rows - before.rows).toBeLessThanOrEqual(2 * 3 * 2);
      }),
      { numRuns: 25 },
    );
  });
});
