from gen.messages_pb2 import MeasureRequest
from gen.your_org_unit_types_messages_pb2 import UNIT_METRE, Quantity
from nodes.measure import measure


def test_measures_are_added():
    samples = [Quantity(value=1.5), Quantity(value=2)]
    total = measure(None, MeasureRequest(unit=UNIT_METRE, samples=samples))
    assert isinstance(total, Quantity)
    assert total == Quantity(value=3.5, unit="m")
