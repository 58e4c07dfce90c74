import { AxiomContext, AxiomNodeError } from '../gen/axiomContext';
import { FailRequest, Tick } from '../gen/messages_pb';

class BankRefused extends Error {}

/** Fails as it is told. */
export function fail(ax: AxiomContext, input: FailRequest): Tick {
  const [value] = ax.secrets.get('API_KEY');
  switch (input.getHow()) {
    case 'typed':
      throw new AxiomNodeError('QUOTA_EXCEEDED', 'The plan allows 100 calls a day.', 'resets at midnight');
    case 'leak':
      throw new BankRefused(`the bank refused ${value}\n    at ${value}`);
    case 'text':
      throw `refused ${value}`;
    case 'promise':
      void Promise.reject(new BankRefused(`refused ${value}`));
      return new Tick();
    case 'later':
      setTimeout(() => {
        throw new BankRefused(`refused ${value}`);
      }, 0);
      return new Tick();
    case 'flow':
      ax.mutation.flow.addNode('acme/other', '1.0.0');
      return new Tick();
    default:
      return undefined as unknown as Tick;
  }
}
