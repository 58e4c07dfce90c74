from typing import Iterator

from gen.axiom_context import AxiomContext
from gen.messages_pb2 import ProbeReply, ProbeRequest
from nodes.readings import read_all


def probe_each(ax: AxiomContext, inputs: Iterator[ProbeRequest]) -> Iterator[ProbeReply]:
    """Says for each input what every read answered."""
    for input in inputs:
        yield read_all(ax, input)
