from gen.axiom_context import AxiomContext, AxiomMutationError
from gen.messages_pb2 import Text


def flow(ax: AxiomContext, input: Text) -> Text:
    ax.telemetry().add_event("seen", hit=True)
    ax.telemetry().counter("seen")
    ax.telemetry().histogram("size", 3)
    flow = ax.reflection.flow
    lines = [str(len(flow.nodes) + len(flow.edges) + len(flow.loop_edges)), flow.graph_id]
    lines.append(str(flow.position.loop_iterations.get(flow.position.current_instance, 0)))
    for arguments in (("a/b", "0.1.0"), ("a/b", "0.1.0", (1.0, 2.0)), ("a/b", "0.1.0", "Node", (1.0, 2.0))):
        try:
            ax.mutation.flow.add_node(*arguments)
        except AxiomMutationError as error:
            lines.append(error.message)
    return Text(lines=lines)
