/** Checkpoints and pruning of the audit logs on PostgreSQL: the suites of every engine. */

import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { Client } from 'pg';
import { openPostgresStore } from '../../src/store/postgres/open';
import { missingPostgres, PostgresServer } from '../store/postgres-server';
import { describeIf } from '../support/needs';
import { openRooms, text } from '../support/rooms';
import { addSecret, admin, type AuditedRooms } from './audited-rooms';
import { describeCheckpoints } from './checkpoint-suite';
import { describePruning } from './prune-suite';

/** For the session: no trigger fires. */
const WITHOUT_GUARDS = 'set session_replication_role = replica';

let server: PostgresServer;

async function open(): Promise<AuditedRooms> {
  const database = await server.createDatabase();
  const url = server.url(database);
  const ask = async (sql: string) => void (await server.query(database, sql));
  return {
    rooms: await openRooms({ openStore: () => openPostgresStore({ url }) }),
    ask,
    change: (sql) => ask(`${WITHOUT_GUARDS}; ${sql}`),
    bytes: (hex) => `'\\x${hex}'`,
    async openCopy() {
      await server.dropConnections(); // a database that somebody is in is not copied
      await server.query('postgres', `create database ${database}_copy template ${database}`);
      return openPostgresStore({ url: server.url(`${database}_copy`) });
    },
  };
}

describeIf(missingPostgres(), false, 'The audit logs', () => {
  beforeAll(async () => {
    server = await PostgresServer.start();
  });
  afterAll(() => server.stop());

  describeCheckpoints({
    name: 'PostgreSQL',
    open,
    backUpStatuses: ['FAILED_PRECONDITION', 'FAILED_PRECONDITION'],
  });
  describePruning('PostgreSQL', open);

  it('take an import of 300 secrets in few messages: the tenant has its other writes wait for it', async () => {
    const { rooms } = await open();
    const secrets = Array.from({ length: 300 }, (_, index) => ({
      name: `A_${index}`,
      content: { case: 'value' as const, value: text(String(index)) },
    }));
    const asked = jest.spyOn(Client.prototype, 'query');
    await rooms.secrets.importSecrets(admin, { secrets });
    const messages = asked.mock.calls.length;
    asked.mockRestore();
    // Three hundreds with three questions each, and what comes before and after.
    expect(messages).toBeLessThanOrEqual(25);
    const values = await rooms.values((await rooms.start({})).executionToken);
    expect(Object.entries(values)).toEqual(
      expect.arrayContaining(Array.from({ length: 300 }, (_, index) => [`A_${index}`, String(index)])),
    );
    await rooms.close();
  });

  it('take a report of a thousand reads in few messages: other tenants wait for the same connection', async () => {
    const audited = await open();
    const { rooms } = audited;
    await addSecret(audited, 'A');
    const { executionToken } = await rooms.start({});
    const read = { package: 'my-org/greeter', packageVersion: '1.0.0', count: 1 };
    const reads = Array.from({ length: 1_000 }, (_, index) =>
      index < 300
        ? { ...read, name: 'A', found: true, node: `Node${index}` }
        : { ...read, name: `MISSED_${index}`, found: false, node: 'Node' },
    );
    const asked = jest.spyOn(Client.prototype, 'query');
    await rooms.reportReads({ executions: [{ executionToken, reads }] });
    const messages = asked.mock.calls.length;
    asked.mockRestore();
    // Ten hundreds with three questions each, and what comes before and after.
    expect(messages).toBeLessThanOrEqual(45);
    const { events } = await rooms.audit.listAuditEvents(admin, { action: 'secret.read', pageSize: 1_000 });
    const count = (name: RegExp) => events?.filter(({ resource }) => name.test(resource ?? ''));
    expect([count(/^A$/)?.length, count(/^MISSED/)?.length]).toEqual([300, 100]);
    expect(count(/other reads/)).toMatchObject([{ count: 600, status: 'RESOURCE_EXHAUSTED' }]);
    const { secrets } = await rooms.usage.listSecretUsage(admin, {});
    expect(secrets).toMatchObject([{ name: 'A', readCount: 300n }]);
    await rooms.close();
  });
});
