/** One first start at a time in a data folder: a lock that the kernel takes back when its holder dies. */

import { closeSync, openSync } from 'node:fs';
import BetterSqlite3 from 'better-sqlite3';
import { retryWhileBusy } from '../store/sqlite/busy';

/** How long a start waits for another one, in milliseconds: a first start takes about a second. */
const WAIT_MS = 30_000;

/**
 * Runs `body` while no other process runs its own on the same file. Node has no flock, and SQLite's
 * lock on an empty database that is never written to is just that.
 */
export async function withStartLock<T>(path: string, body: () => Promise<T>): Promise<T> {
  closeSync(openSync(path, 'a', 0o600));
  const lock = new BetterSqlite3(path, { timeout: 0 });
  try {
    await retryWhileBusy(() => {
      // Nothing is ever written, so that a full disk stops no start.
      lock.pragma('journal_mode = memory');
      lock.exec('begin exclusive');
    }, WAIT_MS);
    return await body();
  } finally {
    lock.close();
  }
}
