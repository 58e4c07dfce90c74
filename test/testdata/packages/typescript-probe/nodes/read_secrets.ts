import { AxiomContext, secretStatusOf } from '../gen/axiomContext';
import { Read, ReadReply, ReadRequest } from '../gen/messages_pb';

/** Reads every name it is told, after a while. */
export async function readSecrets(ax: AxiomContext, input: ReadRequest): Promise<ReadReply> {
  await new Promise((resolve) => setTimeout(resolve, input.getWaitMs()));
  const reply = new ReadReply().setExecutionId(ax.executionId).setFlowId(ax.flowId).setTenantId(ax.tenantId);
  for (const name of input.getNamesList()) {
    const [value, found] = ax.secrets.get(name);
    const status = secretStatusOf(ax.secrets, name);
    reply.addReads(new Read().setName(name).setValue(Buffer.from(value)).setFound(found).setStatus(status));
  }
  return reply;
}
