import { AxiomNodeError, type AxiomContext } from '../gen/axiomContext';
import { ProbeReply, type ProbeRequest } from '../gen/messages_pb';

/** Fails with a value in its text, as careless code does. */
export function fail(ax: AxiomContext, input: ProbeRequest): ProbeReply {
  const [value] = ax.secrets.get('API_KEY');
  const [how] = input.getNamesList();
  if (how === 'typed') {
    throw new AxiomNodeError('QUOTA_EXCEEDED', `no more calls with ${value}`, 'resets at midnight');
  }
  if (how === 'flow') ax.mutation?.flow.addEdge(0, 1);
  if (how === 'untyped') throw new Error(`GET https://example.com/?key=${value}`);
  return new ProbeReply();
}
