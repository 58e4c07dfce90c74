import { cancellationOf } from '../gen/axiomCancellation';
import { AxiomContext } from '../gen/axiomContext';
import { FailRequest, Tick } from '../gen/messages_pb';
import { appendFileSync } from 'fs';

/** Waits until it is cancelled, then writes what it still sees into the file that it is told. */
export async function hold(ax: AxiomContext, input: FailRequest): Promise<Tick> {
  const signal = cancellationOf(ax);
  ax.log.info('holding');
  await new Promise((resolve) => signal.addEventListener('abort', resolve));
  appendFileSync(
    input.getHow(),
    JSON.stringify({ aborted: signal.aborted, read: ax.secrets.get('API_KEY') }),
  );
  ax.log.info('nobody hears this');
  return new Tick();
}
