from gen.axiom_context import AxiomContext, AxiomNodeError
from gen.messages_pb2 import ProbeReply, ProbeRequest


def fail(ax: AxiomContext, input: ProbeRequest) -> ProbeReply:
    """Fails with a value in its text, as careless code does."""
    value, _ = ax.secrets.get("API_KEY")
    if "typed" in input.names:
        raise AxiomNodeError("QUOTA_EXCEEDED", f"no more calls with {value}", "resets at midnight")
    if "flow" in input.names:
        ax.mutation.flow.add_edge(0, 1)
    if "untyped" in input.names:
        raise RuntimeError(f"GET https://example.com/?key={value}")
    return ProbeReply()
