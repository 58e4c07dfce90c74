/** The store behind a pooler in transaction mode, which keeps nothing of a connection between transactions. */

import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { openPostgresStore } from '../../src/store/postgres/open';
import { describeIf } from '../support/needs';
import { missingPgBouncer, PgBouncer } from './pgbouncer';
import { PostgresServer } from './postgres-server';
import { entry, TENANT } from './rows';

const missing = missingPgBouncer();
let server: PostgresServer;
let pooler: PgBouncer;

beforeAll(async () => {
  if (missing !== undefined) return;
  server = await PostgresServer.start();
  pooler = await PgBouncer.start(server.socket);
});
afterAll(async () => {
  await pooler?.stop();
  await server?.stop();
});

describeIf(
  missing,
  process.env['AXIOM_REQUIRE_PGBOUNCER'] === '1',
  'Behind PgBouncer in transaction mode',
  () => {
    it('several replicas read and write, whichever connection each transaction gets', async () => {
      const name = await server.createDatabase();
      const replicas = await Promise.all([0, 1, 2].map(() => openPostgresStore({ url: pooler.url(name) })));
      const records = await Promise.all(
        Array.from({ length: 120 }, async (_, index) => {
          const store = replicas[index % 3];
          await store?.read(async (tx) => [await tx.getTenant(TENANT), await tx.listTenants({ limit: 1 })]);
          return store?.write((tx) => tx.appendAudit(TENANT, entry({})), { tenant: TENANT });
        }),
      );
      const sequences = records.map((record) => record?.sequence ?? 0).sort((a, b) => a - b);
      expect(sequences).toEqual(Array.from({ length: 120 }, (_, index) => index + 1));
      await Promise.all(replicas.map((store) => store.close()));
    });

    it('an acknowledged write is on the disk, though the database’s default is not to wait', async () => {
      const name = await server.createDatabase();
      await server.query(name, `alter database ${name} set synchronous_commit = off`);
      const store = await openPostgresStore({ url: pooler.url(name) });
      // The database writes down what each write's own transaction had in force.
      await server.query(
        name,
        `create table seen (setting text);
       create function see() returns trigger language plpgsql
         as $$ begin insert into seen values (current_setting('synchronous_commit')); return new; end $$;
       create trigger see after insert on audit_events for each row execute function see()`,
      );
      for (const options of [{ tenant: TENANT }, {}]) {
        await store.write((tx) => tx.appendAudit(TENANT, entry({})), options);
      }
      expect(await server.query(name, 'select setting from seen')).toEqual([
        { setting: 'on' },
        { setting: 'on' },
      ]);
      await store.close();
    });
  },
);
