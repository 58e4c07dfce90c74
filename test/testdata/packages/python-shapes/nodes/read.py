from gen.axiom_context import AxiomContext
from gen.messages_pb2 import Text


def read(ax: AxiomContext, input: Text) -> Text:
    """Gives what `get` and `status` say of the named secret, and the ids."""
    value, found = ax.secrets.get(input.text)
    status = ax.secrets.status(input.text)
    return Text(text=value, lines=[str(found), status.value, ax.execution_id, ax.flow_id, ax.tenant_id])
