"""A double as packages write them: no more than the node needs."""

from gen.axiom_context import SecretStatus
from gen.messages_pb2 import Text
from nodes.doubles_test import Ctx
from nodes.read import read


def test_reads():
    assert read(Ctx({"A": "1"}), Text(text="A")).text == "1"


def test_revoked():
    assert read(Ctx({}, revoked={"A"}), Text(text="A")).lines[1] == SecretStatus.REVOKED.value
