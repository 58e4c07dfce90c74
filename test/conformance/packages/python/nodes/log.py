from gen.axiom_context import AxiomContext
from gen.messages_pb2 import ProbeReply, ProbeRequest


def log(ax: AxiomContext, input: ProbeRequest) -> ProbeReply:
    """Writes a record of each level."""
    ax.log.debug("one")
    ax.log.info("two", of="four")
    ax.log.warn("three", empty="")
    ax.log.error("")
    return ProbeReply()
