import nodes.emit
import nodes.hang
from gen.axiom_context import AxiomContext
from gen.messages_pb2 import Counts, ProbeRequest


def count(ax: AxiomContext, input: ProbeRequest) -> Counts:
    """Says what handlers have counted."""
    return Counts(emitted=nodes.emit.emitted, stopped=nodes.hang.stopped)
