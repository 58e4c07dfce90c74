import { setTimeout as sleep } from 'node:timers/promises';
import { cancellationOf } from '../gen/axiomCancellation';
import type { AxiomContext } from '../gen/axiomContext';
import { ProbeReply, type ProbeRequest } from '../gen/messages_pb';

/** Calls that were told to stop. */
export let stopped = 0;

/** Takes its time. */
export async function hang(ax: AxiomContext, input: ProbeRequest): Promise<ProbeReply> {
  ax.log.info('hanging');
  const signal = cancellationOf(ax);
  await sleep(input.getWaitMs(), undefined, { signal }).catch(() => undefined);
  if (signal.aborted) stopped++;
  return new ProbeReply();
}
