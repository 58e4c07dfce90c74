/** Opens the store that the settings name: SQLite in the data folder, or PostgreSQL when one machine is outgrown. */

import { readPrivateFile } from '../files/private-file';
import type * as Open from '../store/postgres/open';
import type * as Transport from '../store/postgres/transport';
import { openSqliteStore } from '../store/sqlite/open';
import type { Store } from '../store/store';
import type { ServiceConfig } from './config';
import { dataDirAt } from './data-dir';

/** Loads PostgreSQL's driver only where it is used: that takes a tenth of a start. */
export function openStore(config: ServiceConfig): Promise<Store> {
  if (config.postgresUrlFile === undefined) return openSqliteStore({ path: dataDirAt(config.dataDir).store });
  /* eslint-disable @typescript-eslint/no-require-imports -- loaded only where it is used */
  const { openPostgresStore } = require('../store/postgres/open') as typeof Open;
  /* eslint-enable @typescript-eslint/no-require-imports */
  const urlOf = (path: string) => readPostgresUrl(path, config.insecurePostgres);
  return openPostgresStore({
    url: urlOf(config.postgresUrlFile),
    ...(config.postgresMigrationUrlFile !== undefined && {
      migrationUrl: urlOf(config.postgresMigrationUrlFile),
    }),
  });
}

/**
 * @param path of a private file with the connection URL.
 * @param insecure whether the operator accepted that others on the way can read and change everything.
 * @throws DomainError FAILED_PRECONDITION for a file that others may read, INVALID_ARGUMENT for a URL that is not safe.
 */
export function readPostgresUrl(path: string, insecure: boolean): string {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- loaded only where it is used
  const { checkTransport } = require('../store/postgres/transport') as typeof Transport;
  const url = readPrivateFile(path).toString('utf8').trim();
  checkTransport(url, insecure);
  return url;
}
