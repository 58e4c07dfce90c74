"""A node called like a builtin."""

from gen.axiom_context import AxiomContext
from gen.messages_pb2 import Any


def list(ax: AxiomContext, inputs):
    return [Any(text=input) for input in inputs]
