from gen.axiom_context import AxiomContext
from gen.messages_pb2 import ProbeReply, ProbeRequest
from nodes.readings import read_all


def probe(ax: AxiomContext, input: ProbeRequest) -> ProbeReply:
    """Says what every read answered."""
    return read_all(ax, input)
