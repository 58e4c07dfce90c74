from gen.axiom_context import AxiomContext
from gen.messages_pb2 import ProbeReply, ProbeRequest
from nodes.readings import read_all

kept = None


def keep(ax: AxiomContext, input: ProbeRequest) -> ProbeReply:
    """Reads from the context of the call before, and keeps its own."""
    global kept
    before, kept = kept, ax
    return read_all(before or ax, input)
