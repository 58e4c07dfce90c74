/** For commands that look again and again: the service may be away for a while, when it is started anew for example. */

import { setTimeout as sleep } from 'node:timers/promises';
import { EXIT } from './exit-codes';
import { toFailure } from './failure';
import { note } from './output';

/** How often it is asked again, in milliseconds. */
const PAUSE_MS = 1_000;

/** What the service answers, be it after an outage. @param until Unix epoch, milliseconds: an outage that lasts longer is a failure. */
export async function outlast<T>(ask: () => Promise<T>, until = Infinity): Promise<T> {
  for (let isTold = false; ;) {
    try {
      const answer = await ask();
      if (isTold) note('the service answers again');
      return answer;
    } catch (error) {
      const { exitCode, message } = toFailure(error);
      if (exitCode !== EXIT.unavailable || Date.now() >= until) throw error;
      if (!isTold) note(`${message}; trying again`);
      isTold = true;
      await sleep(PAUSE_MS);
    }
  }
}
