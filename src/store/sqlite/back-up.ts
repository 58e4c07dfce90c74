/** A consistent copy of a live SQLite database, made while others read and write it. */

import { open, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { DomainError } from '../../domain/errors';
import type { BackUpAnswer, BackUpData } from './back-up-thread';
import { fullError } from '../store-errors';
import { toDomainError } from './errors';

/** The built thread: dist/store/sqlite, from there as well as from src/store/sqlite under test. */
const THREAD = join(__dirname, '..', '..', '..', 'dist', 'store', 'sqlite', 'back-up-thread.js');

/**
 * Writes the copy to a new file of mode 0600. @returns its length in bytes, once it is on the disk.
 * @throws DomainError ALREADY_EXISTS where a file is there, FAILED_PRECONDITION where none can be made,
 *   UNAVAILABLE when the disk is full; what `signal` is aborted with, and the file is gone again.
 */
export async function backUpSqlite(
  databasePath: string,
  target: string,
  signal?: AbortSignal,
): Promise<number> {
  await makeNew(target);
  try {
    await copy({ databasePath, target }, signal);
    const file = await open(target, 'r+');
    await file.sync().finally(() => file.close());
    return (await stat(target)).size;
  } catch (error) {
    await rm(target, { force: true });
    throw signal?.aborted === true ? error : notMade(error);
  }
}

/** @throws what toDomainError knows. */
async function copy(data: BackUpData, signal: AbortSignal | undefined): Promise<void> {
  signal?.throwIfAborted();
  const thread = new Worker(THREAD, { workerData: data });
  let stop = () => {};
  const answered = new Promise<BackUpAnswer>((resolve, reject) => {
    stop = () => reject(signal?.reason as Error);
    thread.once('message', resolve);
    thread.once('error', reject);
    thread.once('exit', () => reject(new Error('the thread ended before it answered')));
  });
  signal?.addEventListener('abort', stop);
  const answer = await answered.finally(() => {
    signal?.removeEventListener('abort', stop);
    return thread.terminate();
  });
  if (!answer.ok) throw Object.assign(new Error('the copy failed'), answer);
}

/** SQLite's failures by their meaning; else the disk's of the copy, or of the program of the thread that makes it. */
function notMade(error: unknown): unknown {
  const meaning = toDomainError(error);
  if (meaning instanceof DomainError) return meaning;
  if ((error as NodeJS.ErrnoException).code === 'ENOSPC') return fullError('the backup');
  return new DomainError(
    'UNAVAILABLE',
    'the copy could not be made; check the disk that it is written to and the system log, then try again',
    'BACKUP_FAILED',
  );
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
