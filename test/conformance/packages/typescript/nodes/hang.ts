import { setTimeout as sleep } from 'node:timers/promises';
import type { AxiomContext } from '../gen/axiomContext';
import { ProbeReply, type ProbeRequest } from '../gen/messages_pb';

/** Takes its time. */
export async function hang(ax: AxiomContext, input: ProbeRequest): Promise<ProbeReply> {
  ax.log.info('hanging');
  await sleep(input.getWaitMs());
  return new ProbeReply();
}
