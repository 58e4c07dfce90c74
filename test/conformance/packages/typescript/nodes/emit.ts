import type { AxiomContext } from '../gen/axiomContext';
import { ProbeReply, Reading, type ProbeRequest } from '../gen/messages_pb';

/** Outputs that were handed over. */
export let emitted = 0;

/** Emits as many outputs of 64 KiB as each input asks for. */
export async function* emit(
  _ax: AxiomContext,
  inputs: AsyncIterable<ProbeRequest>,
): AsyncGenerator<ProbeReply> {
  for await (const input of inputs) {
    for (let number = 0; number < input.getCount(); number++) {
      const reply = new ProbeReply();
      reply.setExecutionId(String(number));
      reply.addReadings(new Reading().setValue(new Uint8Array(64 << 10)));
      yield reply;
      emitted++;
    }
  }
}
