import type { AxiomContext } from '../gen/axiomContext';
import { ProbeReply, type ProbeRequest } from '../gen/messages_pb';

/** Writes a record of each level. */
export function log(ax: AxiomContext, _input: ProbeRequest): ProbeReply {
  ax.log.debug('one');
  ax.log.info('two', { of: 'four' });
  ax.log.warn('three', { empty: '' });
  ax.log.error('');
  return new ProbeReply();
}
