import type { AxiomContext } from '../gen/axiomContext';
import type { GreetReply, GreetRequest } from '../gen/messages_pb';
import { greet } from './greet';

/** Greets each person as soon as the name comes in. */
export async function* greetMany(
  ax: AxiomContext,
  inputs: AsyncIterable<GreetRequest>,
): AsyncGenerator<GreetReply> {
  for await (const input of inputs) yield greet(ax, input);
}
