from gen.messages_pb2 import GreetRequest, GreetReply
from gen.axiom_context import AxiomContext

PROMPT = 'Write: ax.secrets.get("PROMPT_ONLY")'


def farewell(ax: AxiomContext, input: GreetRequest) -> GreetReply:
    value, ok = ax.secrets.get(
        "FAREWELL_TOKEN",
    )
    return GreetReply(greeting="Bye" if ok and value else "")
