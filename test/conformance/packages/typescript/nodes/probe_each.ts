import type { AxiomContext } from '../gen/axiomContext';
import type { ProbeReply, ProbeRequest } from '../gen/messages_pb';
import { readAll } from './readings';

/** Says for each input what every read answered. */
export async function* probeEach(
  ax: AxiomContext,
  inputs: AsyncIterable<ProbeRequest>,
): AsyncGenerator<ProbeReply> {
  for await (const input of inputs) yield await readAll(ax, input);
}
