from unittest.mock import MagicMock

from gen.your_org_flow_messages_messages_pb2 import Progress
from nodes.relay import relay


def test_relay():
    assert [p.stage for p in relay(MagicMock(), MagicMock(), iter([Progress(stage="x")]))] == ["[flow] x"]
