/** The store on PostgreSQL: the suite of every engine, and what only a server does. */

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { EventEmitter, once } from 'node:events';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { parseTenantId } from '../../src/domain/ids';
import { TENANT_SCOPE } from '../../src/domain/scope';
import type { Waiter } from '../../src/domain/waiter';
import { runBatch } from '../../src/store/postgres/batch';
import { openPostgresStore } from '../../src/store/postgres/open';
import type { AskedAhead } from '../../src/store/asked-ahead';
import { resolutionAskedAhead, stateAskedAhead } from '../../src/store/queries/resolution';
import type { Store, WriteTx } from '../../src/store/store';
import { SCHEMA_VERSION } from '../../src/store/migrations/migrate';
import { missingPostgres, PostgresServer } from './postgres-server';
import { bytes, entry, execution, id, secret, TENANT } from './rows';
import { describeStoreProperties } from './store-properties';
import { describeStore } from './store-suite';
import type { TestDatabase } from './test-database';

/** The pool gives up a connection that is not made by then. */
const LONGER_THAN_TO_CONNECT_MS = 3_300;

let server: PostgresServer;

async function open(): Promise<TestDatabase> {
  const url = server.url(await server.createDatabase());
  const store = await openPostgresStore({ url });
  return { store, openAnother: () => openPostgresStore({ url }), dispose: () => store.close() };
}

const append = (database: { store: TestDatabase['store'] }) =>
  database.store.write((tx) => tx.appendAudit(TENANT, entry({})));

if (missingPostgres() === undefined) {
  beforeAll(async () => {
    server = await PostgresServer.start();
  });
  afterAll(() => server.stop());

  describeStore('PostgreSQL', open);
  describeStoreProperties('PostgreSQL', open);

  describe('a PostgreSQL server', () => {
    it('is asked for a text that none of its rows can hold: that is the caller’s mistake, and the next is answered', async () => {
      const { store } = await open();
      const listed = (resource: string) =>
        store.read((tx) => tx.listAuditEvents(TENANT, { resource }, { limit: 1 }));
      await expect(listed('A\u0000')).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
      expect(await listed('A')).toEqual([]);
      await store.close();
    });

    it('is brought to the schema by replicas that start at once', async () => {
      const url = server.url(await server.createDatabase());
      const stores = await Promise.all(Array.from({ length: 4 }, () => openPostgresStore({ url })));
      const records = await Promise.all(stores.map((store) => append({ store })));
      expect(records.map((r) => r.sequence).sort()).toEqual([1, 2, 3, 4]);
      await Promise.all(stores.map((store) => store.close()));
    });

    it('is refused when a newer version wrote to it', async () => {
      const name = await server.createDatabase();
      const url = server.url(name);
      await (await openPostgresStore({ url })).close();
      await server.query(name, `insert into schema_versions values (${SCHEMA_VERSION + 1})`);
      await expect(openPostgresStore({ url })).rejects.toMatchObject({ reason: 'STORE_SCHEMA_TOO_NEW' });
    });

    it('refuses changes to the audit log, whoever makes them', async () => {
      const name = await server.createDatabase();
      const url = server.url(name);
      const store = await openPostgresStore({ url });
      await append({ store });
      await store.close();
      for (const change of [
        'update audit_events set allowed = 0',
        'delete from audit_events',
        'truncate audit_events',
      ]) {
        await expect(server.query(name, change)).rejects.toThrow('append-only');
      }
    });

    it('is said to be out of reach when it is, or when it refuses', async () => {
      await expect(openPostgresStore({ url: 'postgresql://nobody@127.0.0.1:1/none' })).rejects.toMatchObject({
        code: 'UNAVAILABLE',
        reason: 'STORE_UNREACHABLE',
      });
      await expect(openPostgresStore({ url: server.url('none') })).rejects.toMatchObject({
        code: 'UNAVAILABLE',
        reason: 'STORE_REFUSED',
      });
    });

    it('may drop every connection: what ran fails with UNAVAILABLE, what comes next works', async () => {
      const database = await open();
      await append(database);
      const failing = [
        database.store.write(async (tx) => {
          await tx.appendAudit(TENANT, entry({}));
          await server.dropConnections();
          await tx.appendAudit(TENANT, entry({}));
        }),
        database.store.read(async (tx) => {
          await tx.getTenant(TENANT);
          await server.dropConnections();
          await tx.getTenant(TENANT);
        }),
      ];
      for (const outcome of await Promise.allSettled(failing)) {
        expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'UNAVAILABLE' } });
      }
      expect(await append(database)).toMatchObject({ sequence: 2 });
      await database.dispose();
    });

    it('may hang up before a read began: the next read has a connection, and the store closes', async () => {
      const relay = await server.relay(await server.createDatabase(), 'repeatable read');
      const store = await openPostgresStore({ url: relay.url, readConnections: 1 });
      const read = () => store.read((tx) => tx.getTenant(TENANT));
      await expect(read()).rejects.toMatchObject({ code: 'UNAVAILABLE', reason: 'STORE_UNREACHABLE' });
      expect(await read()).toBeUndefined();
      await store.close();
      await relay.close();
    });

    it('keeps reads waiting for a connection that others use, however long, and not for a server that is gone', async () => {
      const store = await openPostgresStore({
        url: server.url(await server.createDatabase()),
        readConnections: 1,
      });
      const read = () => store.read((tx) => tx.getTenant(TENANT));
      const long = store.read(async (tx) => {
        await tx.getTenant(TENANT);
        await sleep(LONGER_THAN_TO_CONNECT_MS);
      });
      expect(await Promise.all([long, read(), read()])).toEqual([undefined, undefined, undefined]);
      const cut = store.read(async (tx) => {
        await tx.getTenant(TENANT);
        await server.dropConnections();
        await tx.getTenant(TENANT);
      });
      const unreachable = { status: 'rejected', reason: { reason: 'STORE_UNREACHABLE' } };
      expect(await Promise.allSettled([cut, read()])).toMatchObject([unreachable, unreachable]);
      expect(await read()).toBeUndefined();
      await store.close();
    });

    it('has a connection for a tenant’s read whatever another tenant reads, and none for who is gone', async () => {
      const { store, dispose } = await open();
      let begun = 0;
      const half = new EventEmitter();
      const isHalf = once(half, 'begun');
      let finish = (): void => undefined;
      const isOver = new Promise<void>((resolve) => (finish = resolve));
      // More than there are connections.
      const long = Array.from({ length: 20 }, () =>
        store.read(
          async (tx) => {
            if (++begun === 5) half.emit('begun');
            await tx.getTenant(TENANT);
            await isOver;
          },
          { owner: TENANT },
        ),
      );
      const gone = new AbortController();
      const left = store.read((tx) => tx.getTenant(TENANT), { owner: TENANT, signal: gone.signal });
      expect(await store.read((tx) => tx.getTenant(TENANT), { owner: 'other' })).toBeUndefined();
      expect(await store.read((tx) => tx.getTenant(TENANT))).toBeUndefined();
      gone.abort(new Error('nobody waits'));
      await expect(left).rejects.toThrow('nobody waits');
      await isHalf;
      expect(begun).toBe(5);
      finish();
      await Promise.all(long);
      expect(begun).toBe(20);
      await dispose();
    });

    it('tells a commit that it answered with a rollback, and calls no error, as a write that is not there', async () => {
      const client = new Client({ connectionString: server.url(await server.createDatabase()) });
      await client.connect();
      const run = (...texts: string[]) =>
        runBatch(
          client,
          texts.map((text) => ({ text })),
          false,
        );
      await run('begin');
      await expect(run('select 1 / 0')).rejects.toThrow();
      await expect(run('commit')).rejects.toMatchObject({ cause: { reason: 'STORE_LOST' } });
      await run('begin', 'select 1', 'commit');
      await client.end();
    });

    it('has no other tenant wait for a write that takes long, and each tenant have its turn with those while it waits', async () => {
      const { store, dispose } = await open();
      const order: string[] = [];
      const write = (
        tenant: typeof TENANT,
        bulk: boolean,
        meanwhile: (tx: WriteTx) => Promise<unknown> = async () => {},
        waiter?: Waiter,
      ) =>
        store.write(
          async (tx) => {
            await meanwhile(tx);
            await tx.appendAudit(tenant, entry({}));
            if (bulk) order.push(tenant);
          },
          { tenant, bulk, ...(waiter && { waiter }) },
        );
      const gone = new AbortController();
      // More than there are connections that write.
      const others = Array.from({ length: 16 }, (_, index) => parseTenantId(`other-${index}`));
      const first = write(TENANT, true, async (tx) => {
        let isOver = false;
        const all = Promise.all(others.map((tenant) => write(tenant, false))).finally(() => (isOver = true));
        // One that says nothing for three seconds is ended by the server.
        while (!isOver) await tx.getTenant(TENANT);
        await all;
        gone.abort(new Error('nobody waits'));
        await expect(left).rejects.toThrow('nobody waits');
      });
      const left = write(TENANT, true, undefined, { signal: gone.signal });
      const later = [TENANT, TENANT, others[0]!].map((tenant) => write(tenant, true));
      await Promise.all([first, ...later]);
      expect(order).toEqual([TENANT, TENANT, others[0], TENANT]);
      await dispose();
    });

    it('is asked a dozen times at most for the 128 parts of a large scope, however many each takes', async () => {
      const { store, dispose } = await open();
      await store.write((tx) => tx.putSecret(TENANT, TENANT_SCOPE, secret('A', 1)));
      const count = 128;
      const parts = Array.from({ length: count }, (_, index) => ({
        part: count + index,
        ciphertext: bytes(index, 1),
      }));
      const asked = jest.spyOn(Client.prototype, 'query');
      await store.write((tx) => tx.putBundleParts(TENANT, TENANT_SCOPE, { revision: 1, count, parts }));
      const times = asked.mock.calls.length;
      asked.mockRestore();
      expect(times).toBeLessThanOrEqual(12);
      expect(await store.read((tx) => tx.listBundleParts(TENANT, TENANT_SCOPE))).toHaveLength(count);
      await dispose();
    });

    describe('steps of executions that share a commit', () => {
      const carriedOut: string[] = [];
      beforeEach(() => void carriedOut.splice(0));
      const step = (
        run: string,
        { fails = false, ...other }: Partial<AskedAhead> & { fails?: boolean } = {},
      ) => {
        const asksAhead = { ...stateAskedAhead({ tenantId: TENANT, executionId: id(run) }), ...other };
        const body = async (tx: WriteTx) => {
          carriedOut.push(run);
          const found = await tx.getExecutionState(id(run));
          if (found !== undefined) await tx.putExecutionEnd(found.execution, 5);
          const { sequence } = await tx.appendAudit(TENANT, entry({ executionId: run }));
          if (fails) throw new Error('changed its mind');
          return sequence;
        };
        return (store: Store) => store.write(body, { tenant: TENANT, asksFirst: true, asksAhead });
      };
      // As many as share a commit also where the machine is slow.
      const RUNS = Array.from({ length: 32 }, (_, index) => `run-${index}`);
      const opened = async () => {
        const database = await open();
        await database.store.write(async (tx) => {
          for (const run of RUNS) await tx.insertExecution(execution(run));
        });
        await database.store.write((tx) => tx.appendAudit(TENANT, entry({})), { tenant: TENANT });
        return database;
      };

      // However slow the machine is: a tenant's writes that take long share no commit (test/store/group-commit.test.ts).
      beforeEach(() => void jest.spyOn(performance, 'now').mockReturnValue(performance.now()));
      afterEach(() => void jest.mocked(performance.now).mockRestore());

      it('ask it twice, however many they are', async () => {
        const { store, dispose } = await opened();
        const asked = jest.spyOn(Client.prototype, 'query');
        const sequences = await Promise.all(RUNS.map((run) => step(run)(store)));
        const times = asked.mock.calls.length;
        asked.mockRestore();
        expect(times).toBe(2);
        expect(sequences).toEqual(RUNS.map((_, index) => index + 2));
        await dispose();
      });

      it('fetch the bundle that they have in common once', async () => {
        const { store, dispose } = await opened();
        const length = 100_000;
        const bundle = { revision: 1, ciphertext: new Uint8Array(length).fill(7) };
        await store.write((tx) => tx.putBundle(TENANT, TENANT_SCOPE, bundle), { tenant: TENANT });
        const asked = jest.spyOn(Client.prototype, 'query');
        const resolve = (run: string) => {
          const pinned = {
            ...{ tenantId: TENANT, executionId: id<never>(run), configId: undefined },
            ...{ tenantRevision: 1, configRevision: 0 },
          };
          const asksAhead = resolutionAskedAhead(pinned);
          return store.write((tx) => tx.getResolution(pinned), {
            tenant: TENANT,
            asksFirst: true,
            asksAhead,
          });
        };
        await resolve('run-0');
        const [{ connection }] = asked.mock.contexts as unknown as [{ connection: { stream: Socket } }];
        asked.mockRestore();
        const before = connection.stream.bytesRead;
        const found = await Promise.all(RUNS.map(resolve));
        const read = connection.stream.bytesRead - before;
        expect(found.map((one) => one?.tenantBundle?.ciphertext.length)).toEqual(RUNS.map(() => length));
        // As hex, with what comes beside it.
        expect(read).toBeGreaterThan(2 * length);
        expect(read).toBeLessThan(3 * length);
        await dispose();
      });

      it('are carried out where what one of them asks ahead fails', async () => {
        const { store, dispose } = await opened();
        const fails = step('run-1', { questions: () => [{ text: 'select 1 / 0', values: [] }] });
        const steps = [step('run-0'), fails, step('run-2')];
        expect(await Promise.all(steps.map((one) => one(store)))).toEqual([2, 3, 4]);
        await dispose();
      });

      it('ask each for itself where what they share is lost', async () => {
        const { store, dispose } = await opened();
        let asked = 0;
        const steps = ['run-0', 'run-1', 'run-2', 'run-3'].map((run) => {
          const { questions } = stateAskedAhead({ tenantId: TENANT, executionId: id(run) });
          return step(run, { questions: (compiler) => (asked++, questions(compiler)) })(store);
        });
        const refused = store.write((tx) => tx.insertExecution(execution('run-0')), { tenant: TENANT });
        expect(await Promise.allSettled([refused, ...steps])).toMatchObject([
          { reason: { code: 'ALREADY_EXISTS' } },
          ...[2, 3, 4, 5].map((value) => ({ value })),
        ]);
        expect(asked).toBe(2 * steps.length);
        await dispose();
      });

      it('go on where the log ends, after one of them that appended to it and failed', async () => {
        const { store, dispose } = await opened();
        const steps = [step('run-0'), step('run-1', { fails: true }), step('run-2')];
        const outcomes = await Promise.allSettled(steps.map((one) => one(store)));
        expect(outcomes).toMatchObject([{ value: 2 }, { status: 'rejected' }, { value: 3 }]);
        expect(carriedOut).toEqual(['run-0', 'run-1', 'run-2']);
        await dispose();
      });
    });

    describe('a write whose statement fails after its body has ended', () => {
      const taken = (store: Store) =>
        store.write((tx) => tx.insertExecution(execution('taken')), { tenant: TENANT });
      const sequences = async (store: Store) =>
        (await store.read((tx) => tx.listAuditEvents(TENANT, {}, { limit: 9 }))).map(
          ({ sequence }) => sequence,
        );

      it('is refused for what it is when it is alone', async () => {
        const { store, dispose } = await open();
        await taken(store);
        await expect(taken(store)).rejects.toMatchObject({ code: 'ALREADY_EXISTS' });
        await dispose();
      });

      it.each(['before', 'after'])(
        'takes nothing from what shares its commit, %s it, whoever wrote that',
        async (place) => {
          const { store, dispose } = await open();
          await taken(store);
          const others = [TENANT, parseTenantId('other')].map((tenant) => {
            return () => store.write((tx) => tx.appendAudit(tenant, entry({})), { tenant });
          });
          const order = place === 'before' ? [taken, ...others] : [...others, taken];
          const outcomes = await Promise.allSettled(order.map((write) => write(store)));
          const refused = { status: 'rejected', reason: { code: 'ALREADY_EXISTS' } };
          const done = others.map(() => ({ status: 'fulfilled' }));
          expect(outcomes).toMatchObject(place === 'before' ? [refused, ...done] : [...done, refused]);
          expect(await sequences(store)).toEqual([1]);
          await dispose();
        },
      );
    });

    it('keeps a write waiting for another replica’s lock only so long', async () => {
      const url = server.url(await server.createDatabase());
      const [holder, other] = [
        await openPostgresStore({ url }),
        await openPostgresStore({ url, lockTimeoutMs: 100 }),
      ];
      await holder.write(async () => {
        await expect(append({ store: other })).rejects.toMatchObject({
          code: 'UNAVAILABLE',
          reason: 'STORE_LOCKED',
        });
      });
      expect(await append({ store: other })).toMatchObject({ sequence: 1 });
      await Promise.all([holder.close(), other.close()]);
      await expect(other.read((tx) => tx.getTenant(TENANT))).rejects.toMatchObject({
        reason: 'STORE_CLOSED',
      });
    });
  });
} else {
  describe('the store on PostgreSQL', () => {
    it.skip('needs postgres and initdb on the path', () => {});
  });
}
