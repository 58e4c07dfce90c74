import { writeFileSync } from 'fs';
import { AxiomContext } from '../gen/axiomContext';
import { Tick } from '../gen/messages_pb';

/** Counts without end, and writes how far it came into the file that the first input names. */
export async function* countUp(_ax: AxiomContext, inputs: AsyncIterable<Tick>): AsyncGenerator<Tick> {
  const first = await inputs[Symbol.asyncIterator]().next();
  let number = 0;
  try {
    for (;;) yield new Tick().setNumber(number++).setText('x'.repeat(1000));
  } finally {
    writeFileSync(first.value.getText(), String(number));
  }
}
