/** Opens the store that the settings name: SQLite in the data folder, or PostgreSQL when one machine is outgrown. */

import { readPrivateFile } from '../files/private-file';
import { openPostgresStore } from '../store/postgres/open';
import { openSqliteStore } from '../store/sqlite/open';
import type { Store } from '../store/store';
import type { ServiceConfig } from './config';
import { dataDirAt } from './data-dir';

export function openStore(config: ServiceConfig): Promise<Store> {
  if (config.postgresUrlFile === undefined) return openSqliteStore({ path: dataDirAt(config.dataDir).store });
  return openPostgresStore({
    url: readUrl(config.postgresUrlFile),
    ...(config.postgresMigrationUrlFile !== undefined && {
      migrationUrl: readUrl(config.postgresMigrationUrlFile),
    }),
  });
}

function readUrl(path: string): string {
  return readPrivateFile(path).toString('utf8').trim();
}
