import asyncio
from pathlib import Path

from gen.axiom_context import AxiomContext
from gen.messages_pb2 import Text


async def async_wait(ax: AxiomContext, input: Text) -> Text:
    """Sleeps until it is cancelled; then makes the named file."""
    ax.log.info("started")
    try:
        await asyncio.sleep(3600)
    except asyncio.CancelledError:
        Path(input.text).touch()
        raise
    return Text()
