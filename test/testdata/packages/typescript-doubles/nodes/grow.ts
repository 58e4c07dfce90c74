import { AxiomContext, AxiomMutationError, secretStatusOf } from '../gen/axiomContext';
import { Reply, Request } from '../gen/messages_pb';

export function grow(ax: AxiomContext, input: Request): Reply {
  const reply = new Reply();
  reply.setStatus(secretStatusOf(ax.secrets, 'TOKEN'));
  try {
    // Both forms of addNode that are in use.
    ax.mutation?.flow.addNode('acme/other', '1.0.0', { x: 1, y: 2 });
    reply.setInstance(ax.mutation?.flow.addNode('acme/other', '1.0.0', input.getName(), { x: 1, y: 2 }) ?? 0);
    ax.mutation?.flow.addEdge(0, 1, { op: 'EQ', field: 'name', value: 'x' });
  } catch (error) {
    if (!(error instanceof AxiomMutationError)) throw error;
    reply.setInstance(-1);
  }
  return reply;
}
