import asyncio

from gen.axiom_context import AxiomContext
from gen.messages_pb2 import Text


async def async_read(ax: AxiomContext, input: Text) -> Text:
    """Reads, lets others run, reads again: both must be this execution's."""
    before, _ = ax.secrets.get(input.text)
    await asyncio.sleep(0.01)
    after, found = ax.secrets.get(input.text)
    return Text(text=after, lines=[before, str(found), ax.tenant_id])
