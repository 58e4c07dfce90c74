/** A consistent copy of a live SQLite database, made while others read and write it. */

import { open, rm, stat } from 'node:fs/promises';
import BetterSqlite3 from 'better-sqlite3';
import { DomainError } from '../../domain/errors';
import { toDomainError } from './errors';

/** So many pages of 4 KiB are copied before other work of this process has its turn. */
const PAGES_A_TURN = 2_000;

/**
 * Writes the copy to a new file of mode 0600. @returns its length in bytes, once it is on the disk.
 * @throws DomainError ALREADY_EXISTS where a file stands, FAILED_PRECONDITION where none can be made,
 *   UNAVAILABLE when the disk is full.
 */
export async function backUpSqlite(databasePath: string, target: string): Promise<number> {
  await makeNew(target);
  try {
    await copy(databasePath, target);
    const file = await open(target, 'r+');
    await file.sync().finally(() => file.close());
    return (await stat(target)).size;
  } catch (error) {
    await rm(target, { force: true });
    throw toDomainError(error);
  }
}

async function copy(databasePath: string, target: string): Promise<void> {
  const source = new BetterSqlite3(databasePath, { readonly: true, fileMustExist: true });
  try {
    // The copy is of this snapshot: without it, every write of another connection would begin it anew
    // (https://www.sqlite.org/c3ref/backup_finish.html).
    source.exec('begin');
    source.pragma('schema_version');
    await source.backup(target, { progress: () => PAGES_A_TURN });
  } finally {
    source.close();
  }
}

async function makeNew(target: string): Promise<void> {
  try {
    await (await open(target, 'wx', 0o600)).close();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') {
      throw new DomainError(
        'ALREADY_EXISTS',
        `${target} is there already; name a file that is not`,
        'BACKUP_EXISTS',
      );
    }
    throw new DomainError(
      'FAILED_PRECONDITION',
      `no file can be made at ${target}; name one in a folder that exists and that the service may write to`,
      'BACKUP_NOT_POSSIBLE',
    );
  }
}
