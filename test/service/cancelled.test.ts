/** What a client no longer waits for is not begun, and stops where it can: on both engines. */

import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { openPostgresStore } from '../../src/store/postgres/open';
import { openSqliteStore } from '../../src/store/sqlite/open';
import type { Store } from '../../src/store/store';
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

  const openOnPostgres = async () => {
    const postgresUrlFile = join(folder, 'url');
    writeFileSync(postgresUrlFile, url);
    chmodSync(postgresUrlFile, 0o600);
    const service = await startTestService({ postgresUrlFile });
    return { service, other: await openPostgresStore({ url }) };
  };

  describeCancelled('PostgreSQL', openOnPostgres);

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
    const isWaiting = async () =>
      (await owner.query("select 1 from pg_stat_activity where wait_event_type = 'Lock'")).rowCount !== 0;
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
