import { AxiomContext } from '../gen/axiomContext';
import { FailRequest, Tick } from '../gen/messages_pb';

/** A node whose file looks like a test. */
export function flowTest(_ax: AxiomContext, input: FailRequest): Tick {
  return new Tick().setText(input.getHow());
}
