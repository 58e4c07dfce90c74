from typing import Iterator

from gen.axiom_context import AxiomContext
from gen.messages_pb2 import Text


def first_then_all(ax: AxiomContext, inputs: Iterator[Text]) -> Iterator[Text]:
    """Takes the secret's name from the first message, as connectors do."""
    first = next(inputs, None)
    if first is None:
        ax.log.warn("no inputs")
        return
    value, found = ax.secrets.get(first.text)
    yield Text(text=value if found else "not found")
    yield from (Text(text=input.text) for input in inputs)
