// Reads each name of a request, as the conformance vectors ask.
import { setTimeout as sleep } from 'node:timers/promises';
import { secretStatusOf, type AxiomContext } from '../gen/axiomContext';
import { ProbeReply, Reading, type ProbeRequest } from '../gen/messages_pb';

export async function readAll(ax: AxiomContext, input: ProbeRequest): Promise<ProbeReply> {
  const reply = new ProbeReply();
  reply.setExecutionId(ax.executionId);
  reply.setFlowId(ax.flowId);
  reply.setTenantId(ax.tenantId);
  for (const name of input.getNamesList()) {
    if (input.getWaitMs() > 0) await sleep(input.getWaitMs());
    const [value, found] = ax.secrets.get(name);
    if (input.getLogValues()) ax.log.info(`read ${value}`, { value });
    const reading = new Reading();
    reading.setName(name);
    reading.setFound(found);
    reading.setValue(new Uint8Array(Buffer.from(value, 'utf8')));
    reading.setStatus(secretStatusOf(ax.secrets, name));
    reply.addReadings(reading);
  }
  return reply;
}
