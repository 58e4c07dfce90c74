/** Waiting between attempts: exponential, half of each wait random, so that many sidecars do not come back at once. */

import { setTimeout as sleep } from 'node:timers/promises';

export interface Backoff {
  /** The first wait is at most this long, in milliseconds; each further one at most twice the one before. */
  readonly firstMs: number;
  /** No wait is longer. */
  readonly maxMs: number;
}

/** Milliseconds to wait after the given number of failures (1 and up). */
export function backoffMs(backoff: Backoff, failures: number): number {
  const longest = Math.min(backoff.maxMs, backoff.firstMs * 2 ** (failures - 1));
  return Math.ceil(longest * (0.5 + Math.random() / 2));
}

/** Tries until it succeeds, the error is none to retry, or the attempts are used up; then throws the last error. */
export async function retrying<T>(
  attempts: number,
  backoff: Backoff,
  retryable: (error: unknown) => boolean,
  attempt: () => Promise<T>,
): Promise<T> {
  for (let failures = 1; ; failures++) {
    try {
      return await attempt();
    } catch (error) {
      if (failures >= attempts || !retryable(error)) throw error;
      await sleep(backoffMs(backoff, failures));
    }
  }
}
