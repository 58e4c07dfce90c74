"""The generated mock obeys the conformance vectors: vectors.txt, which the driver writes."""

import pathlib

import pytest

from gen.messages_pb2 import ProbeRequest
from nodes.probe import probe
from nodes.probe_test import _TestContext

VECTORS = pathlib.Path(__file__).parent.parent / "vectors.txt"


def text(hexed: str) -> str:
    return bytes.fromhex(hexed).decode("utf-8")


def vectors():
    lines = [line.split("\t") for line in VECTORS.read_text("ascii").splitlines()]
    found = {}
    for vector, kind, *fields in lines:
        found.setdefault(vector, []).append((kind, fields))
    return found


@pytest.mark.parametrize("vector", vectors())
def test_mock_obeys(vector):
    records = vectors()[vector]
    secrets = {text(f[0]): text(f[1]) for kind, f in records if kind == "secret"}
    revoked = {text(f[0]) for kind, f in records if kind == "revoked"}
    reads = [f for kind, f in records if kind == "read"]
    reply = probe(_TestContext(secrets_map=secrets, revoked_names=revoked), ProbeRequest(names=[text(f[0]) for f in reads]))
    seen = [[r.name.encode("utf-8").hex(), r.status, r.value.hex()] for r in reply.readings]
    assert seen == reads
    assert [r.found for r in reply.readings] == [f[1] == "available" for f in reads]
