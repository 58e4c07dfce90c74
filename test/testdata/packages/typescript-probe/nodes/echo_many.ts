import { AxiomContext } from '../gen/axiomContext';
import { Tick } from '../gen/messages_pb';

/** Answers each input with the secret of its text's name; stops at -1 and fails at -2. */
export async function* echoMany(ax: AxiomContext, inputs: AsyncIterable<Tick>): AsyncGenerator<Tick> {
  for await (const input of inputs) {
    if (input.getNumber() === -1) return;
    if (input.getNumber() === -2) throw new RangeError(ax.secrets.get('API_KEY')[0]);
    yield new Tick().setNumber(input.getNumber()).setText(ax.secrets.get(input.getText())[0]);
  }
}
