/** Work that is waited for so long and no longer; it goes on by itself then. */

import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Resolves with what the work resolves with, or with undefined once the time is over. Rejects as the work does before that.
 * @param isAwaited false: the process may end while nothing but this time is left.
 */
export async function within<T>(ms: number, work: Promise<T>, isAwaited = true): Promise<T | undefined> {
  const done = new AbortController();
  const late = sleep(ms, undefined, { signal: done.signal, ref: isAwaited }).catch(() => undefined);
  try {
    return await Promise.race([work, late]);
  } finally {
    done.abort();
  }
}
