import { CodeInput, TLDOutput } from '../gen/messages_pb';
import { AxiomContext } from '../gen/axiomContext';

export async function* summarize(ax: AxiomContext, inputs: AsyncIterable<CodeInput>) {
  let count = 0;
  for await (const _input of inputs) count++;
  const out = new TLDOutput();
  out.setTld(`${ax.executionId}: ${count}`);
  yield out;
}
