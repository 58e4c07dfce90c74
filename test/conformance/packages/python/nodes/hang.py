import asyncio

from gen.axiom_context import AxiomContext
from gen.messages_pb2 import ProbeReply, ProbeRequest

#: Calls that were told to stop.
stopped = 0


async def hang(ax: AxiomContext, input: ProbeRequest) -> ProbeReply:
    """Takes its time."""
    ax.log.info("hanging")
    global stopped
    try:
        await asyncio.sleep(input.wait_ms / 1000)
    except asyncio.CancelledError:
        stopped += 1
        raise
    return ProbeReply(execution_id=ax.execution_id)
