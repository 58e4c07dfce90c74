import type { AxiomContext } from '../gen/axiomContext';
import { GreetReply, type GreetRequest } from '../gen/messages_pb';

/** Greets the caller, signing with the tenant's configured signature. */
export function greet(ax: AxiomContext, input: GreetRequest): GreetReply {
  const [value, ok] = ax.secrets.get('GREETER_SIGNATURE');
  const signature = ok ? value : 'anonymous';
  return new GreetReply().setGreeting(`Hello ${input.getName()}, from ${signature}`);
}
