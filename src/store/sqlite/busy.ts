/** Waiting for a lock that another process holds, without blocking the event loop. */

import { setTimeout as sleep } from 'node:timers/promises';
import { isBusy } from './errors';

const FIRST_SLEEP_MS = 1;
const LONGEST_SLEEP_MS = 20;

/** Sleeps a little longer each time, with jitter so that waiting processes do not move in step. */
export async function backOff(attempt: number): Promise<void> {
  const longest = Math.min(FIRST_SLEEP_MS * 2 ** attempt, LONGEST_SLEEP_MS);
  await sleep(longest * (0.5 + Math.random() / 2));
}

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
