/** What nodes read, in the audit log and in the usage figures: counted, and bounded whatever node code does. */

import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import BetterSqlite3 from 'better-sqlite3';
import fc from 'fast-check';
import { sweep } from '../../src/execution/janitor';
import { member, openRooms, OPERATOR, text, type Rooms } from '../support/rooms';

let rooms: Rooms;
const admin = member();

beforeEach(async () => {
  rooms = await openRooms();
  for (const name of ['A', 'B'])
    await rooms.secrets.addSecret(admin, { name, content: { case: 'value', value: text(name) } });
});

afterEach(() => rooms.close());

interface Read {
  readonly name: string;
  readonly found?: boolean;
  readonly node?: string;
  readonly count?: number;
}

async function report(executionToken: string, reads: readonly Read[]) {
  const full = reads.map((read) => ({
    ...{ found: true, package: 'my-org/greeter', packageVersion: '1.0.0', node: 'Greet', count: 1 },
    ...read,
  }));
  return rooms.reportReads({ executions: [{ executionToken, reads: full }] });
}

/** Every read of the log: name, node, status, count. */
async function audited(): Promise<(readonly [string, string, string, number])[]> {
  const all = [];
  for (let pageToken = ''; ;) {
    const page = await rooms.audit.listAuditEvents(admin, {
      action: 'secret.read',
      pageSize: 1_000,
      pageToken,
    });
    for (const one of page.events ?? [])
      all.push([one.resource ?? '', one.node ?? '', one.status ?? '', one.count ?? 0] as const);
    pageToken = page.nextPageToken ?? '';
    if (pageToken === '') return all;
  }
}

const sum = (rows: readonly (readonly [string, string, string, number])[]) =>
  rows.reduce((total, row) => total + row[3], 0);

/** The execution ends and is forgotten. */
async function forget(token: string): Promise<void> {
  await rooms.end(token);
  rooms.time.now += 61_000;
  await sweep(rooms.execution);
}

describe('A node that reads in a loop', () => {
  it('is in the audit log at once, and with the rest of its reads when the execution is over', async () => {
    const { executionToken: token } = await rooms.start({});
    for (let times = 0; times < 50; times++) await report(token, [{ name: 'A', count: 1_000 }]);
    const node = 'my-org/greeter@1.0.0#Greet';
    expect(await audited()).toEqual([['A', node, 'OK', 1_000]]);
    await forget(token);
    expect(await audited()).toEqual([
      ['A', node, 'OK', 49_000],
      ['A', node, 'OK', 1_000],
    ]);
    const { secrets } = await rooms.usage.listSecretUsage(admin, {});
    expect(secrets?.map(({ name, readCount }) => [name, readCount])).toEqual([
      ['A', 50_000n],
      ['B', 0n],
    ]);
  });

  it('is settled when the token ends, where nobody ends the execution', async () => {
    const { executionToken: token } = await rooms.start({});
    await report(token, [{ name: 'A' }]);
    await report(token, [{ name: 'A' }]);
    rooms.time.now += 900_000 + 61_000;
    await sweep(rooms.execution);
    await sweep(rooms.execution);
    expect(sum(await audited())).toBe(2);
  });

  it('that asks for names that do not exist adds a hundred rows and one for all the others', async () => {
    const { executionToken: token } = await rooms.start({});
    for (let batch = 0; batch < 5; batch++) {
      const names = Array.from({ length: 1_000 }, (_, index) => `MISSED_${batch}_${index}`);
      await report(
        token,
        names.map((name) => ({ name, found: false })),
      );
    }
    await report(token, [{ name: 'A' }]);
    await forget(token);
    const rows = await audited();
    expect(rows.filter(([, , status]) => status === 'NOT_FOUND')).toHaveLength(100);
    const more = rows.filter(([name]) => name === '(other reads)');
    expect(more.map(([, node, status]) => [node, status])).toEqual([
      ['', 'RESOURCE_EXHAUSTED'],
      ['', 'RESOURCE_EXHAUSTED'],
    ]);
    expect(sum(more)).toBe(4_900);
    expect(rows.some(([name, , status]) => name === 'A' && status === 'OK')).toBe(true);
    const { misses } = await rooms.usage.listMissedReads(admin, { pageSize: 1_000 });
    expect(misses).toHaveLength(100);
  });

  it('from more nodes than have rows of their own stays within a thousand rows', async () => {
    const { executionToken: token } = await rooms.start({});
    for (let batch = 0; batch < 3; batch++) {
      const nodes = Array.from({ length: 1_000 }, (_, index) => `Node${batch}x${index}`);
      await report(
        token,
        nodes.map((node) => ({ name: 'A', node })),
      );
    }
    await forget(token);
    const rows = await audited();
    expect(rows.length).toBe(1_000 + 2);
    expect(sum(rows)).toBe(3_000);
  });
});

describe('A tenant whose executions read more than its budget', () => {
  it('has one row for each execution beyond it, and loses no count', async () => {
    const reads = Array.from({ length: 1_000 }, (_, index) => ({ name: 'A', node: `Node${index}` }));
    const tokens = [];
    for (let run = 0; run < 7; run++) tokens.push((await rooms.start({})).executionToken);
    for (const token of tokens) await report(token, reads);
    // 5,000 rows at once, then a row for each of the two executions that came too late.
    expect(await audited()).toHaveLength(5_002);
    rooms.time.now += 1_000;
    const late = (await rooms.start({})).executionToken;
    await report(late, reads);
    expect(await audited()).toHaveLength(5_002 + 500 + 1);
    for (const token of [...tokens, late]) await forget(token);
    expect(sum(await audited())).toBe(8_000);
  });
});

describe('Usage figures', () => {
  it('have no row for a name that could not be a secret’s, nor for one that only the report calls found', async () => {
    const { executionToken: token } = await rooms.start({});
    await report(token, [
      { name: 'x'.repeat(60_000), found: false },
      { name: 'not a name', found: false },
      { name: 'INVENTED', found: true },
    ]);
    const rows = await audited();
    expect(rows.map(([name, , status, count]) => [name, status, count])).toEqual([
      ['INVENTED', 'OK', 1],
      ['(not a secret name)', 'NOT_FOUND', 2],
    ]);
    const { misses } = await rooms.usage.listMissedReads(admin, {});
    expect(misses).toEqual([]);
    const database = new BetterSqlite3(rooms.storePath, { readonly: true });
    expect(database.prepare('select count(*) as rows from reads').get()).toEqual({ rows: 0 });
    database.close();
  });

  it('count what only the execution’s config has', async () => {
    const { flowConfig } = await rooms.configs.createFlowConfig(admin, { flowId: 'flow' });
    const configId = flowConfig?.configId ?? '';
    await rooms.configs.setSecretOverride(admin, {
      configId,
      name: 'ONLY',
      content: { case: 'value', value: text('x') },
    });
    const { executionToken: token } = await rooms.start({ config: { case: 'configId', value: configId } });
    await report(token, [{ name: 'ONLY' }]);
    const reads = await rooms.store.read((tx) => tx.listReads('acme' as never, true, { limit: 9 }));
    expect(reads.map(({ name, count }) => [name, count])).toEqual([['ONLY', 1]]);
  });
});

describe('The audit log', () => {
  it('tells every read exactly once, in whatever reports and executions they come', async () => {
    const anyRead = fc.record({
      execution: fc.nat(2),
      name: fc.constantFrom('A', 'B', 'NONE', 'no name'),
      node: fc.constantFrom('Greet', 'Wave', '<bad>'),
      found: fc.boolean(),
      count: fc.integer({ min: 1, max: 9 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(anyRead, { maxLength: 6 }), { maxLength: 6 }), async (reports) => {
        const before = sum(await audited());
        const tokens: string[] = [];
        for (let run = 0; run < 3; run++) tokens.push((await rooms.start({})).executionToken);
        let told = 0;
        for (const reads of reports) {
          for (const read of reads) {
            await report(tokens[read.execution] ?? '', [read]);
            told += read.count;
          }
        }
        const first = await audited();
        for (const token of tokens) await forget(token);
        const all = await audited();
        expect(sum(all) - before).toBe(told);
        // No more than two rows for each name, node and answer of an execution.
        expect(all.length).toBeLessThanOrEqual(first.length * 2);
      }),
      { numRuns: 15 },
    );
  });
});

describe('A report of reads', () => {
  it('has its executions share commits, and answers for each in its place', async () => {
    const tokens = [(await rooms.start({})).executionToken, 'forged', (await rooms.start({})).executionToken];
    const { store } = rooms.execution;
    const write = store.write.bind(store);
    let begin: (() => void) | undefined;
    const areBothAsked = new Promise<void>((resolve) => (begin = resolve));
    const asked = jest.spyOn(store, 'write').mockImplementation(async (body, options) => {
      if (asked.mock.calls.filter(([, { tenant } = {}]) => tenant !== undefined).length === 2) begin?.();
      await areBothAsked;
      return write(body, options);
    });
    const reads = [{ name: 'A', found: true, node: 'Greet', count: 1 }];
    const { executions } = await rooms.reportReads({
      executions: tokens.map((executionToken) => ({ executionToken, reads })),
    });
    asked.mockRestore();
    expect(executions?.map(({ active }) => active)).toEqual([true, false, true]);
    expect(sum(await audited())).toBe(2);
  });

  it('looks at no ciphertext while nothing was revoked', async () => {
    const { executionToken: token } = await rooms.start({});
    const database = new BetterSqlite3(rooms.storePath);
    database.exec('delete from bundles');
    database.close();
    expect(await report(token, [])).toEqual({ executions: [{ active: true, revokedNames: [] }] });
  });

  it('answers the names that were revoked, as often as it is asked and whatever comes later', async () => {
    const { executionToken: token } = await rooms.start({});
    const revoked = async () => (await report(token, [])).executions[0]?.revokedNames;
    expect(await revoked()).toEqual([]);
    await rooms.secrets.deleteSecret(admin, { name: 'A', revokeRunning: true });
    expect([await revoked(), await revoked()]).toEqual([['A'], ['A']]);
    await rooms.secrets.deleteSecret(admin, { name: 'B', revokeRunning: true });
    expect([await revoked(), await revoked()]).toEqual([
      ['A', 'B'],
      ['A', 'B'],
    ]);
  });

  it('with a forged token is told to the service’s own log, a flood of them as a count', async () => {
    for (let times = 0; times < 20; times++)
      expect(await report('axt_forged', [])).toEqual({ executions: [{ active: false, revokedNames: [] }] });
    await rooms.countedEvents.stop();
    const { events } = await rooms.auditLogs.listAuditLogEvents(OPERATOR, {});
    expect(events?.map(({ action, principal, source, count }) => [action, principal, source, count])).toEqual(
      [
        ['token.denied', 'sidecar:test', '192.0.2.7', 19],
        ['token.denied', 'sidecar:test', '192.0.2.7', 1],
      ],
    );
  });
});
