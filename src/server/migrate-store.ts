/**
 * Moves the store of a data folder to PostgreSQL. The keys stay where they are.
 *
 * The file is put aside once every row was found to be the same, and before the database is opened to services: a
 * service that is started without naming the database then refuses to start, and never serves the old rows.
 */

import { existsSync, renameSync } from 'node:fs';
import { DomainError } from '../domain/errors';
import { syncToDisk } from '../files/whole-file';
import { moveStore, type MovedTable } from '../store/move/move-store';
import { PostgresTarget } from '../store/move/postgres-target';
import { SqliteSource } from '../store/move/sqlite-source';
import { Ballast } from '../store/sqlite/ballast';
import { dataDirAt, type DataDir } from './data-dir';
import { readPostgresUrl } from './open-store';
import { withStartLock } from './start-lock';

export interface MigrateStoreOptions {
  readonly dataDir: string;
  /** A private file with the URL of a user that may make tables. */
  readonly postgresUrlFile: string;
  readonly insecurePostgres: boolean;
  /** Told of each table when its rows are there. */
  readonly onTable: (moved: MovedTable) => Promise<void> | void;
}

export interface MigratedStore {
  readonly tables: readonly MovedTable[];
  /** Where the old store's file is now. */
  readonly putAside: string;
}

/**
 * Can be run again after it ended half-way.
 * @throws DomainError FAILED_PRECONDITION while a service runs on the folder, and for a database that is not empty;
 *   NOT_FOUND for a folder without a store; UNAVAILABLE when the database cannot be reached.
 */
export async function migrateStore(options: MigrateStoreOptions): Promise<MigratedStore> {
  const url = readPostgresUrl(options.postgresUrlFile, options.insecurePostgres);
  const dir = dataDirAt(options.dataDir);
  const putAside = `${dir.store}.moved`;
  const path = standing(dir, putAside);
  return withStartLock(dir.startLock, async () => {
    const source = SqliteSource.open(path);
    let target: PostgresTarget | undefined;
    try {
      target = await PostgresTarget.open(url, source.identity());
      const tables = await moveStore(source, target, options.onTable);
      // Closing writes the log into the file, which is whole by itself then.
      source.close();
      if (path !== putAside) renameSync(path, putAside);
      // What a service keeps back beside it for a full disk is of no use any more.
      await new Ballast(dir.store).release();
      syncToDisk(dir.storeFolder);
      await target.finish();
      return { tables, putAside };
    } finally {
      source.close();
      await target?.close();
    }
  });
}

/** @returns the store's file: put aside already where an attempt ended just before its end. */
function standing({ root, store }: DataDir, putAside: string): string {
  const path = [store, putAside].find((file) => existsSync(file));
  if (path !== undefined) return path;
  throw new DomainError(
    'NOT_FOUND',
    `${root} has no store; name the data folder of the service with --from`,
    'STORE_NOT_FOUND',
  );
}
