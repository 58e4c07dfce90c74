/** The drill: a backup of a live service, its folder lost, and the same values from a new one. */

import {
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import BetterSqlite3 from 'better-sqlite3';
import { restoreStore } from '../../src/server/restore';
import { as, bytes, executionClients, managementClients, operatorClients } from '../support/clients';
import { startTestService, type TestService } from '../support/service';

const CANARY = 'canary-of-the-backup';
let folder: string;
let backup: string;
let service: TestService;

const at = (name: string) => join(folder, name);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'axiom-restore-'));
  backup = at('backup.sqlite');
  service = await startTestService();
  await addSecrets(0, 20);
  await resolve(service);
});

afterAll(async () => {
  await service.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function addSecrets(from: number, to: number): Promise<void> {
  const clients = managementClients(service);
  for (let index = from; index < to; index++) {
    await clients.secrets.addSecret(
      { name: `SECRET_${index}`, content: { case: 'value', value: bytes(`${CANARY} ${index}`) } },
      as(service.adminApiKey),
    );
  }
  clients.close();
}

async function resolve(of: TestService): Promise<Record<string, string>> {
  const [engine, sidecar] = [executionClients(of, 'engine'), executionClients(of, 'sidecar')];
  try {
    const { executionToken } = await engine.executions.startExecution(
      { tenantId: 'default', flowId: 'flow' },
      {},
    );
    const { secrets } = await sidecar.secrets.resolveForExecution({ executionToken }, {});
    return Object.fromEntries(
      Object.entries(secrets).map(([name, { value }]) => [name, Buffer.from(value).toString('utf8')]),
    );
  } finally {
    engine.close();
    sidecar.close();
  }
}

async function maintain<T>(
  of: TestService,
  body: (door: ReturnType<typeof operatorClients>['maintenance']) => Promise<T>,
): Promise<T> {
  const operator = operatorClients(of);
  try {
    return await body(operator.maintenance);
  } finally {
    operator.close();
  }
}

/** A new data folder with the keys of the service that was lost, and an API key that is in its store. */
function newFolder(name: string): string {
  mkdirSync(at(name), { mode: 0o700 });
  copyKeys(service.dir.root, at(name));
  return at(name);
}

/** What an operator keeps beside the backups; sockets are no files. */
function copyKeys(from: string, to: string): void {
  for (const kept of ['management', 'execution', 'ca', 'admin-api-key'])
    cpSync(join(from, kept), join(to, kept), { recursive: true, filter: (path) => !path.endsWith('.sock') });
}

describe('A backup', () => {
  it('is taken while secrets are added, and holds a state that was', async () => {
    const adding = addSecrets(20, 60);
    const { sizeBytes } = await maintain(service, (door) => door.backUpStore({ path: backup }, {}));
    await adding;
    expect(Number(sizeBytes)).toBe(statSync(backup).size);
    expect(statSync(backup).mode & 0o777).toBe(0o600);
    expect(readFileSync(backup).includes(CANARY)).toBe(false);
    expect(readdirSync(folder)).toEqual(['backup.sqlite']);
    const database = new BetterSqlite3(backup, { readonly: true });
    const { names, revision } = database
      .prepare(
        "select (select count(*) from secrets) as names, (select revision from scopes where scope = 'tenant') as revision",
      )
      .get() as { names: number; revision: number };
    database.close();
    expect(names).toBeGreaterThanOrEqual(20);
    expect(revision).toBe(names);
  });

  it('overwrites nothing and says where it cannot be made', async () => {
    const to = (path: string) => maintain(service, (door) => door.backUpStore({ path }, {}));
    await expect(to(backup)).rejects.toMatchObject({ codeName: 'ALREADY_EXISTS' });
    await expect(to(at('nowhere/backup'))).rejects.toMatchObject({ codeName: 'FAILED_PRECONDITION' });
    await expect(to('backup')).rejects.toMatchObject({ codeName: 'INVALID_ARGUMENT' });
    expect(existsSync(at('nowhere'))).toBe(false);
  });
});

/** In memory on every Linux, and so another file system than that of the test's folder. */
const MEMORY = '/dev/shm';

function isOtherDisk(path: string): boolean {
  if (existsSync(path) && statSync(path).dev !== statSync(tmpdir()).dev) return true;
  process.stderr.write(`skipped: a restore to another disk: ${path} is none\n`);
  return false;
}

describe('Restored', () => {
  it('with its keys, it resolves the same values, and everything verifies', async () => {
    expect(await restoreStore(backup, newFolder('restored'))).toEqual({ tenants: 1, hasKeys: true });
    const restored = await startTestService({}, at('restored'));
    try {
      const values = await resolve(restored);
      expect(Object.keys(values).length).toBeGreaterThanOrEqual(20);
      for (const [name, value] of Object.entries(values))
        expect(value).toBe(`${CANARY} ${name.slice('SECRET_'.length)}`);
      const { secretCount, faults } = await maintain(restored, (door) =>
        door.verifyTenant({ tenantId: 'default' }, {}),
      );
      expect([Number(secretCount), faults]).toEqual([Object.keys(values).length, []]);
    } finally {
      await restored.stop();
    }
  });

  it('without its keys, the service does not start', async () => {
    expect(await restoreStore(backup, at('keyless'))).toEqual({ tenants: 1, hasKeys: false });
    await expect(startTestService({}, at('keyless'))).rejects.toThrow(
      /kek\.tink is missing where others of its service are/,
    );
  });

  it('with the keys of another service, the service does not start', async () => {
    const other = await startTestService({}, at('other'));
    mkdirSync(at('mixed'), { mode: 0o700 });
    copyKeys(other.dir.root, at('mixed'));
    await other.stop();
    await restoreStore(backup, at('mixed'));
    await expect(startTestService({}, at('mixed'))).rejects.toMatchObject({
      reason: 'KEYSET_DOES_NOT_UNWRAP',
    });
  });

  it('never over a store that stands', async () => {
    await expect(restoreStore(backup, service.dir.root)).rejects.toMatchObject({ reason: 'STORE_EXISTS' });
    expect(Object.keys(await resolve(service))).toHaveLength(60);
  });

  it('through no link that a half which was taken over has put into the store’s folder', async () => {
    mkdirSync(at('linked/store'), { recursive: true, mode: 0o700 });
    writeFileSync(at('victim'), 'not ours');
    for (const name of ['store.sqlite.partial', 'store.sqlite-shm'])
      symlinkSync(at('victim'), at(`linked/store/${name}`));
    await restoreStore(backup, at('linked'));
    expect(readFileSync(at('victim'), 'utf8')).toBe('not ours');
    expect(lstatSync(at('linked/store/store.sqlite')).isFile()).toBe(true);
    for (const path of [at('victim'), at('linked')]) rmSync(path, { recursive: true, force: true });
  });

  const itElsewhere = isOtherDisk(MEMORY) ? it : it.skip;
  itElsewhere('into a store’s folder on another disk, whole, and nothing else is left there', async () => {
    const disk = mkdtempSync(join(MEMORY, 'axiom-restore-'));
    try {
      mkdirSync(at('elsewhere'), { mode: 0o700 });
      symlinkSync(disk, at('elsewhere/store'));
      expect(await restoreStore(backup, at('elsewhere'))).toMatchObject({ tenants: 1 });
      expect([readdirSync(disk), readdirSync(at('elsewhere')).includes('restoring')]).toEqual([
        ['store.sqlite'],
        false,
      ]);
      expect(statSync(join(disk, 'store.sqlite')).mode & 0o777).toBe(0o600);
      const database = new BetterSqlite3(join(disk, 'store.sqlite'));
      expect(database.pragma('integrity_check', { simple: true })).toBe('ok');
      expect(database.prepare('select count(*) from secrets').pluck().get()).toBeGreaterThanOrEqual(20);
      database.close();
    } finally {
      for (const path of [disk, at('elsewhere')]) rmSync(path, { recursive: true, force: true });
    }
  });

  it.each<[string, (path: string) => void, string]>([
    ['an empty file', (path) => writeFileSync(path, ''), 'BACKUP_DAMAGED'],
    ['a text', (path) => writeFileSync(path, 'no database'.repeat(1_000)), 'BACKUP_DAMAGED'],
    ['half of a backup', (path) => (cpSync(backup, path), truncateSync(path, 40_960)), 'BACKUP_DAMAGED'],
    [
      'the database of another program',
      (path) => new BetterSqlite3(path).exec('create table t (a)').close(),
      'BACKUP_DAMAGED',
    ],
    ['no file', () => undefined, 'BACKUP_NOT_FOUND'],
  ])('not from %s, and nothing is left of the attempt', async (_what, make, reason) => {
    make(at('bad'));
    await expect(restoreStore(at('bad'), at('refused'))).rejects.toMatchObject({ reason });
    const store = at('refused/store');
    expect(existsSync(store) ? readdirSync(store) : []).toEqual([]);
    expect(existsSync(at('refused/restoring'))).toBe(false);
    for (const path of [at('bad'), at('refused')]) rmSync(path, { recursive: true, force: true });
  });
});
