/** What goes wrong with a PostgreSQL server, and what does not go wrong with it. */

import { afterAll, afterEach, beforeAll, expect, it, jest } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseTenantId } from '../../src/domain/ids';
import { Connections } from '../../src/store/postgres/connections';
import { toDomainError } from '../../src/store/postgres/errors';
import { openPostgresStore } from '../../src/store/postgres/open';
import type { Store } from '../../src/store/store';
import { describeIf } from '../support/needs';
import { PostgresRelay } from './postgres-relay';
import { missingPostgres, PostgresServer } from './postgres-server';
import { entry, TENANT } from './rows';

const OTHER = parseTenantId('other');

let server: PostgresServer;
const stores: Store[] = [];

beforeAll(async () => {
  if (missingPostgres() === undefined) server = await PostgresServer.start();
});
afterAll(() => server?.stop());
afterEach(async () => {
  jest.restoreAllMocks();
  await Promise.all(stores.splice(0).map((store) => store.close()));
});

async function open(url: string, options: object = {}): Promise<Store> {
  const store = await openPostgresStore({ url, ...options });
  stores.push(store);
  return store;
}

const append = (store: Store, tenant = TENANT) =>
  store.write((tx) => tx.appendAudit(tenant, entry({})), { tenant });
const unavailable = { code: 'UNAVAILABLE' };

/** Seconds until it settles: a bound for what hangs. */
async function settles<T>(what: Promise<T>, seconds = 30): Promise<PromiseSettledResult<T>> {
  const [outcome] = await Promise.race([
    Promise.allSettled([what]),
    sleep(seconds * 1_000, undefined, { ref: false }).then(() => {
      throw new Error(`nothing after ${seconds} s`);
    }),
  ]);
  return outcome;
}

describeIf(missingPostgres(), false, 'Writers of one tenant', () => {
  it('wait for each other, and nobody of another tenant waits for them', async () => {
    const url = server.url(await server.createDatabase());
    const [one, two] = [await open(url), await open(url)];
    let release = () => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    let holds = () => {};
    const holding = new Promise<void>((resolve) => (holds = resolve));
    const order: string[] = [];
    const first = one.write(
      async (tx) => {
        await tx.appendAudit(TENANT, entry({}));
        holds();
        await held;
        order.push('first');
      },
      { tenant: TENANT },
    );
    await holding;
    const second = append(two).then(() => order.push('second'));
    await append(two, OTHER);
    await append(one, OTHER);
    order.push('others');
    release();
    await Promise.all([first, second]);
    expect(order).toEqual(['others', 'first', 'second']);
  });

  it('that write for all tenants have every tenant’s writers wait', async () => {
    const url = server.url(await server.createDatabase());
    const [one, two] = [await open(url), await open(url)];
    const order: string[] = [];
    await one.write(async (tx) => {
      const waiting = append(two, OTHER).then(() => order.push('tenant'));
      await tx.appendAudit(TENANT, entry({}));
      await sleep(300);
      order.push('all');
      return { waiting };
    });
    await append(two, OTHER);
    expect(order).toEqual(['all', 'tenant']);
  });

  it('keep every write of many tenants from several replicas, each chain without a gap', async () => {
    const url = server.url(await server.createDatabase());
    const replicas = [await open(url), await open(url), await open(url)];
    const tenants = Array.from({ length: 7 }, (_, index) => parseTenantId(`tenant-${index}`));
    await Promise.all(
      Array.from({ length: 210 }, (_, index) =>
        append(replicas[index % 3] as Store, tenants[index % 7] as typeof TENANT),
      ),
    );
    for (const tenant of tenants) {
      const rows = await server.query(
        url.split('/').at(-1)?.split('?')[0] ?? '',
        `select count(*)::int as n, max(sequence)::int as last from audit_events where tenant_id = '${tenant}'`,
      );
      expect(rows).toEqual([{ n: 30, last: 30 }]);
    }
  });
});

describeIf(missingPostgres(), false, 'A replica that stops in the middle of a write', () => {
  it('loses its transaction within seconds; others go on, and it learns of it', async () => {
    const url = server.url(await server.createDatabase());
    const [paused, other] = [await open(url), await open(url, { lockTimeoutMs: 20_000 })];
    let goOn = () => {};
    const pause = new Promise<void>((resolve) => (goOn = resolve));
    let began = () => {};
    const begun = new Promise<void>((resolve) => (began = resolve));
    const lost = paused.write(
      async (tx) => {
        await tx.appendAudit(TENANT, entry({}));
        began();
        await pause;
        await tx.appendAudit(TENANT, entry({}));
      },
      { tenant: TENANT },
    );
    const outcome = settles(lost);
    await begun;
    expect(await append(other)).toMatchObject({ sequence: 1 });
    goOn();
    expect(await outcome).toMatchObject({ status: 'rejected', reason: unavailable });
    expect(await append(paused)).toMatchObject({ sequence: 2 });
  });
});

describeIf(missingPostgres(), false, 'A statement that takes as long as it may', () => {
  it('is ended by the server; what others have under way and wait for goes on', async () => {
    const url = server.url(await server.createDatabase());
    const connections = new Connections({ url, max: 2, statementMs: 300 });
    const [slow, other] = [await connections.take(), await connections.take()];
    const waiting = connections.take();
    await slow.client.query('set statement_timeout = 300');
    const error = await slow.client.query('select pg_sleep(5)').catch(toDomainError);
    expect(error).toMatchObject({ code: 'UNAVAILABLE', reason: 'STORE_SLOW' });
    slow.release(error);
    for (const one of [other, await waiting]) {
      expect((await one.client.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
      one.release();
    }
    await connections.close();
  });
});

describeIf(missingPostgres(), false, 'A database that falls silent', () => {
  it('is answered UNAVAILABLE for, told by health, and gone back to as soon as new connections work', async () => {
    const relay = await PostgresRelay.start(server.socket);
    const store = await open(relay.url(await server.createDatabase()));
    const read = () => store.read((tx) => tx.getTenant(TENANT));
    await Promise.all([append(store), read(), read(), read()]);
    relay.fallSilent();
    for (const call of [read(), append(store), store.checkHealth(), read()]) {
      expect(await settles<unknown>(call)).toMatchObject({ status: 'rejected', reason: unavailable });
    }
    relay.answerNewConnections();
    expect(await settles(read())).toMatchObject({ status: 'fulfilled' });
    expect(await settles(append(store))).toMatchObject({ status: 'fulfilled' });
    await relay.close();
  });

  it('keeps nobody from starting or stopping', async () => {
    const relay = await PostgresRelay.start(server.socket);
    const url = relay.url(await server.createDatabase());
    const store = await openPostgresStore({ url });
    await append(store);
    relay.fallSilent();
    const starting = settles(openPostgresStore({ url }));
    const writing = settles(append(store));
    expect(await settles(store.close())).toMatchObject({ status: 'fulfilled' });
    expect(await writing).toMatchObject({ status: 'rejected', reason: unavailable });
    expect(await starting).toMatchObject({ status: 'rejected', reason: unavailable });
    await relay.close();
  });
});

describeIf(missingPostgres(), false, 'The database’s clock decides', () => {
  it('though this machine’s is an hour fast, and health tells by how much', async () => {
    const real = Date.now;
    jest.spyOn(Date, 'now').mockImplementation(() => real() + 3_600_000);
    const store = await open(server.url(await server.createDatabase()));
    expect(Math.abs(store.clock() - real())).toBeLessThan(60_000);
    const { clockAheadMs } = await store.checkHealth();
    expect(Math.abs(clockAheadMs - 3_600_000)).toBeLessThan(60_000);
  });

  it('and a small difference is left alone', async () => {
    const store = await open(server.url(await server.createDatabase()));
    expect(await store.checkHealth()).toEqual({ clockAheadMs: 0 });
  });
});

describeIf(missingPostgres(), false, 'A database server’s set-up', () => {
  it('that belongs to another program is refused, and nothing of it is changed', async () => {
    const name = await server.createDatabase();
    await server.query(name, 'create table users (id int)');
    await expect(openPostgresStore({ url: server.url(name) })).rejects.toMatchObject({
      code: 'FAILED_PRECONDITION',
      reason: 'STORE_FOREIGN',
    });
    const tables = await server.query(name, "select tablename from pg_tables where schemaname = 'public'");
    expect(tables).toEqual([{ tablename: 'users' }]);
  });

  it('may keep the right to change the schema from the user that serves', async () => {
    const name = await server.createDatabase();
    await server.query(name, 'create role serving login; revoke create on schema public from public');
    await server.query(
      name,
      'alter default privileges for role axiom grant select, insert, update, delete on tables to serving; ' +
        'alter default privileges for role axiom grant usage on sequences to serving',
    );
    const url = server.url(name).replace('axiom@', 'serving@');
    await expect(openPostgresStore({ url })).rejects.toMatchObject({
      code: 'FAILED_PRECONDITION',
      reason: 'STORE_NOT_MIGRATED',
      message: expect.stringContaining('--postgres-migration-url-file'),
    });
    const store = await open(url, { migrationUrl: server.url(name) });
    expect(await append(store)).toMatchObject({ sequence: 1 });
    // From then on it starts by itself.
    expect(await append(await open(url))).toMatchObject({ sequence: 2 });
  });

  it.each(['not a url', 'mysql://user:pw@host/db', 'postgresql://user:pw@host:port/db'])(
    'named by %s is refused without repeating it',
    async (url) => {
      const outcome = await settles(openPostgresStore({ url }));
      expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'INVALID_ARGUMENT' } });
      expect(String((outcome as PromiseRejectedResult).reason)).not.toContain('pw');
    },
  );
});
