/** Checkpoints of the audit logs, once a second and at the end: kept in the store and written to the log stream. */

import type { Logger } from 'pino';
import { signMovedLogs } from '../execution/checkpoints';
import type { ExecutionServerContext } from '../execution/context';
import { errorPlace } from '../wire/error-place';
import { repeat } from './repeat';

const SIGN_EVERY_MS = 1_000;

export interface RunningCheckpoints {
  /** Signs at once, and again after the last event of the service's other processes. */
  stop(othersEnded?: () => Promise<void>): Promise<void>;
}

export function startCheckpoints(context: ExecutionServerContext, logger: Logger): RunningCheckpoints {
  const sign = async () => {
    for (const note of await signMovedLogs(context)) logger.info({ checkpoint: note }, 'checkpoint');
  };
  const repeated = repeat(SIGN_EVERY_MS, 'signing checkpoints', logger, sign);
  // What the store does not take now is signed after the next start.
  const signLast = () =>
    sign().catch((error: unknown) => logger.warn(errorPlace(error), 'the last checkpoints are not signed'));
  return {
    async stop(othersEnded) {
      await repeated.stop();
      await signLast();
      await othersEnded?.();
      await signLast();
    },
  };
}
