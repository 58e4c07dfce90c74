/** One first start at a time in a data folder: a lock that the kernel takes back when its holder dies. */

import { closeSync, openSync } from 'node:fs';
import BetterSqlite3 from 'better-sqlite3';
import { DomainError } from '../domain/errors';
import { retryWhileBusy } from '../store/sqlite/busy';
import { isBusy, toDomainError } from '../store/sqlite/errors';

/** How long a start waits for another one, in milliseconds: a first start takes about a second. */
const WAIT_MS = 30_000;

/**
 * Runs `body` while no other process runs its own on the same file. Node has no flock, and SQLite's
 * lock on an empty database that is never written to is just that.
 * @throws DomainError UNAVAILABLE where another one takes longer than `waitMs`.
 */
export async function withStartLock<T>(path: string, body: () => Promise<T>, waitMs = WAIT_MS): Promise<T> {
  closeSync(openSync(path, 'a', 0o600));
  const lock = openLock(path);
  try {
    await retryWhileBusy(() => {
      // Nothing is ever written, so that a full disk stops no start.
      lock.pragma('journal_mode = memory');
      lock.exec('begin exclusive');
    }, waitMs).catch((error: unknown) => {
      throw isBusy(error) ? startsAlready(path) : error;
    });
    return await body();
  } finally {
    lock.close();
  }
}

/** The first that a start opens with SQLite's driver: one that is not built shows here. */
function openLock(path: string): BetterSqlite3.Database {
  try {
    return new BetterSqlite3(path, { timeout: 0 });
  } catch (error) {
    throw toDomainError(error);
  }
}

function startsAlready(path: string): DomainError {
  return new DomainError(
    'UNAVAILABLE',
    `another start holds ${path} for too long; wait until it has ended, or end it`,
    'START_UNDER_WAY',
  );
}
