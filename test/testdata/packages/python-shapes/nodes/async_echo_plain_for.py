import asyncio
from typing import AsyncIterator, Iterator

from gen.axiom_context import AxiomContext
from gen.messages_pb2 import Text


async def async_echo_plain_for(ax: AxiomContext, inputs: Iterator[Text]) -> AsyncIterator[Text]:
    for input in inputs:
        await asyncio.sleep(0)
        yield Text(text=input.text, lines=[ax.tenant_id])
