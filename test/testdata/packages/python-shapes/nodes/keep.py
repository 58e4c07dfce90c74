from gen.axiom_context import AxiomContext
from gen.messages_pb2 import Text

kept: list = []


def keep(ax: AxiomContext, input: Text) -> Text:
    """Keeps its context beyond the invocation, as it should not, and looks what the one before still says."""
    lines = [str(earlier.secrets.get("API_KEY")) for earlier in kept]
    kept.append(ax)
    return Text(text=ax.secrets.get("API_KEY")[0], lines=lines)
