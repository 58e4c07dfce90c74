from gen.messages_pb2 import TextRequest, TextReply
from gen.axiom_context import AxiomContext
from nodes import _runtime as rt
from . import _runtime


async def flow_test_invoker(ax: AxiomContext, input: TextRequest) -> TextReply:
    key = rt.safe_secret(ax, "ANTHROPIC_API_KEY")
    axiom = _runtime.safe_secret(ax, name="AXIOM_API_KEY", default="none")
    org = rt.safe_secret(ax, "ANTHROPIC_ORG")
    ax.log.debug("calling with", key)
    return TextReply(text=call(key, axiom, org))


def call(*keys):
    return str(len(keys))
