/** What a command that serves waits for. */

import { takeOverSignals } from './early-signal';

/**
 * Listens from this call on, so that a signal right after the ready line drains as any other does. One that comes again
 * changes nothing: npm passes on what the terminal has sent to its whole group already.
 */
export function untilSignal(): Promise<void> {
  return new Promise((resolve) => {
    process.on('SIGTERM', () => resolve());
    process.on('SIGINT', () => resolve());
    takeOverSignals();
  });
}
