/** What a SQLite store does with a file that is not as it should be, that is locked, or after it was closed. */

import { describe, expect, it } from '@jest/globals';
import BetterSqlite3 from 'better-sqlite3';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { TENANT_SCOPE } from '../../src/domain/scope';
import { SCHEMA_VERSION } from '../../src/store/migrations/migrate';
import { checkFile } from '../../src/store/sqlite/check-file';
import { SqliteConnection } from '../../src/store/sqlite/connection';
import { openSqliteStore } from '../../src/store/sqlite/open';
import { SqliteSession } from '../../src/store/sqlite/session';
import { entry, TENANT } from './rows';
import { sqliteFolder } from './sqlite-folder';

const disk = sqliteFolder();

describe('a database that is not as it should be', () => {
  it('is refused when a newer version wrote it, and not changed', async () => {
    await disk.withStore(async () => {});
    disk.withRaw((db) => db.exec(`insert into schema_versions values (${SCHEMA_VERSION + 1})`));
    const before = readFileSync(disk.path);
    await expect(openSqliteStore({ path: disk.path })).rejects.toMatchObject({
      code: 'FAILED_PRECONDITION',
      reason: 'STORE_SCHEMA_TOO_NEW',
      message: expect.stringContaining('start the version of axiom that last ran on it'),
    });
    expect(readFileSync(disk.path).equals(before)).toBe(true);
  });

  it('is refused when another program made it', async () => {
    disk.withRaw((db) => db.exec('create table notes (text)'));
    await expect(openSqliteStore({ path: disk.path })).rejects.toMatchObject({
      code: 'FAILED_PRECONDITION',
      reason: 'STORE_FOREIGN',
    });
  });

  it('is refused when it is damaged or no database', async () => {
    writeFileSync(disk.path, 'this is not a database, whatever its name says'.repeat(100));
    await expect(openSqliteStore({ path: disk.path })).rejects.toMatchObject({
      code: 'DATA_LOSS',
      reason: 'STORE_DAMAGED',
    });
  });

  it('is told apart from one that could not be read once: looking through it is what proves it', async () => {
    await disk.withStore(async (store) => {
      for (let count = 0; count < 200; count++) await store.write((tx) => tx.appendAudit(TENANT, entry({})));
      await expect(store.checkFile?.()).resolves.toBeUndefined();
    });
    const bytes = readFileSync(disk.path);
    bytes.fill(0xff, 3 * 4096, bytes.length);
    writeFileSync(disk.path, bytes);
    const damaged = { code: 'DATA_LOSS', reason: 'STORE_DAMAGED' };
    await expect(checkFile(disk.path)).rejects.toMatchObject(damaged);
    await expect(openSqliteStore({ path: disk.path })).rejects.toMatchObject(damaged);
  });

  it('is refused when its log cannot be opened, and nothing that was kept back is given up for that', async () => {
    await disk.withStore(async (store) => void (await store.checkHealth()));
    expect(existsSync(`${disk.path}-ballast`)).toBe(true);
    mkdirSync(`${disk.path}-wal`);
    await expect(openSqliteStore({ path: disk.path })).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      reason: 'STORE_READONLY',
    });
    expect(existsSync(`${disk.path}-ballast`)).toBe(true);
  });

  it('is refused when its folder is missing', async () => {
    await expect(openSqliteStore({ path: join(disk.folder, 'none', 'store.db') })).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      message: expect.stringContaining('folder exists'),
    });
  });

  it('says what to do when a read finds it damaged', async () => {
    await disk.withStore(async (store) => {
      disk.withRaw((db) => db.exec('alter table tenants rename to elsewhere'));
      await expect(store.read((tx) => tx.getTenant(TENANT))).rejects.toMatchObject({
        code: 'INTERNAL',
        reason: 'SQLITE_ERROR',
        message: expect.not.stringContaining('tenants'),
      });
    });
  });
});

describe('a database that another process keeps locked', () => {
  it('fails a write with UNAVAILABLE when its time is over, while the event loop goes on', async () => {
    await disk.withStore(async (store) => {
      const holder = new BetterSqlite3(disk.path);
      holder.exec('begin immediate');
      try {
        let turns = 0;
        const counter = setInterval(() => turns++, 1);
        await expect(store.write((tx) => tx.appendAudit(TENANT, entry({})))).rejects.toMatchObject({
          code: 'UNAVAILABLE',
          reason: 'STORE_LOCKED',
        });
        clearInterval(counter);
        expect(turns).toBeGreaterThan(2);
        await expect(store.checkHealth()).rejects.toMatchObject({ code: 'UNAVAILABLE' });
        expect(await store.read((tx) => tx.getScope(TENANT, TENANT_SCOPE))).toMatchObject({ revision: 0 });
      } finally {
        holder.close();
      }
      await expect(store.checkHealth()).resolves.toMatchObject({ clockAheadMs: 0 });
    }, 100);
  });

  it('takes the write as soon as the lock is gone', async () => {
    await disk.withStore(async (store) => {
      const holder = new BetterSqlite3(disk.path);
      holder.exec('begin immediate');
      const written = store.write((tx) => tx.appendAudit(TENANT, entry({})));
      setTimeout(() => holder.close(), 30);
      expect(await written).toMatchObject({ sequence: 1 });
    });
  });

  it('lets a query wait too, as a reader must while another process recovers the log', async () => {
    // Without a write-ahead log, readers meet locks that a test can take.
    disk.withRaw((db) => db.exec('create table notes (text)'));
    const holder = new BetterSqlite3(disk.path);
    holder.exec('begin exclusive');
    const connection = new SqliteConnection(disk.path, { readonly: true });
    const count = () => new SqliteSession(connection, 100).run('select count(*) as count from notes', []);
    await expect(count()).rejects.toMatchObject({ reason: 'STORE_LOCKED' });
    const counted = count();
    setTimeout(() => holder.close(), 30);
    expect((await counted).rows).toEqual([{ count: 0 }]);
    connection.close();
  });
});

describe('a store that was closed', () => {
  it('answers nothing more, and says why', async () => {
    const store = await openSqliteStore({ path: disk.path });
    let release = () => {};
    const reading = store.read(async (tx) => {
      await new Promise<void>((resolve) => (release = resolve));
      return tx.getScope(TENANT, TENANT_SCOPE);
    });
    await store.close();
    await expect(store.read((tx) => tx.getScope(TENANT, TENANT_SCOPE))).rejects.toMatchObject({
      reason: 'STORE_CLOSED',
    });
    await expect(store.write((tx) => tx.appendAudit(TENANT, entry({})))).rejects.toMatchObject({
      reason: 'STORE_CLOSED',
    });
    release();
    expect(await reading).toMatchObject({ revision: 0 });
  });
});
