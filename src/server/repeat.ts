/** Work that a server does again and again, one pass at a time, until it is stopped. */

import type { Logger } from 'pino';
import { errorPlace } from '../wire/error-place';

export interface Repeated {
  /** Waits for the pass that is under way. */
  stop(): Promise<void>;
}

/** @param what names the work in the log where a pass fails. */
export function repeat(everyMs: number, what: string, logger: Logger, pass: () => Promise<void>): Repeated {
  let running: Promise<void> | undefined;
  const timer = setInterval(() => {
    running ??= pass()
      .catch((error: unknown) => logger.warn(errorPlace(error), `${what} failed; it is tried again`))
      .finally(() => (running = undefined));
  }, everyMs);
  timer.unref();
  return {
    async stop() {
      clearInterval(timer);
      await running;
    },
  };
}
