import { inspect } from 'util';
import { AxiomContext, attr, telemetryOf } from '../gen/axiomContext';
import { FailRequest, Tick } from '../gen/messages_pb';

/** Logs at every level, with every kind of attribute; answers with all that printing its context shows. */
export function log(ax: AxiomContext, _input: FailRequest): Tick {
  const loop: Record<string, unknown> = {};
  loop.self = loop;
  ax.log.debug('looking');
  ax.log.info('seen', { text: 'plain', count: 3, big: 12n, list: [1, 2], nothing: undefined, loop });
  ax.log.warn('odd');
  ax.log.error('broken', { cause: new TypeError('no') });
  telemetryOf(ax).counter('calls', 1, [attr('size', 42)]);
  const printed = [inspect(ax, { depth: 9, showHidden: true }), JSON.stringify(ax), `${String(ax.secrets)}`];
  return new Tick().setText(printed.join('\n')).setNumber(ax.reflection.flow.nodes.length);
}
