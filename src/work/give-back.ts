/**
 * Gives memory back to the system. V8 collects when its own heap has grown, and knows little of the buffers outside of
 * it: after a load a server kept 40 MB of answers that were wiped and sent, and twice the heap that it needed, for as long
 * as nobody called (docs/decisions/start-up.md).
 *
 * Needs --expose-gc, with which the halves' processes are started (server/half-process.ts); without it V8 is left alone.
 */

import { performance } from 'node:perf_hooks';

/** Buffers of so many bytes are not left to V8's next collection, which of a few objects for each comes late. */
const SPENT_BYTES = 8 * 1024 * 1024;

const LOOK_EVERY_MS = 1_000;
/**
 * So many looks in a row must find nothing to do: V8 lets the young generation shrink only where little was allocated in the
 * five seconds before.
 */
const IDLE_LOOKS = 6;
/** Of the time between two looks: calls came, and more may. What a server does by itself takes less, also on a busy machine. */
const BUSY = 0.05;
/** A heap that has grown by less is not worth a collection, which takes some 20 ms. */
const GROWN_BYTES = 8 * 1024 * 1024;

/** As V8 has it where it is exposed. */
type Collect = (options?: { readonly type: 'minor' }) => void;

const collect = (globalThis as { readonly gc?: Collect }).gc;

let spent = 0;

/** So many bytes of a buffer are used no more. */
export function spend(bytes: number): void {
  spent += bytes;
  if (spent < SPENT_BYTES) return;
  spent = 0;
  collect?.({ type: 'minor' });
}

/** Collects everything once a load is over. @returns what ends it. */
export function giveBackWhenIdle(lookEveryMs = LOOK_EVERY_MS): () => void {
  if (collect === undefined) return () => undefined;
  let last = performance.eventLoopUtilization();
  let kept = held();
  let idleLooks = 0;
  const timer = setInterval(() => {
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, last);
    last = now;
    idleLooks = utilization < BUSY ? idleLooks + 1 : 0;
    if (idleLooks < IDLE_LOOKS || held() < kept + GROWN_BYTES) return;
    collect();
    kept = held();
  }, lookEveryMs);
  timer.unref();
  return () => clearInterval(timer);
}

/** What V8 has taken, and what hangs on its objects. */
function held(): number {
  const { heapTotal, external } = process.memoryUsage();
  return heapTotal + external;
}
