import { CodeInput, TLDOutput } from '../gen/messages_pb';
import { AxiomContext } from '../gen/axiomContext';
import { TLDS } from './lib/tlds';

export function getTLD(ax: AxiomContext, input: CodeInput): TLDOutput {
  const out = new TLDOutput();
  const tld = TLDS[input.getCode()];
  out.setFound(tld !== undefined);
  out.setTld(tld ?? '');
  ax.log.debug('looked up', { nodes: ax.reflection.flow.nodes.length });
  return out;
}
