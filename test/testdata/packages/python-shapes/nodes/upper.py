from typing import Iterator

from gen.axiom_context import AxiomContext
from gen.my_org_shapes_messages_pb2 import Text


def upper(ax: AxiomContext, inputs: Iterator[Text]) -> Iterator[Text]:
    for input in iter(inputs):
        yield Text(text=input.text.upper())
