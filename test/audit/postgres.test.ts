/** Checkpoints and pruning of the audit logs on PostgreSQL: the suites of every engine. */

import { afterAll, beforeAll } from '@jest/globals';
import { openPostgresStore } from '../../src/store/postgres/open';
import { missingPostgres, PostgresServer } from '../store/postgres-server';
import { describeIf } from '../support/needs';
import { openRooms } from '../support/rooms';
import type { AuditedRooms } from './audited-rooms';
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
});
