/** Long work in short slices: after each, everything else that waits has its turn. */

import { throwIfGone, type Waiter } from '../domain/waiter';
import { setTimeout as sleep } from 'node:timers/promises';

/** What a slice may take. A call waits behind one in each of the few turns of the event loop that it takes. */
const SLICE_MS = 1;

/** The same of work that nobody waits for, which rests for longer than Node's shortest timer. */
const PACED_SLICE_MS = 4;

/** To be awaited between the steps of one piece of work. */
export type Pause = () => Promise<void>;

/** Pieces of work that wait for their next slice. */
const waiting: (() => void)[] = [];

/**
 * For work that somebody waits for: it goes on as soon as the others had their turn. However many pieces there are,
 * one turn of the event loop is given to one of them: a call waits behind one slice, and not behind one of each.
 */
export function sliced(): Pause {
  return pausing(
    SLICE_MS,
    () =>
      new Promise<void>((resolve) => {
        waiting.push(resolve);
        if (waiting.length === 1) setImmediate(giveTurn);
      }),
  );
}

function giveTurn(): void {
  waiting.shift()?.();
  if (waiting.length > 0) setImmediate(giveTurn);
}

/** For work that nobody waits for: it rests as long as the slice took, so half of the time belongs to the others. */
export function paced(): Pause {
  return pausing(PACED_SLICE_MS, (tookMs) => sleep(tookMs));
}

/** Ends the work at its next step once nobody waits for it, with the error that `throwIfGone` throws. */
export function whileWaiting(waiter: Waiter | undefined, pause: Pause): Pause {
  return async () => {
    throwIfGone(waiter);
    await pause();
  };
}

function pausing(sliceMs: number, pause: (tookMs: number) => Promise<void>): Pause {
  let began = performance.now();
  return async () => {
    const tookMs = performance.now() - began;
    if (tookMs < sliceMs) return;
    await pause(tookMs);
    began = performance.now();
  };
}
