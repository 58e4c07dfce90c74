/** Puts a backup of the store into a data folder that has none. */

import { chmodSync, constants, copyFileSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { auditEntry } from '../domain/audit-entry';
import { SERVICE_LOG } from '../domain/audit-log';
import { DomainError } from '../domain/errors';
import { allTenantIds } from '../execution/all-tenants';
import { openSqliteStore } from '../store/sqlite/open';
import { moveFile, syncToDisk, writePrivateFile } from '../files/whole-file';
import { FIRST_SIGNED_SCHEMA } from '../store/migrations/migrate';
import { dataDirAt, type DataDir } from './data-dir';
import { createFolders } from './prepare';
import { withStartLock } from './start-lock';

/** What was restored. */
export interface Restored {
  /** How many tenants the backup has. */
  readonly tenants: number;
  /** Whether the folder has keys; whether they are the right ones, only opening something can say. */
  readonly hasKeys: boolean;
}

/**
 * The backup is copied into a folder of its own, checked whole, brought to this version's schema and only then moved to its
 * place, to which it is copied once more where the store's folder is on another disk: a half that was taken over may write
 * to that folder, and whoever restores is often root.
 * @throws DomainError FAILED_PRECONDITION where the folder has a store, or for a file that is not a backup of ours or
 *   of a newer version; DATA_LOSS for a damaged one; NOT_FOUND without a file.
 */
export async function restoreStore(backup: string, dataDir: string): Promise<Restored> {
  if (!existsSync(backup))
    throw new DomainError('NOT_FOUND', `there is no file ${backup}`, 'BACKUP_NOT_FOUND');
  const dir = dataDirAt(dataDir);
  createFolders(dir, 'both', undefined);
  return withStartLock(dir.startLock, async () => {
    refuseStanding(dir);
    const own = dir.restoring;
    // What a restore that was killed has left.
    rmSync(own, { recursive: true, force: true });
    mkdirSync(own, { mode: 0o700 });
    const partial = join(own, 'store.sqlite');
    try {
      copyFileSync(backup, partial, constants.COPYFILE_EXCL);
      chmodSync(partial, 0o600);
      const schema = checkIsWhole(partial, backup);
      const tenants = await takeIn(partial);
      syncToDisk(partial);
      // Whoever restores a backup of a version that signed no rows believes what is in it.
      if (schema < FIRST_SIGNED_SCHEMA) writePrivateFile(dir.execution.signAsFound, '');
      moveFile(partial, dir.store);
      return {
        tenants,
        hasKeys: existsSync(dir.execution.kek) && existsSync(dir.management.verifyingKeyset),
      };
    } finally {
      rmSync(own, { recursive: true, force: true });
    }
  });
}

function refuseStanding(dir: DataDir): void {
  const standing = [dir.store, `${dir.store}-wal`].find((path) => existsSync(path));
  if (standing === undefined) return;
  throw new DomainError(
    'FAILED_PRECONDITION',
    `${standing} is there already; stop the service and move the old store away, or name another folder`,
    'STORE_EXISTS',
  );
}

/** Raw, for what a store would do itself: of an empty file it would make a new database. @returns its schema. */
function checkIsWhole(path: string, backup: string): number {
  const database = new BetterSqlite3(path);
  try {
    const tables = database.prepare("select name from sqlite_master where name = 'schema_versions'").all();
    const isWhole = tables.length === 1 && database.pragma('integrity_check', { simple: true }) === 'ok';
    if (isWhole) return database.prepare('select max(version) from schema_versions').pluck().get() as number;
  } catch {
    // SQLite could not read it: the same answer.
  } finally {
    database.close();
  }
  throw new DomainError(
    'DATA_LOSS',
    `${backup} is damaged or no backup of this service; use another`,
    'BACKUP_DAMAGED',
  );
}

/**
 * Brings the copy to this version's schema, which refuses a newer one, and says in the service's own log that it was
 * restored. @returns how many tenants there are.
 */
async function takeIn(path: string): Promise<number> {
  const store = await openSqliteStore({ path });
  try {
    const call = { principal: { kind: 'operator', id: 'operator' }, door: 'operator', source: '' } as const;
    const entry = auditEntry(call, Date.now(), { action: 'store.restore', resource: '' });
    await store.write((tx) => tx.appendAudit(SERVICE_LOG, entry));
    let tenants = 0;
    for await (const _ of allTenantIds(store)) tenants++;
    return tenants;
  } finally {
    await store.close();
  }
}
