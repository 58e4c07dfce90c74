import type { AxiomContext } from '../gen/axiomContext';
import type { ProbeReply, ProbeRequest } from '../gen/messages_pb';
import { readAll } from './readings';

let kept: AxiomContext | undefined;

/** Reads from the context of the call before, and keeps its own. */
export function keep(ax: AxiomContext, input: ProbeRequest): Promise<ProbeReply> {
  const before = kept ?? ax;
  kept = ax;
  return readAll(before, input);
}
