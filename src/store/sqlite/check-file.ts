/** Looks through a database's file, off the event loop: whether it is damaged is proven and not concluded from one failed read. */

import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { damagedError, isUnreadable, toDomainError } from './errors';
import type { CheckAnswer } from './check-file-thread';

/** The built thread: dist/store/sqlite, from there as well as from src/store/sqlite under test. */
const THREAD = join(__dirname, '..', '..', '..', 'dist', 'store', 'sqlite', 'check-file-thread.js');

/** A page that could not be read: the disk's fault, and no proof. */
const NOT_READ = /error code=/;

/** @throws DomainError DATA_LOSS where SQLite finds the file damaged; UNAVAILABLE where it could not be read. */
export async function checkFile(path: string): Promise<void> {
  const thread = new Worker(THREAD, { workerData: path });
  const answer = await new Promise<CheckAnswer>((resolve, reject) => {
    thread.once('message', resolve);
    thread.once('error', reject);
    thread.once('exit', () => reject(new Error('the thread ended before it answered')));
  });
  await thread.terminate();
  if (answer.failure !== undefined) {
    const failure = Object.assign(new Error('the file was not looked through'), answer.failure);
    throw isUnreadable(failure) ? damagedError() : toDomainError(failure);
  }
  if (answer.found.some((line) => line !== 'ok' && !NOT_READ.test(line))) throw damagedError();
}
