/** How long to leave a lock alone that another process holds. */

import { setTimeout as sleep } from 'node:timers/promises';
import { backOffMs } from '../domain/back-off';

const LOCK = { firstMs: 1, maxMs: 20 };

/** Sleeps a little longer each time. @param attempt how many there were before this one. */
export async function backOff(attempt: number): Promise<void> {
  await sleep(backOffMs(LOCK, attempt + 1, Math.random()));
}
