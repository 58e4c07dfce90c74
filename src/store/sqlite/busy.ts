/** Waiting for a lock that another process holds, without blocking the event loop. */

import { backOff } from '../back-off';
import { isBusy } from './errors';

/** Runs `step` until it no longer finds a lock. @throws what it throws at last once `timeoutMs` have passed. */
export async function retryWhileBusy<T>(step: () => T, timeoutMs: number): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  for (let attempt = 0; ; attempt++) {
    try {
      return step();
    } catch (error) {
      if (!isBusy(error) || performance.now() >= deadline) throw error;
      await backOff(attempt);
    }
  }
}
