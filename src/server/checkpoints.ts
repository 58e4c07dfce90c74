/** Checkpoints of the audit logs, once a second and at the end: kept in the store and written to the log stream. */

import type { Logger } from 'pino';
import { signMovedLogs } from '../execution/checkpoints';
import type { ExecutionServerContext } from '../execution/context';
import { errorPlace } from '../wire/error-place';
import { repeat, type Repeated } from './repeat';

const SIGN_EVERY_MS = 1_000;

export function startCheckpoints(context: ExecutionServerContext, logger: Logger): Repeated {
  const sign = async () => {
    for (const note of await signMovedLogs(context)) logger.info({ checkpoint: note }, 'checkpoint');
  };
  const repeated = repeat(SIGN_EVERY_MS, 'signing checkpoints', logger, sign);
  return {
    async stop() {
      await repeated.stop();
      // What the store does not take now is signed after the next start.
      await sign().catch((error: unknown) =>
        logger.warn(errorPlace(error), 'the last checkpoints are not signed'),
      );
    },
  };
}
