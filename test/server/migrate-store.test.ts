/** A standing service goes from SQLite to PostgreSQL: every row, its keys, its logs; half-way attempts are gone on with. */

import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import BetterSqlite3 from 'better-sqlite3';
import { migrateStore } from '../../src/server/migrate-store';
import { TABLE_NAMES } from '../../src/store/move/table';
import { missingPostgres, PostgresServer } from '../store/postgres-server';
import { as, bytes, executionClients, managementClients, operatorClients } from '../support/clients';
import { describeIf } from '../support/needs';
import { AXIOM_MAIN } from '../support/serve-process';
import { startTestService, type TestService } from '../support/service';

interface Told {
  readonly tenant: unknown;
  readonly serviceLog: unknown;
  /** Faults that the log shows beside the checkpoint of before. */
  readonly sinceCheckpoint: unknown;
}

describeIf(missingPostgres(), false, 'axiom migrate-store', () => {
  let postgres: PostgresServer;
  let folder: string;
  let dataDir: string;
  let database: string;
  let urlFile: string;

  beforeAll(async () => {
    postgres = await PostgresServer.start();
    folder = mkdtempSync(join(tmpdir(), 'axiom-move-'));
  });
  afterAll(async () => {
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  beforeEach(async () => {
    dataDir = mkdtempSync(join(folder, 'data-'));
    database = await postgres.createDatabase();
    urlFile = writeUrl(postgres.url(database));
  });

  function writeUrl(url: string): string {
    const path = join(mkdtempSync(join(folder, 'url-')), 'url');
    writeFileSync(path, `${url}\n`);
    chmodSync(path, 0o600);
    return path;
  }

  const move = (postgresUrlFile = urlFile, from = dataDir) =>
    migrateStore({ dataDir: from, postgresUrlFile, insecurePostgres: false, onTable: () => {} });

  /** Secrets, overrides, a revocation, executions, a key and reads; one execution runs on. @returns its token. */
  async function use(service: TestService): Promise<string> {
    const admin = managementClients(service);
    const engine = executionClients(service, 'engine');
    const sidecar = executionClients(service, 'sidecar');
    const key = as(service.adminApiKey);
    const content = (text: string) => ({ case: 'value', value: bytes(text) }) as const;
    for (const name of ['A', 'B', 'C', 'D'])
      await admin.secrets.addSecret({ name, content: content(`${name} ü`) }, key);
    const { flowConfig } = await admin.flowConfigs.createFlowConfig({ flowId: 'f', profileName: 'p' }, key);
    const configId = flowConfig?.configId ?? '';
    await admin.flowConfigs.setSecretOverride(
      { configId, name: 'B', content: content('of the config') },
      key,
    );
    await admin.access.createApiKey({ displayName: 'ci', role: 1 }, key);
    const started = await engine.executions.startExecution({
      tenantId: 'default',
      flowId: 'f',
      config: { case: 'configId', value: configId },
    });
    const { executionToken } = started;
    await sidecar.secrets.resolveForExecution({ executionToken });
    await admin.secrets.deleteSecret({ name: 'C', revokeRunning: true }, key);
    await admin.secrets.replaceSecret({ name: 'D', content: content('of later') }, key);
    const reads = [{ name: 'A', found: true, package: 'a/b', packageVersion: '1.0.0', node: 'N', count: 3 }];
    await sidecar.executions.reportReads({ executions: [{ executionToken, reads }] });
    const ended = await engine.executions.startExecution({ tenantId: 'default', flowId: 'f' });
    await engine.executions.endExecution({ executionToken: ended.executionToken });
    for (const client of [admin, engine, sidecar]) client.close();
    return executionToken;
  }

  async function verify(service: TestService, note: string | undefined): Promise<[Told, string]> {
    const { maintenance, close } = operatorClients(service);
    const { audit, close: closeAdmin } = managementClients(service);
    const newest = () => audit.getAuditCheckpoint({}, as(service.adminApiKey)).catch(() => undefined);
    let checkpoint = note;
    // The first is signed within seconds of the first event.
    while (checkpoint === undefined) checkpoint = (await newest())?.note ?? (await sleep(50));
    closeAdmin();
    const told = {
      tenant: await maintenance.verifyTenant({ tenantId: 'default' }),
      serviceLog: (await maintenance.verifyServiceLog({})).faults,
      sinceCheckpoint: (await maintenance.verifyCheckpoint({ note: checkpoint })).faults,
    };
    close();
    return [told, checkpoint];
  }

  it('moves every row, and the service on the same folder verifies and resolves as before', async () => {
    const before = await startTestService({}, dataDir);
    const executionToken = await use(before);
    const [verified, checkpoint] = await verify(before, undefined);
    expect(verified).toMatchObject({ tenant: { secretCount: 3n, overrideCount: 1n, faults: [] } });
    await before.leave();
    writeFileSync(join(dataDir, 'store', 'store.sqlite-ballast'), Buffer.alloc(10));

    const { tables, putAside } = await move();

    expect(tables.map(({ table }) => table)).toEqual([...TABLE_NAMES]);
    const rows = Object.fromEntries(tables.map((one) => [one.table, one.rows]));
    expect(rows).toMatchObject({ tenants: 1, secrets: 4, flow_configs: 1, api_keys: 2, executions: 2 });
    expect(readdirSync(join(dataDir, 'store')).filter((name) => name.startsWith('store.sqlite'))).toEqual([
      'store.sqlite.moved',
    ]);
    expect(putAside).toBe(join(dataDir, 'store', 'store.sqlite.moved'));
    // Without the database's URL the folder serves nothing: neither the old rows nor none.
    await expect(startTestService({}, dataDir)).rejects.toThrow(/store/);

    const after = await startTestService({ postgresUrlFile: urlFile }, dataDir);
    const [moved] = await verify(after, checkpoint);
    expect(moved).toEqual(verified);
    const sidecar = executionClients(after, 'sidecar');
    const { secrets } = await sidecar.secrets.resolveForExecution({ executionToken });
    expect(
      Object.fromEntries(
        Object.entries(secrets).map(([name, { value }]) => [name, Buffer.from(value).toString()]),
      ),
    ).toEqual({ A: 'A ü', B: 'of the config', D: 'D ü' });
    // New ciphertexts are numbered after those that came.
    const admin = managementClients(after);
    for (const name of ['E', 'F'])
      await admin.secrets.addSecret(
        { name, content: { case: 'value', value: bytes('new') } },
        as(after.adminApiKey),
      );
    for (const client of [admin, sidecar]) client.close();
    await after.stop();
  });

  it('has every table of the SQLite file on its list', async () => {
    const service = await startTestService({}, dataDir);
    await service.leave();
    const file = new BetterSqlite3(join(dataDir, 'store', 'store.sqlite'), { readonly: true });
    const names = file
      .prepare("select name from sqlite_master where type = 'table' and name not like 'sqlite_%'")
      .pluck()
      .all();
    file.close();
    expect(names.sort()).toEqual([...TABLE_NAMES].sort());
  });

  it('goes on where an attempt ended half-way, and no service starts on what is there until then', async () => {
    const service = await startTestService({}, dataDir);
    await use(service);
    await service.leave();
    const relay = await postgres.relay(database, 'insert into audit_events');
    await expect(move(writeUrl(relay.url))).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    await relay.close();
    await expect(startTestService({ postgresUrlFile: urlFile }, dataDir)).rejects.toMatchObject({
      reason: 'STORE_INCOMING',
    });

    // The service went on on SQLite meanwhile: what it wrote counts, and what it deleted is not there.
    const meanwhile = await startTestService({}, dataDir);
    const admin = managementClients(meanwhile);
    await admin.secrets.deleteSecret({ name: 'A' }, as(meanwhile.adminApiKey));
    admin.close();
    const [verified, checkpoint] = await verify(meanwhile, undefined);
    await meanwhile.leave();

    const { tables } = await move();
    expect(tables.find(({ table }) => table === 'executions')).toMatchObject({ rows: 2, stood: 2 });
    const after = await startTestService({ postgresUrlFile: urlFile }, dataDir);
    expect((await verify(after, checkpoint))[0]).toEqual(verified);
    await after.stop();
  });

  it('goes on where an attempt ended after the store was put aside, and before services may start', async () => {
    const service = await startTestService({}, dataDir);
    await service.leave();
    const relay = await postgres.relay(database, 'drop table incoming_store');
    await expect(move(writeUrl(relay.url))).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    await relay.close();
    expect(existsSync(join(dataDir, 'store', 'store.sqlite'))).toBe(false);

    await move();
    const after = await startTestService({ postgresUrlFile: urlFile }, dataDir);
    expect((await verify(after, undefined))[0]).toMatchObject({ tenant: { faults: [] }, serviceLog: [] });
    await after.stop();
  });

  it('refuses a database that is not empty, one that another store is moved into, and a service that runs', async () => {
    const service = await startTestService({}, dataDir);
    await expect(move()).rejects.toMatchObject({ code: 'FAILED_PRECONDITION', reason: 'STORE_IN_USE' });
    await service.leave();

    const full = await postgres.createDatabase();
    await postgres.query(full, 'create table users (id int)');
    await expect(move(writeUrl(postgres.url(full)))).rejects.toMatchObject({ reason: 'DATABASE_NOT_EMPTY' });
    await postgres.query(database, 'create table incoming_store (source text)');
    await postgres.query(database, "insert into incoming_store values ('another')");
    await expect(move()).rejects.toMatchObject({ reason: 'DATABASE_NOT_EMPTY' });
    await expect(move(urlFile, join(folder, 'nowhere'))).rejects.toMatchObject({ code: 'NOT_FOUND' });

    // Nothing of the folder changed by it.
    expect(existsSync(join(dataDir, 'store', 'store.sqlite'))).toBe(true);
    const again = await startTestService({}, dataDir);
    await again.stop();
  });

  it('finds a row that is not in the database as it is in the store', async () => {
    const service = await startTestService({}, dataDir);
    await use(service);
    await service.leave();
    // Between the copying and the comparing somebody else changes a row.
    const moving = migrateStore({
      ...{ dataDir, postgresUrlFile: urlFile, insecurePostgres: false },
      onTable: async ({ table }) => {
        if (table === 'schema_versions')
          await postgres.query(database, "update secrets set version = 7 where name = 'B'");
      },
    });
    await expect(moving).rejects.toMatchObject({ code: 'DATA_LOSS', reason: 'MOVED_ROWS_DIFFER' });
    expect(existsSync(join(dataDir, 'store', 'store.sqlite'))).toBe(true);
  });

  it('is a command that says what it moved and how to go on', async () => {
    const service = await startTestService({}, dataDir);
    await service.leave();
    const run = (...flags: string[]) =>
      execFileSync(
        process.execPath,
        [AXIOM_MAIN, 'migrate-store', '--from', dataDir, '--to-postgres-url-file', urlFile, ...flags],
        { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] },
      );
    const { tables } = JSON.parse(run('--json')) as { tables: { table: string; rows: number }[] };
    expect(tables.find(({ table }) => table === 'tenants')?.rows).toBe(1);
    // It is done: the database is the service's now.
    expect(() => run()).toThrow(/has tables already/);
  });
});
