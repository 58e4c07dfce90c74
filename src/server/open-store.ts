/** Opens the store that the settings name: SQLite in the data folder, or PostgreSQL when one machine is outgrown. */

import { readFileSync } from 'node:fs';
import { openPostgresStore } from '../store/postgres/open';
import { openSqliteStore } from '../store/sqlite/open';
import type { Store } from '../store/store';
import type { ServiceConfig } from './config';
import type { DataDir } from './data-dir';

export function openStore(config: ServiceConfig, dir: DataDir): Promise<Store> {
  if (config.postgresUrlFile === undefined) return openSqliteStore({ path: dir.store });
  return openPostgresStore({
    url: readUrl(config.postgresUrlFile),
    ...(config.postgresMigrationUrlFile !== undefined && {
      migrationUrl: readUrl(config.postgresMigrationUrlFile),
    }),
  });
}

function readUrl(path: string): string {
  return readFileSync(path, 'utf8').trim();
}
