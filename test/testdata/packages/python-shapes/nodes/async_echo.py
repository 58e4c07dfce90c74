from typing import AsyncIterator

from gen.axiom_context import AxiomContext
from gen.messages_pb2 import Text


async def async_echo(ax: AxiomContext, inputs: AsyncIterator[Text]) -> AsyncIterator[Text]:
    async for input in inputs:
        yield Text(text=input.text, lines=[ax.tenant_id])
