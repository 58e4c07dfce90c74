/** A folder of its own for each test of the SQLite engine, and the store in it. */

import { afterEach, beforeEach } from '@jest/globals';
import BetterSqlite3 from 'better-sqlite3';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteStore } from '../../src/store/sqlite/open';
import type { Store } from '../../src/store/store';

export class SqliteFolder {
  folder = '';

  get path(): string {
    return join(this.folder, 'store.db');
  }

  /** Opens the file as any other program would. */
  withRaw<T>(body: (db: BetterSqlite3.Database) => T): T {
    const db = new BetterSqlite3(this.path);
    try {
      return body(db);
    } finally {
      db.close();
    }
  }

  async withStore<T>(body: (store: Store) => Promise<T>, busyTimeoutMs = 5_000): Promise<T> {
    const store = await openSqliteStore({ path: this.path, busyTimeoutMs });
    try {
      return await body(store);
    } finally {
      await store.close();
    }
  }
}

/** To be called once in a test file. */
export function sqliteFolder(): SqliteFolder {
  const fixture = new SqliteFolder();
  beforeEach(() => {
    fixture.folder = mkdtempSync(join(tmpdir(), 'axiom-store-'));
  });
  afterEach(() => rmSync(fixture.folder, { recursive: true }));
  return fixture;
}
