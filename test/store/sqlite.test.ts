/** The store on SQLite. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteStore } from '../../src/store/sqlite/open';
import { describeStoreProperties } from './store-properties';
import { describeStore } from './store-suite';
import type { TestDatabase } from './test-database';

async function open(): Promise<TestDatabase> {
  const folder = mkdtempSync(join(tmpdir(), 'axiom-store-'));
  const path = join(folder, 'store.db');
  const store = await openSqliteStore({ path });
  return {
    store,
    openAnother: () => openSqliteStore({ path }),
    dispose: async () => {
      await store.close();
      rmSync(folder, { recursive: true });
    },
  };
}

describeStore('SQLite', open);
describeStoreProperties('SQLite', open);
