import { writeFileSync } from 'fs';
import { AxiomContext } from '../gen/axiomContext';
import { Tick } from '../gen/messages_pb';

/** Answers the first input and waits for more; writes that it ended into the file that the first input names. */
export async function* waitForMore(_ax: AxiomContext, inputs: AsyncIterable<Tick>): AsyncGenerator<Tick> {
  let report = '';
  try {
    for await (const input of inputs) {
      report = input.getText();
      yield input;
    }
  } finally {
    writeFileSync(report, JSON.stringify({ ended: true }));
  }
}
