from your_org_unit_types_messages_pb2 import Quantity

from gen.axiom_context import AxiomContext
from gen.messages_pb2 import MeasureRequest


def measure(ax: AxiomContext, input: MeasureRequest) -> Quantity:
    return Quantity(value=sum(sample.value for sample in input.samples), unit="m")
