import time
from pathlib import Path

from gen.axiom_context import AxiomContext
from gen.messages_pb2 import Text


def wait(ax: AxiomContext, input: Text) -> Text:
    """Says that it started, then waits until the named file is there."""
    ax.log.info("started")
    while not Path(input.text).exists():
        time.sleep(0.01)
    return Text(text=ax.secrets.get("API_KEY")[0])
