/** Long work in short slices: after each, everything else that waits has its turn. */

import { setTimeout as sleep } from 'node:timers/promises';

/** What a slice may take: a call that arrives meanwhile waits no longer. */
const SLICE_MS = 4;

/**
 * To be awaited between the steps of one piece of work. It goes on at once while a slice lasts, and rests as long as
 * the slice took after it: half of the time belongs to the others.
 */
export function paced(): () => Promise<void> {
  let began = performance.now();
  return async () => {
    const took = performance.now() - began;
    if (took < SLICE_MS) return;
    await sleep(took);
    began = performance.now();
  };
}
