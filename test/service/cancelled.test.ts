/** What a client no longer waits for is not begun, and stops where it can: on both engines. */

import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:http2';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { Role } from '../../src/gen/axiom/access/v1/access_pb';
import { openPostgresStore } from '../../src/store/postgres/open';
import { openSqliteStore } from '../../src/store/sqlite/open';
import type { Store } from '../../src/store/store';
import { openSession } from '../console/support/http';
import { missingPostgres, PostgresServer } from '../store/postgres-server';
import { as, bytes, executionClients, managementClients } from '../support/clients';
import { startTestService, type TestService } from '../support/service';

/** Another process of the store that holds the writers' lock until `release`. */
async function holdWriters(store: Store): Promise<() => Promise<void>> {
  let release = () => {};
  const released = new Promise<void>((resolve) => (release = resolve));
  let begun = () => {};
  const holds = new Promise<void>((resolve) => (begun = resolve));
  const held = store.write(async () => {
    begun();
    await released;
  });
  await holds;
  return async () => {
    release();
    await held;
  };
}

/** By then the server, which is in this process, has read that the client is gone. */
const untilServerKnows = () => sleep(100);

/** What never comes fails the test, and does not keep the process. */
async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const given = performance.now() + 10_000;
  while (!(await condition())) {
    if (performance.now() > given) throw new Error('what was waited for did not come');
    await sleep(10);
  }
}

/** How many wait for a lock. @param owner its transaction would be shown the same again. @param like what they begin with. */
async function statementsThatWait(owner: Client, like = '%'): Promise<number> {
  await owner.query('select pg_stat_clear_snapshot()');
  const text = "select 1 from pg_stat_activity where wait_event_type = 'Lock' and query like $1";
  return (await owner.query(text, [like])).rowCount ?? 0;
}

const secretOf = (name: string) => ({ name, content: { case: 'value', value: bytes('v') } }) as const;

function describeCancelled(engine: string, open: () => Promise<{ service: TestService; other: Store }>) {
  describe(`On ${engine}`, () => {
    let service: TestService;
    let other: Store;
    let admin: ReturnType<typeof managementClients>;

    beforeAll(async () => {
      ({ service, other } = await open());
      admin = managementClients(service);
      await admin.secrets.addSecret(secretOf('FIRST'), as(service.adminApiKey));
    });

    afterAll(async () => {
      admin.close();
      await other.close();
      await service.stop();
    });

    const names = async () =>
      (await admin.secrets.listSecretNames({}, as(service.adminApiKey))).secrets.map(({ name }) => name);

    it('a write whose deadline passed while it waited for its turn is not carried out', async () => {
      const release = await holdWriters(other);
      const options = { ...as(service.adminApiKey), deadline: Date.now() + 400 };
      await expect(admin.secrets.addSecret(secretOf('LATE'), options)).rejects.toMatchObject({
        codeName: 'DEADLINE_EXCEEDED',
      });
      await untilServerKnows();
      await release();
      // The queue is in order: what comes after it is done after it would have been.
      await admin.secrets.addSecret(secretOf('AFTER_LATE'), as(service.adminApiKey));
      expect(await names()).not.toContain('LATE');
    });

    it('a write that its client took back while it waited for its turn is not carried out', async () => {
      const release = await holdWriters(other);
      const leaving = new AbortController();
      const options = { ...as(service.adminApiKey), signal: leaving.signal };
      const left = admin.secrets.addSecret(secretOf('LEFT'), options);
      left.catch(() => {});
      await sleep(300);
      leaving.abort();
      await expect(left).rejects.toMatchObject({ codeName: 'CANCELLED' });
      await untilServerKnows();
      await release();
      await admin.secrets.addSecret(secretOf('AFTER_LEFT'), as(service.adminApiKey));
      expect(await names()).not.toContain('LEFT');
    });

    it('an execution that its engine gave up before its turn is not started', async () => {
      const start = { tenantId: 'default', flowId: 'f', executionId: 'given-up' };
      const client = executionClients(service, 'engine');
      const release = await holdWriters(other);
      const options = { deadline: Date.now() + 400 };
      await expect(client.executions.startExecution(start, options)).rejects.toMatchObject({
        codeName: 'DEADLINE_EXCEEDED',
      });
      await untilServerKnows();
      await release();
      // The id would be taken had it been started.
      await client.executions.startExecution(start);
      client.close();
    });
  });
}

describe('What a client no longer waits for', () => {
  describeCancelled('SQLite', async () => {
    const service = await startTestService();
    return { service, other: await openSqliteStore({ path: service.dir.store }) };
  });

  if (missingPostgres() !== undefined) {
    it.skip('is not looked at on PostgreSQL: this machine has no server of it', () => undefined);
    return;
  }

  let postgres: PostgresServer;
  const folder = mkdtempSync(join(tmpdir(), 'axiom-pg-url-'));
  let url = '';

  beforeAll(async () => {
    postgres = await PostgresServer.start();
    url = postgres.url(await postgres.createDatabase());
  });

  afterAll(async () => {
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const urlFile = () => {
    const file = join(folder, 'url');
    writeFileSync(file, url);
    chmodSync(file, 0o600);
    return file;
  };

  const openOnPostgres = async () => {
    const service = await startTestService({ postgresUrlFile: urlFile() });
    return { service, other: await openPostgresStore({ url }) };
  };

  describeCancelled('PostgreSQL', openOnPostgres);

  describe('of the look-up of its credential', () => {
    /** As many as one address that has proved nothing has at a time; the next waits for its turn. */
    const AT_ONCE = 5;
    let service: TestService;
    let owner: Client;
    let admin: ReturnType<typeof managementClients>;
    let keys: string[];

    beforeAll(async () => {
      url = postgres.url(await postgres.createDatabase());
      service = await startTestService({ postgresUrlFile: urlFile() });
      admin = managementClients(service);
      const make = async (displayName: string) =>
        (await admin.access.createApiKey({ displayName, role: Role.ADMIN }, as(service.adminApiKey))).rawKey;
      keys = [];
      for (let number = 0; number < 2 * AT_ONCE + 4; number++) keys.push(await make(`key ${number}`));
      owner = new Client({ connectionString: url });
      await owner.connect();
    });

    afterAll(async () => {
      admin.close();
      await owner.end();
      await service.stop();
    });

    const nextKey = () => as(keys.pop() as string);
    const lookUpsThatRun = () => statementsThatWait(owner, 'select%');
    const statuses = () =>
      service.log
        .map((line) => JSON.parse(line) as { msg: string; door?: string; status?: string })
        .filter(({ msg }) => msg === 'call');

    /** Look-ups of one address that have begun and are held up. @returns what lets them go on, and waits for them. */
    async function holdLookUps(): Promise<() => Promise<void>> {
      await owner.query('begin; lock table api_keys in access exclusive mode');
      const held = Array.from({ length: AT_ONCE }, () => admin.secrets.listSecretNames({}, nextKey()));
      await until(async () => (await lookUpsThatRun()) === AT_ONCE);
      service.log.length = 0;
      return async () => {
        await owner.query('rollback');
        await Promise.all(held);
      };
    }

    it('is waited for no longer than the deadline, by the database either', async () => {
      await owner.query('begin; lock table api_keys in access exclusive mode');
      service.log.length = 0;
      const options = { ...nextKey(), deadline: Date.now() + 3_500 };
      const called = admin.secrets.listSecretNames({}, options);
      called.catch(() => {});
      await until(async () => (await lookUpsThatRun()) === 1);
      await expect(called).rejects.toMatchObject({ codeName: 'DEADLINE_EXCEEDED' });
      await until(() => statuses().length > 0);
      // One that is not ended by its deadline is told to have found no database.
      expect(statuses()).toMatchObject([{ door: 'management', status: 'DEADLINE_EXCEEDED' }]);
      await owner.query('rollback');
    });

    it('leaves the line when the call is taken back', async () => {
      const release = await holdLookUps();
      const leaving = new AbortController();
      const left = admin.secrets.listSecretNames({}, { ...nextKey(), signal: leaving.signal });
      left.catch(() => {});
      // Requests of a connection are taken up in order, and this one has nothing to look up.
      await expect(admin.secrets.listSecretNames({})).rejects.toMatchObject({ codeName: 'UNAUTHENTICATED' });
      leaving.abort();
      await until(() => statuses().length > 1);
      expect(statuses()[1]).toMatchObject({ door: 'management', status: 'CANCELLED' });
      await release();
    });

    it('leaves the line when the page at the console is gone', async () => {
      const cookie = await openSession(service.console, service.adminApiKey);
      const release = await holdLookUps();
      const page = connect(`https://${service.console}`, { ca: service.ca });
      const listing = page.request({
        ...{ ':method': 'POST', ':path': '/axiom.secrets.v1.SecretsService/ListSecretNames' },
        ...{ 'content-type': 'application/proto', 'content-length': '0', cookie },
        'sec-fetch-site': 'same-origin',
      });
      listing.on('error', () => {});
      listing.end();
      // Taken up after it, and has nothing to look up.
      await once(page.request({ ':path': '/console/login-methods' }), 'response');
      page.destroy();
      await until(() => statuses().length > 0);
      expect(statuses()).toMatchObject([{ door: 'console', status: 'CANCELLED' }]);
      await release();
    });
  });

  it('a server of PostgreSQL stops reading at the deadline', async () => {
    url = postgres.url(await postgres.createDatabase());
    const { service, other } = await openOnPostgres();
    const admin = managementClients(service);
    const owner = new Client({ connectionString: url });
    await owner.connect();
    await owner.query('begin; lock table secrets in access exclusive mode');
    const options = { ...as(service.adminApiKey), deadline: Date.now() + 500 };
    await expect(admin.secrets.listSecretNames({}, options)).rejects.toMatchObject({
      codeName: 'DEADLINE_EXCEEDED',
    });
    // A statement that is not ended by its deadline waits for four seconds.
    const given = performance.now();
    const isWaiting = async () => (await statementsThatWait(owner)) > 0;
    while ((await isWaiting()) && performance.now() - given < 3_000) await sleep(50);
    expect(await isWaiting()).toBe(false);
    await owner.query('rollback');
    await owner.end();
    await admin.secrets.listSecretNames({}, as(service.adminApiKey));
    admin.close();
    await other.close();
    await service.stop();
  });
});
