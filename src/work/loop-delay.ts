/** How late the event loop is: what a call waits for before anything is done for it. */

import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Logger } from 'pino';

const EVERY_MS = 60_000;
const RESOLUTION_MS = 10;
/** Nothing that a tenant can ask for should keep the others waiting longer. */
const LATE_MS = 100;
const NS_PER_MS = 1e6;

/** Logs each minute in which the loop was late. @returns what ends it. */
export function watchLoopDelay(logger: Logger, everyMs = EVERY_MS): () => void {
  const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  histogram.enable();
  const timer = setInterval(() => {
    const ms = (ns: number) => Math.round(ns / NS_PER_MS);
    // A timer that is on time counts with the resolution that it was asked for.
    const max = ms(histogram.max) - RESOLUTION_MS;
    if (max > LATE_MS) {
      const late = {
        p50: ms(histogram.percentile(50)) - RESOLUTION_MS,
        p99: ms(histogram.percentile(99)) - RESOLUTION_MS,
      };
      logger.warn({ loopDelayMs: { ...late, max } }, 'the event loop was late: calls waited for other work');
    }
    histogram.reset();
  }, everyMs);
  timer.unref();
  return () => {
    clearInterval(timer);
    histogram.disable();
  };
}
