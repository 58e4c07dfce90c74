/** Lets one process at a time fill a shared cache folder. */

import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 200;
const TRIES_IN_SILENCE = 5;

/** Runs `work` while no other process holds `lock`, a folder's path; takes over from a process that died. `waiting` is
 * called once where another has held it for a second. */
export async function withBuildLock<T>(
  lock: string,
  work: () => Promise<T>,
  waiting: () => void,
): Promise<T> {
  await mkdir(dirname(lock), { recursive: true });
  for (let tries = 0; !(await acquire(lock)); tries++) {
    if (tries === TRIES_IN_SILENCE) waiting();
    await sleep(POLL_MS);
  }
  try {
    return await work();
  } finally {
    await rm(lock, { recursive: true, force: true });
  }
}

async function acquire(lock: string): Promise<boolean> {
  const owner = join(lock, 'pid');
  try {
    await mkdir(lock);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    if (await isAbandoned(owner)) await rm(lock, { recursive: true, force: true });
    return false;
  }
  await writeFile(owner, String(process.pid));
  return true;
}

/** No owner yet means that it is being taken this instant. */
async function isAbandoned(owner: string): Promise<boolean> {
  try {
    process.kill(Number(await readFile(owner, 'utf8')), 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}
