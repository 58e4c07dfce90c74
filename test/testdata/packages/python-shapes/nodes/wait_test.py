from gen.messages_pb2 import Text
from nodes.doubles_test import Ctx
from nodes.wait import wait


def test_waits_for_the_file(tmp_path):
    place = tmp_path / "go"
    place.touch()
    assert wait(Ctx({"API_KEY": "k"}), Text(text=str(place))).text == "k"
