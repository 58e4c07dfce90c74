/** What a SQLite store leaves on the disk, and what it does when the disk or another process is in the way. */

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import BetterSqlite3 from 'better-sqlite3';
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DomainError } from '../../src/domain/errors';
import { TENANT_SCOPE } from '../../src/domain/scope';
import { SCHEMA_VERSION } from '../../src/store/migrations/migrate';
import { SqliteConnection } from '../../src/store/sqlite/connection';
import { openSqliteStore } from '../../src/store/sqlite/open';
import { LogSync } from '../../src/store/sqlite/log-sync';
import { SqliteSession } from '../../src/store/sqlite/session';
import { Writer } from '../../src/store/sqlite/writer';
import type { Store } from '../../src/store/store';
import { entry, execution, name, secret, TENANT } from './rows';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'axiom-store-'));
  path = join(folder, 'store.db');
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Opens the file as any other program would. */
function withRaw<T>(body: (db: BetterSqlite3.Database) => T): T {
  const db = new BetterSqlite3(path);
  try {
    return body(db);
  } finally {
    db.close();
  }
}

async function withStore<T>(body: (store: Store) => Promise<T>, busyTimeoutMs = 5_000): Promise<T> {
  const store = await openSqliteStore({ path, busyTimeoutMs });
  try {
    return await body(store);
  } finally {
    await store.close();
  }
}

const modes = () => readdirSync(folder).map((file) => [file, statSync(join(folder, file)).mode & 0o777]);

describe('the files of a SQLite store', () => {
  it('are readable by their owner only, from the first instant', async () => {
    const before = process.umask(0);
    try {
      await withStore(async (store) => {
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
    await withStore(async () => {});
    chmodSync(path, 0o644);
    await withStore(async () => expect(new Set(modes().map(([, mode]) => mode))).toEqual(new Set([0o600])));
  });

  it('are not changed by starting again', async () => {
    await withStore(async () => {});
    const before = readFileSync(path);
    await withStore(async () => {});
    expect(readFileSync(path).equals(before)).toBe(true);
  });

  it('refuse changes to the audit log, whoever makes them', async () => {
    await withStore((store) => store.write((tx) => tx.appendAudit(TENANT, entry({}))));
    withRaw((db) => {
      expect(() => db.exec('update audit_events set allowed = 0')).toThrow('append-only');
      expect(() => db.exec('delete from audit_events')).toThrow('append-only');
    });
  });

  it('find an index for every audit filter', async () => {
    await withStore(async () => {});
    withRaw((db) => {
      for (const column of ['action', 'resource']) {
        const plan = db
          .prepare(
            `explain query plan select * from audit_events
             where tenant_id = 'a' and sequence < 9 and ${column} = 'b' order by sequence desc limit 3`,
          )
          .all() as { detail: string }[];
        expect(plan.map((step) => step.detail).join()).toMatch(
          new RegExp(`^SEARCH audit_events USING INDEX audit_events_by_tenant_id_${column}_sequence`),
        );
      }
    });
  });
});

describe('deleted ciphertext', () => {
  /** True when any stretch of 16 bytes of it is in a file of the folder. */
  function remains(ciphertext: Uint8Array): boolean {
    const files = readdirSync(folder).map((file) => readFileSync(join(folder, file)));
    for (let at = 0; at + 16 <= ciphertext.length; at += 16) {
      if (files.some((file) => file.includes(ciphertext.subarray(at, at + 16)))) return true;
    }
    return false;
  }

  it('is in no file once the scrubbing delete is answered', async () => {
    await withStore(async (store) => {
      const ciphertext = randomBytes(20_000);
      await store.write((tx) => tx.putSecret(TENANT, TENANT_SCOPE, secret('A', 1, { ciphertext })));
      expect(remains(ciphertext)).toBe(true);
      await store.write((tx) => tx.deleteSecret(TENANT, TENANT_SCOPE, name('A'), 2), { scrub: true });
      expect(remains(ciphertext)).toBe(false);
    });
  });

  it('is in no file after a long history of adds, replaces and deletes that moved it about', async () => {
    await withStore(async (store) => {
      const live = new Map<string, Uint8Array>();
      const dead: Uint8Array[] = [];
      let revision = 0;
      for (let round = 0; round < 60; round++) {
        await store.write(async (tx) => {
          for (let i = 0; i < 50; i++) {
            const key = `N${Math.floor(Math.random() * 300)}`;
            const old = live.get(key);
            if (old !== undefined) dead.push(old);
            if (old !== undefined && Math.random() < 0.5) {
              live.delete(key);
              await tx.deleteSecret(TENANT, TENANT_SCOPE, name(key), ++revision);
            } else {
              const ciphertext = randomBytes(100 + Math.floor(Math.random() * 400));
              live.set(key, ciphertext);
              await tx.putSecret(TENANT, TENANT_SCOPE, secret(key, ++revision, { ciphertext }));
            }
          }
        });
      }
      await store.write(async () => {}, { scrub: true });
      const files = readdirSync(folder).map((file) => readFileSync(join(folder, file)));
      const found = (c: Uint8Array) =>
        [0, 40, c.length - 24].some((at) => files.some((f) => f.includes(c.subarray(at, at + 24))));
      expect(dead.length).toBeGreaterThan(1_000);
      expect(dead.filter(found)).toEqual([]);
      expect([...live.values()].every(found)).toBe(true);
    });
  });

  it('leaves with the bundle that held it, when the last execution that pinned it is over', async () => {
    await withStore(async (store) => {
      const ciphertext = randomBytes(9_000);
      await store.write(async (tx) => {
        await tx.putSecret(TENANT, TENANT_SCOPE, secret('A', 1));
        await tx.putBundle(TENANT, TENANT_SCOPE, { revision: 1, ciphertext });
        await tx.insertExecution(execution('e', { tenantRevision: 1, expireTime: 10 }));
        await tx.deleteSecret(TENANT, TENANT_SCOPE, name('A'), 2);
      });
      await store.write((tx) => tx.dropUnpinnedBundles(TENANT, TENANT_SCOPE, 5), { scrub: true });
      expect(remains(ciphertext)).toBe(true);
      await store.write((tx) => tx.removeDeadExecutions(11, 9), { scrub: true });
      expect(remains(ciphertext)).toBe(false);
    });
  });

  it('is answered while a reader still holds the log, and leaves when the reader is done', async () => {
    await withStore(async (store) => {
      const ciphertext = randomBytes(300);
      await store.write((tx) => tx.putSecret(TENANT, TENANT_SCOPE, secret('A', 1, { ciphertext })));
      await store.read(async (tx) => {
        await tx.getScope(TENANT, TENANT_SCOPE);
        await store.write((other) => other.deleteSecret(TENANT, TENANT_SCOPE, name('A'), 2), { scrub: true });
        expect(remains(ciphertext)).toBe(true);
        // Nobody else waits for it meanwhile.
        await store.write((other) => other.appendAudit(TENANT, entry({})));
      });
      await store.write(async () => {}, { scrub: true });
      expect(remains(ciphertext)).toBe(false);
    });
  });
});

describe('a database that is not as it should be', () => {
  it('is refused when a newer version wrote it, and not changed', async () => {
    await withStore(async () => {});
    withRaw((db) => db.exec(`insert into schema_versions values (${SCHEMA_VERSION + 1})`));
    const before = readFileSync(path);
    await expect(openSqliteStore({ path })).rejects.toMatchObject({
      code: 'FAILED_PRECONDITION',
      reason: 'STORE_SCHEMA_TOO_NEW',
      message: expect.stringContaining('start the version of axiom that last ran on it'),
    });
    expect(readFileSync(path).equals(before)).toBe(true);
  });

  it('is refused when another program made it', async () => {
    withRaw((db) => db.exec('create table notes (text)'));
    await expect(openSqliteStore({ path })).rejects.toMatchObject({
      code: 'FAILED_PRECONDITION',
      reason: 'STORE_FOREIGN',
    });
  });

  it('is refused when it is damaged or no database', async () => {
    writeFileSync(path, 'this is not a database, whatever its name says'.repeat(100));
    await expect(openSqliteStore({ path })).rejects.toMatchObject({ code: 'DATA_LOSS' });
  });

  it('is refused when its folder is missing', async () => {
    await expect(openSqliteStore({ path: join(folder, 'none', 'store.db') })).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      message: expect.stringContaining('folder exists'),
    });
  });

  it('says what to do when a read finds it damaged', async () => {
    await withStore(async (store) => {
      withRaw((db) => db.exec('alter table tenants rename to elsewhere'));
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
    await withStore(async (store) => {
      const holder = new BetterSqlite3(path);
      holder.exec('begin immediate');
      try {
        let turns = 0;
        const counter = setInterval(() => turns++, 1);
        await expect(store.write((tx) => tx.appendAudit(TENANT, entry({})))).rejects.toMatchObject({
          code: 'UNAVAILABLE',
          reason: 'STORE_LOCKED',
        });
        clearInterval(counter);
        expect(turns).toBeGreaterThan(5);
        await expect(store.checkHealth()).rejects.toMatchObject({ code: 'UNAVAILABLE' });
        expect(await store.read((tx) => tx.getScope(TENANT, TENANT_SCOPE))).toMatchObject({ revision: 0 });
      } finally {
        holder.close();
      }
      await expect(store.checkHealth()).resolves.toBeUndefined();
    }, 100);
  });

  it('takes the write as soon as the lock is gone', async () => {
    await withStore(async (store) => {
      const holder = new BetterSqlite3(path);
      holder.exec('begin immediate');
      const written = store.write((tx) => tx.appendAudit(TENANT, entry({})));
      setTimeout(() => holder.close(), 30);
      expect(await written).toMatchObject({ sequence: 1 });
    });
  });

  it('lets a query wait too, as a reader must while another process recovers the log', async () => {
    // Without a write-ahead log, readers meet locks that a test can take.
    withRaw((db) => db.exec('create table notes (text)'));
    const holder = new BetterSqlite3(path);
    holder.exec('begin exclusive');
    const connection = new SqliteConnection(path, { readonly: true });
    const count = () => new SqliteSession(connection, 100).run('select count(*) as count from notes', []);
    await expect(count()).rejects.toMatchObject({ reason: 'STORE_LOCKED' });
    const counted = count();
    setTimeout(() => holder.close(), 30);
    expect((await counted).rows).toEqual([{ count: 0 }]);
    connection.close();
  });
});

describe('a disk that fails', () => {
  /** A writer of which the test holds the connection. */
  async function withWriter<T>(
    body: (writer: Writer, connection: SqliteConnection) => Promise<T>,
    flush = async () => {},
  ): Promise<T> {
    await withStore(async () => {});
    const connection = new SqliteConnection(path, { readonly: false });
    const writer = new Writer(connection, { flush, close: () => {} }, 100);
    try {
      return await body(writer, connection);
    } finally {
      await writer.close();
    }
  }
  const append = (writer: Writer) => writer.write((tx) => tx.appendAudit(TENANT, entry({})));
  const put = (writer: Writer, version: number, size: number) =>
    writer.write((tx) =>
      tx.putSecret(TENANT, TENANT_SCOPE, secret('A', version, { ciphertext: new Uint8Array(size) })),
    );

  it('fails the write that does not fit with what to do, and still takes a deletion', async () => {
    await withWriter(async (writer, connection) => {
      await put(writer, 1, 60_000);
      connection.pragma(`max_page_count = ${Number(connection.pragma('page_count')) + 3}`);
      const outcomes = await Promise.allSettled([append(writer), put(writer, 2, 200_000), append(writer)]);
      // SQLite undoes the whole transaction then: what came before in the group is lost with it.
      expect(outcomes.map((o) => o.status)).toEqual(['rejected', 'rejected', 'fulfilled']);
      await expect(put(writer, 2, 200_000)).rejects.toMatchObject({
        code: 'UNAVAILABLE',
        reason: 'STORE_FULL',
        message: expect.stringContaining('free space'),
      });
      await writer.write((tx) => tx.deleteSecret(TENANT, TENANT_SCOPE, name('A'), 2));
    });
  });

  it('fails the writes that ran in a transaction that SQLite gave up, and takes the next', async () => {
    await withWriter(async (writer, connection) => {
      const outcomes = await Promise.allSettled([
        append(writer),
        writer.write(async () => {
          // What SQLite does by itself on an I/O error (sqlite.org/lang_transaction.html, section 2.3).
          connection.run('rollback');
          throw new DomainError('UNAVAILABLE', 'the disk does not work', 'STORE_IO');
        }),
        append(writer),
      ]);
      expect(outcomes.map((o) => o.status)).toEqual(['rejected', 'rejected', 'fulfilled']);
      expect(await append(writer)).toMatchObject({ sequence: 2 });
    });
  });

  it('lets no body go on outside the transaction that it lost', async () => {
    await withWriter(async (writer, connection) => {
      connection.pragma(`max_page_count = ${Number(connection.pragma('page_count')) + 3}`);
      const stubborn = writer.write(async (tx) => {
        const big = secret('A', 1, { ciphertext: new Uint8Array(200_000) });
        await tx.putSecret(TENANT, TENANT_SCOPE, big).catch(() => {});
        await tx.appendAudit(TENANT, entry({})).catch(() => {});
      });
      await expect(stubborn).rejects.toMatchObject({ code: 'UNAVAILABLE' });
      expect(await append(writer)).toMatchObject({ sequence: 1 });
    });
  });

  it('fails a write that the disk did not confirm', async () => {
    const flush = () => Promise.reject(new DomainError('UNAVAILABLE', 'not confirmed', 'STORE_IO'));
    await withWriter(async (writer) => {
      await expect(append(writer)).rejects.toMatchObject({ code: 'UNAVAILABLE', reason: 'STORE_IO' });
    }, flush);
  });

  it('is not believed again after it failed to confirm once', async () => {
    await withStore(async () => {
      const log = new LogSync(path);
      await expect(log.flush()).resolves.toBeUndefined();
      log.close();
      for (let i = 0; i < 2; i++) {
        await expect(log.flush()).rejects.toMatchObject({ code: 'UNAVAILABLE', reason: 'STORE_IO' });
      }
    });
  });
});

describe('a store that was closed', () => {
  it('answers nothing more, and says why', async () => {
    const store = await openSqliteStore({ path });
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
