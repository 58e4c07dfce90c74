from typing import Iterator
from gen.messages_pb2 import Chunk
from gen.axiom_logger import AxiomLogger, AxiomSecrets


def text_chunker(log: AxiomLogger, secrets: AxiomSecrets, inputs: Iterator[Chunk]) -> Iterator[Chunk]:
    for input in inputs:
        salt, _ = secrets.get("CHUNK_SALT")
        yield Chunk(text=input.text, salt=salt)
