import type { AxiomContext } from '../gen/axiomContext';
import { Counts, type ProbeRequest } from '../gen/messages_pb';
import { emitted } from './emit';
import { stopped } from './hang';

/** Says what handlers have counted. */
export function count(_ax: AxiomContext, _input: ProbeRequest): Counts {
  return new Counts().setEmitted(emitted).setStopped(stopped);
}
