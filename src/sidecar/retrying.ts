/** Attempts that follow one another with a wait between them. */

import { setTimeout as sleep } from 'node:timers/promises';
import { backOffMs, type BackOff } from '../domain/back-off';

/** Tries until it succeeds, the error is one that another attempt does not change, or the attempts are used up; then throws the last error. */
export async function retrying<T>(
  attempts: number,
  backOff: BackOff,
  retryable: (error: unknown) => boolean,
  attempt: () => Promise<T>,
): Promise<T> {
  for (let failures = 1; ; failures++) {
    try {
      return await attempt();
    } catch (error) {
      if (failures >= attempts || !retryable(error)) throw error;
      await sleep(backOffMs(backOff, failures, Math.random()));
    }
  }
}
