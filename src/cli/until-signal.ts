/** What a command that serves waits for. */

import { takeOverSignals } from './early-signal';

/** Listens from this call on, so that a signal right after the ready line drains as any other does. */
export function untilSignal(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGTERM', () => resolve());
    process.once('SIGINT', () => resolve());
    takeOverSignals();
  });
}
