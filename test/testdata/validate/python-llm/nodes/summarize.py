from gen.messages_pb2 import TextRequest, TextReply
from gen.axiom_context import AxiomContext
from nodes import _runtime as rt
from nodes._runtime import ANTHROPIC


def summarize(ax: AxiomContext, input: TextRequest) -> TextReply:
    api_key, ok = ax.secrets.get(ANTHROPIC)
    if not ok:
        return TextReply(error=f"{ANTHROPIC} secret is not configured")
    client = rt.build_client(api_key)
    return TextReply(text=client["base"])
