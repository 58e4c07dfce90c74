/** What was taken away stays away: ended tokens, revoked values, plaintext in memory; and it costs the others nothing. */

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import BetterSqlite3 from 'better-sqlite3';
import type { TenantOpener } from '../../src/crypto/open/opener';
import { parseTenantId } from '../../src/domain/ids';
import { TENANT_SCOPE } from '../../src/domain/scope';
import type { ExecutionServerContext } from '../../src/execution/context';
import { sweep } from '../../src/execution/janitor';
import { createOpeners, type Openers } from '../../src/execution/openers';
import { verifyTenant } from '../../src/execution/verify';
import type { SignedStore } from '../../src/store/signed-store';
import type { ReadTx } from '../../src/store/store';
import { member, openRooms, text, type Rooms } from '../support/rooms';

let rooms: Rooms;
const admin = member();
const acme = parseTenantId('acme');

beforeEach(async () => {
  rooms = await openRooms();
  await rooms.secrets.addSecret(admin, { name: 'A', content: { case: 'value', value: text('one') } });
  await rooms.secrets.addSecret(admin, { name: 'B', content: { case: 'value', value: text('two') } });
});

afterEach(() => rooms.close());

const readsOf = (found: boolean) => rooms.store.read((tx) => tx.listReads(acme, found, { limit: 9 }));
const toScrub = () => rooms.store.read((tx) => tx.listBundlesToScrub(9));

describe('An ended token gets nothing', () => {
  it('even when the engine uses its execution id again', async () => {
    const old = (await rooms.start({ executionId: 'run-1' })).executionToken;
    await rooms.end(old);
    rooms.time.now += 61_001;
    await sweep(rooms.execution);
    await rooms.start({ executionId: 'run-1' });
    await expect(rooms.resolve(old)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    const reads = [{ name: 'A', found: true, count: 1 }];
    const { executions } = await rooms.reportReads({ executions: [{ executionToken: old, reads }] });
    expect(executions).toEqual([{ active: false, revokedNames: [] }]);
    expect(await readsOf(true)).toEqual([]);
  });
});

describe('Values that are taken away in a loop', () => {
  const replace = () =>
    rooms.secrets.replaceSecret(admin, {
      ...{ name: 'A', content: { case: 'value' as const, value: text('next') } },
      revokeRunning: true,
    });
  const report = async (...tokens: string[]) => {
    const executions = tokens.map((executionToken) => ({ executionToken }));
    return (await rooms.reportReads({ executions })).executions;
  };

  it('are found for 2,000 times; then the executions from before get nothing, and the others lose nothing', async () => {
    const old = (await rooms.start({})).executionToken;
    for (let count = 1; count < 2_000; count++) await replace();
    const newer = (await rooms.start({})).executionToken;
    await replace();
    expect(await rooms.values(old)).toEqual({ B: 'two' });
    expect(await report(old)).toEqual([{ active: true, revokedNames: ['A'] }]);
    await replace();
    await expect(rooms.values(old)).rejects.toMatchObject({
      ...{ code: 'FAILED_PRECONDITION', reason: 'TOO_MUCH_REVOKED' },
      message: expect.stringContaining('start the execution again'),
    });
    const expected = [
      { active: false, revokedNames: [] },
      { active: true, revokedNames: ['A'] },
    ];
    expect(await report(old, newer)).toEqual(expected);
    expect(await rooms.values(newer)).toEqual({ B: 'two' });
    expect(await rooms.values((await rooms.start({})).executionToken)).toEqual({ A: 'next', B: 'two' });
    expect((await verifyTenant(rooms.execution, acme)).faults).toEqual([]);
    // Their values do not stay in the database either.
    await sweep(rooms.execution);
    expect(await toScrub()).toEqual([]);
    await expect(rooms.values(old)).rejects.toMatchObject({ code: 'FAILED_PRECONDITION' });
    expect(await report(old, newer)).toEqual(expected);
  });

  it('are looked for in one list a report, however many executions pinned the same', async () => {
    const tokens: string[] = [];
    for (let count = 0; count < 20; count++) tokens.push((await rooms.start({})).executionToken);
    await replace();
    const lists = countCalls('listRevocations');
    expect(await report(...tokens)).toEqual(tokens.map(() => ({ active: true, revokedNames: ['A'] })));
    const once = lists.count;
    await report(...tokens);
    expect(lists.count).toBe(once);
    // Each of them has been told of A already: the list says so, and nothing is opened.
    await replace();
    await report(...tokens);
    expect(lists.count).toBe(once + 1);
  });
});

describe('An execution whose rows somebody changed', () => {
  it('has ended for its sidecar, and the others of the same report are told what they ask', async () => {
    const changed = await rooms.start({});
    const sound = await rooms.start({});
    const database = new BetterSqlite3(rooms.storePath);
    const change = database.prepare(
      'update executions set expire_time = expire_time + 1 where execution_id = ?',
    );
    expect(change.run(changed.executionId).changes).toBe(1);
    database.close();
    const reads = [{ name: 'A', found: true, count: 1 }];
    const told: unknown[] = [];
    Object.assign(rooms.execution, { onUnsoundExecutions: (...what: unknown[]) => told.push(what) });
    const { executions } = await rooms.reportReads({
      executions: [
        { executionToken: changed.executionToken, reads },
        { executionToken: changed.executionToken },
        { executionToken: sound.executionToken, reads },
      ],
    });
    expect(executions.map(({ active }) => active)).toEqual([false, false, true]);
    // Once a report, or one of a thousand would be a thousand lines of the log.
    expect(told).toEqual([['ROW_NOT_AS_WRITTEN', new Map([[changed.executionId, 'acme']])]]);
    const { secrets } = await rooms.usage.listSecretUsage(admin);
    expect(secrets?.map((one) => [one.name, one.readCount])).toEqual([
      ['A', 1n],
      ['B', 0n],
    ]);
  });
});

describe('A value that was taken away', () => {
  it('does not leave any more, though it was asked for before', async () => {
    const { executionToken } = await rooms.start({});
    beforeWriting(() => rooms.secrets.deleteSecret(admin, { name: 'A', revokeRunning: true }));
    const { secrets, receipt } = await rooms.resolve(executionToken);
    expect(Object.keys(secrets)).toEqual(['B']);
    expect(receipt?.revokedNames).toEqual(['A']);
    const { events } = await rooms.audit.listAuditEvents(admin, { action: 'execution.resolve' });
    expect(events?.map((event) => event.count)).toEqual([1]);
  });

  it('is in no answer of an execution that was being started, though nobody needed the revocation', async () => {
    const old = (await rooms.start({})).executionToken;
    await rooms.end(old);
    rooms.time.now += 61_000;
    await rooms.secrets.replaceSecret(admin, { name: 'B', content: { case: 'value', value: text('three') } });
    afterReading(async () => {
      await rooms.secrets.deleteSecret(admin, { name: 'A', revokeRunning: true });
      await sweep({ ...rooms.execution, store: rooms.store });
    });
    const { executionToken } = await rooms.start({});
    expect(await rooms.values(executionToken)).toEqual({ B: 'three' });
  });

  it('takes the others along when its execution was ended meanwhile', async () => {
    const { executionToken } = await rooms.start({});
    beforeWriting(() => rooms.end(executionToken));
    await expect(rooms.resolve(executionToken)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });
});

describe('No copy of a revoked value stays', () => {
  it('though a second name is revoked while the first is taken out', async () => {
    const { executionToken } = await rooms.start({});
    await rooms.secrets.deleteSecret(admin, { name: 'A', revokeRunning: true });
    await sweep(whenScrubbing(() => rooms.secrets.deleteSecret(admin, { name: 'B', revokeRunning: true })));
    expect(await toScrub()).toHaveLength(1);
    await sweep(rooms.execution);
    expect(await toScrub()).toEqual([]);
    expect((await rooms.resolve(executionToken)).receipt?.revokedNames).toEqual(['A', 'B']);
  });

  it('though a bundle of another tenant does not open', async () => {
    await rooms.addTenant('zulu');
    const zulu = member('zulu');
    await rooms.secrets.addSecret(zulu, { name: 'Z', content: { case: 'value', value: text('three') } });
    await rooms.start({});
    await rooms.start({ tenantId: 'zulu' });
    const revision = (await rooms.store.read((tx) => tx.getBundle(acme, TENANT_SCOPE)))?.revision ?? 0;
    await rooms.store.write((tx) =>
      tx.putBundle(acme, TENANT_SCOPE, { revision, ciphertext: new Uint8Array(64) }),
    );
    await rooms.secrets.deleteSecret(admin, { name: 'A', revokeRunning: true });
    await rooms.secrets.deleteSecret(zulu, { name: 'Z', revokeRunning: true });
    await expect(sweep(rooms.execution)).rejects.toThrow();
    expect((await toScrub()).map((one) => one.tenantId)).toEqual(['acme']);
  });
});

describe('Plaintext is zeroed', () => {
  it('of the bundle before, from which the next one is made', async () => {
    await rooms.start({});
    await rooms.secrets.replaceSecret(admin, { name: 'A', content: { case: 'value', value: text('new') } });
    const opened: Uint8Array[] = [];
    const context = { ...rooms.execution, openers: watched(createOpeners(rooms.execution.keyring), opened) };
    Object.assign(rooms.execution, context);
    await rooms.start({});
    expect(opened.map((plaintext) => plaintext.every((byte) => byte === 0))).toEqual([true]);
  });
});

describe('A report of reads', () => {
  it('may carry a time that no clock shows', async () => {
    const { executionToken } = await rooms.start({});
    const lastReadTime = { seconds: -9_000_000_000_000_000_000n, nanos: 0 };
    const reads = [{ name: 'A', found: true, count: 1, lastReadTime }];
    await rooms.reportReads({ executions: [{ executionToken, reads }] });
    expect((await readsOf(true)).map((one) => [one.name, one.lastReadTime])).toEqual([['A', 0]]);
  });
});

/** How often a read of this kind is made from now on. */
function countCalls(name: keyof ReadTx): { count: number } {
  const real = rooms.store;
  const calls = { count: 0 };
  const counting = (tx: ReadTx) =>
    new Proxy(tx, {
      get(target, property, receiver) {
        if (property === name) calls.count++;
        return Reflect.get(target, property, receiver) as unknown;
      },
    });
  const store: SignedStore = {
    ...real,
    read: (body, waiter) => real.read((tx) => body(counting(tx)), waiter),
  };
  Object.assign(rooms.execution, { store });
  return calls;
}

/** Something that happens once, when a call is under way and before the write that it ends with. */
function beforeWriting(happen: () => Promise<unknown>): void {
  const real = rooms.store;
  let done = false;
  const store: SignedStore = {
    ...real,
    async write(body, options) {
      if (!done) {
        done = true;
        await happen();
      }
      return real.write(body, options);
    },
  };
  Object.assign(rooms.execution, { store });
}

/** Something that happens once, between the snapshot that a call reads and what it writes. */
function afterReading(happen: () => Promise<unknown>): void {
  const real = rooms.store;
  let done = false;
  const store: SignedStore = {
    ...real,
    async read(body) {
      const result = await real.read(body);
      if (!done) {
        done = true;
        await happen();
      }
      return result;
    },
  };
  Object.assign(rooms.execution, { store });
}

/** The context with something that happens once, between the janitor's reading of a bundle and its writing. */
function whenScrubbing(happen: () => Promise<unknown>): ExecutionServerContext {
  const real = rooms.store;
  let reads = 0;
  let done = false;
  const store: SignedStore = {
    ...real,
    read: (body) => (reads++, real.read(body)),
    async write(body, options) {
      if (reads > 1 && !done) {
        done = true;
        await happen();
      }
      return real.write(body, options);
    },
  };
  return { ...rooms.execution, store };
}

function watched(openers: Openers, opened: Uint8Array[]): Openers {
  const watch = (opener: TenantOpener): TenantOpener => ({
    ...opener,
    async openBundle(...args) {
      const plaintext = await opener.openBundle(...args);
      opened.push(plaintext);
      return plaintext;
    },
  });
  return {
    keptOf(tenantId, keysRevision) {
      const opener = openers.keptOf(tenantId, keysRevision);
      return opener && watch(opener);
    },
    openerOf: async (tx, tenantId) => watch(await openers.openerOf(tx, tenantId)),
  };
}
