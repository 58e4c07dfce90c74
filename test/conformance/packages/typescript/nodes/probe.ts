import type { AxiomContext } from '../gen/axiomContext';
import type { ProbeReply, ProbeRequest } from '../gen/messages_pb';
import { readAll } from './readings';

/** Says what every read answered. */
export function probe(ax: AxiomContext, input: ProbeRequest): Promise<ProbeReply> {
  return readAll(ax, input);
}
