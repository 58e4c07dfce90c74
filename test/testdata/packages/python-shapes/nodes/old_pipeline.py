from typing import Iterator

from gen.axiom_logger import AxiomLogger, AxiomSecrets
from gen.messages_pb2 import Text


def old_pipeline(log: AxiomLogger, secrets: AxiomSecrets, inputs: Iterator[Text]) -> Iterator[Text]:
    for input in inputs:
        key, _ = secrets.get(input.text)
        yield Text(text=key)
