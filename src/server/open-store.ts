/** Opens the store that the settings name: SQLite in the data folder, or PostgreSQL when one machine is outgrown. */

import { readPrivateFile } from '../files/private-file';
import { openPostgresStore } from '../store/postgres/open';
import { checkTransport } from '../store/postgres/transport';
import { openSqliteStore } from '../store/sqlite/open';
import type { Store } from '../store/store';
import type { ServiceConfig } from './config';
import { dataDirAt } from './data-dir';

export function openStore(config: ServiceConfig): Promise<Store> {
  if (config.postgresUrlFile === undefined) return openSqliteStore({ path: dataDirAt(config.dataDir).store });
  const urlOf = (path: string) => readUrl(path, config.insecurePostgres);
  return openPostgresStore({
    url: urlOf(config.postgresUrlFile),
    ...(config.postgresMigrationUrlFile !== undefined && {
      migrationUrl: urlOf(config.postgresMigrationUrlFile),
    }),
  });
}

function readUrl(path: string, insecure: boolean): string {
  const url = readPrivateFile(path).toString('utf8').trim();
  checkTransport(url, insecure);
  return url;
}
