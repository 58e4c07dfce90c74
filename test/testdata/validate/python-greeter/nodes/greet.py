# nodes/greet.py
from gen.messages_pb2 import GreetRequest, GreetReply
from gen.axiom_context import AxiomContext


def greet(ax: AxiomContext, input: GreetRequest) -> GreetReply:
    """Greets the caller. Reads ax.secrets.get("DOCSTRING_ONLY") in words only."""
    # ax.secrets.get("COMMENT_ONLY")
    signature, ok = ax.secrets.get("GREETER_SIGNATURE")
    if not ok:
        signature = "anonymous"
    ax.log.info("greeting", found=ok, length=len(signature))
    return GreetReply(greeting=f"Hello {input.name}, from {signature}")
