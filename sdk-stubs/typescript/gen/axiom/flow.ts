/** The flow as a node sees it here: empty, and not to be changed. */

import { AxiomMutationError, type AxiomMutation, type AxiomReflection } from '../axiomContext';

/** This host is not told of the flow around a node. */
export function emptyReflection(): AxiomReflection {
  return {
    flow: {
      nodes: [],
      edges: [],
      loopEdges: [],
      position: { currentInstance: 0, depth: 0, loopIterations: {}, subflowStackGraphIds: [] },
      graphId: '',
    },
  };
}

/** Every change is refused at once: accepting it and losing it would be worse. */
export function refusedMutation(): AxiomMutation {
  const refuse = (): never => {
    throw new AxiomMutationError(
      'this node host cannot change the running flow; run the node on a platform that takes mutations',
    );
  };
  return { flow: { addNode: refuse, addEdge: refuse } };
}
