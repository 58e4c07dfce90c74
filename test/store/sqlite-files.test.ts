/** What a SQLite store leaves on the disk. */

import { describe, expect, it } from '@jest/globals';
import BetterSqlite3 from 'better-sqlite3';
import {
  chmodSync,
  lstatSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Session } from '../../src/store/prepared';
import { reads as auditReads } from '../../src/store/queries/audit';
import { sqliteCompiler } from '../../src/store/sqlite/compiler';
import { Ballast } from '../../src/store/sqlite/ballast';
import { SqliteConnection } from '../../src/store/sqlite/connection';
import { entry, TENANT } from './rows';
import { sqliteFolder } from './sqlite-folder';

const disk = sqliteFolder();

const modes = () =>
  readdirSync(disk.folder).map((file) => [file, statSync(join(disk.folder, file)).mode & 0o777]);

describe('the files of a SQLite store', () => {
  it('are readable by their owner only, from the first instant', async () => {
    const before = process.umask(0);
    try {
      await disk.withStore(async (store) => {
        await store.write((tx) => tx.appendAudit(TENANT, entry({})));
        expect(modes()).toEqual([
          ['store.db', 0o600],
          ['store.db-shm', 0o600],
          ['store.db-wal', 0o600],
        ]);
      });
    } finally {
      process.umask(before);
    }
  });

  it('become so when they were not', async () => {
    await disk.withStore(async () => {});
    chmodSync(disk.path, 0o644);
    await disk.withStore(async () =>
      expect(new Set(modes().map(([, mode]) => mode))).toEqual(new Set([0o600])),
    );
  });

  it('are not changed by starting again', async () => {
    await disk.withStore(async () => {});
    const before = readFileSync(disk.path);
    await disk.withStore(async () => {});
    expect(readFileSync(disk.path).equals(before)).toBe(true);
  });

  it('refuse changes to the audit log, whoever makes them', async () => {
    await disk.withStore((store) => store.write((tx) => tx.appendAudit(TENANT, entry({}))));
    disk.withRaw((db) => {
      expect(() => db.exec('update audit_events set allowed = 0')).toThrow('append-only');
      expect(() => db.exec('delete from audit_events')).toThrow('append-only');
    });
  });

  it('find an index for every audit filter', async () => {
    await disk.withStore(async () => {});
    const plans: string[][] = [];
    const db = new BetterSqlite3(disk.path);
    try {
      const session: Session = {
        compiler: sqliteCompiler,
        run: async (sql, parameters) => {
          const steps = db.prepare(`explain query plan ${sql}`).all(...parameters) as { detail: string }[];
          plans.push(steps.map(({ detail }) => detail));
          return { rows: [], affected: 0 };
        },
        post: async () => {},
      };
      for (const filter of [
        { action: 'secret.add' },
        { resource: 'A' },
        { action: 'secret.add', resource: 'A' },
      ])
        await auditReads.listAuditEvents(session, TENANT, filter, { limit: 3, after: 9 });
    } finally {
      db.close();
    }
    const plan = (by: string) => [
      `SEARCH found USING COVERING INDEX audit_events_by_tenant_id_${by}_sequence (tenant_id=? AND ${by}=? AND sequence<?)`,
      'SEARCH audit_events USING PRIMARY KEY (tenant_id=? AND sequence=?)',
    ];
    expect(plans).toEqual([plan('action'), plan('resource'), plan('resource')]);
  });
});

describe('A half that shares the folder and was taken over', () => {
  /** A file of the other half's own, which only a link in the shared folder leads the store to. */
  const victim = () => join(disk.folder, 'kek');
  const linked = (end: string) => {
    writeFileSync(victim(), 'KEY', { mode: 0o600 });
    rmSync(`${disk.path}${end}`, { force: true });
    symlinkSync('kek', `${disk.path}${end}`);
  };
  const isAsItWas = () => [readFileSync(victim(), 'utf8'), statSync(victim()).mode & 0o777];

  it('has no file of the other overwritten by a link in the place of what is kept back for a full disk', async () => {
    await disk.withStore(async () => {});
    linked('-ballast');
    chmodSync(disk.folder, 0o770);
    await new Ballast(disk.path).restore(Infinity);
    expect(isAsItWas()).toEqual(['KEY', 0o600]);
    const ballast = lstatSync(`${disk.path}-ballast`);
    expect([ballast.isFile(), ballast.size, ballast.mode & 0o777]).toEqual([true, 5 * 1024 * 1024, 0o660]);
    await new Ballast(disk.path).release();
  });

  it.each(['-wal', '-shm', ''])(
    'has no file of the other overwritten, or opened to the group, by a link to it called store.db%s',
    async (end) => {
      await disk.withStore(async () => {});
      linked(end);
      chmodSync(disk.folder, 0o770);
      await disk
        .withStore((store) => store.write((tx) => tx.appendAudit(TENANT, entry({}))))
        .catch(() => undefined);
      expect(isAsItWas()).toEqual(['KEY', 0o600]);
    },
  );
});

describe('a SQLite connection', () => {
  it("keeps as many pages as is SQLite's default, and not eight times as many", async () => {
    await disk.withStore(async () => {});
    const connection = new SqliteConnection(disk.path, { readonly: true });
    connection.run('select 1');
    expect(connection.pragma('cache_size')).toBe(-2_000);
    connection.close();
  });
});
