import asyncio

from gen.axiom_context import AxiomContext
from gen.messages_pb2 import ProbeReply, ProbeRequest


async def hang(ax: AxiomContext, input: ProbeRequest) -> ProbeReply:
    """Takes its time."""
    ax.log.info("hanging")
    await asyncio.sleep(input.wait_ms / 1000)
    return ProbeReply(execution_id=ax.execution_id)
