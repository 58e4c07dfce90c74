/** How long to leave a lock alone that another process holds. */

import { setTimeout as sleep } from 'node:timers/promises';

const FIRST_SLEEP_MS = 1;
const LONGEST_SLEEP_MS = 20;

/** Sleeps a little longer each time, with jitter so that waiting processes do not move in step. */
export async function backOff(attempt: number): Promise<void> {
  const longest = Math.min(FIRST_SLEEP_MS * 2 ** attempt, LONGEST_SLEEP_MS);
  await sleep(longest * (0.5 + Math.random() / 2));
}
