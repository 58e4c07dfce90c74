import os
from typing import Iterator

from gen.axiom_context import AxiomContext
from gen.messages_pb2 import Text


def endless(ax: AxiomContext, inputs: Iterator[Text]) -> Iterator[Text]:
    """Goes on until its caller leaves; then says so in the file that the first input names."""
    place = next(inputs).text
    count = 0
    try:
        while True:
            count += 1
            yield Text(text=str(count).zfill(10_000))
    finally:
        with open(place + ".tmp", "w") as file:
            file.write(str(count))
        os.rename(place + ".tmp", place)
