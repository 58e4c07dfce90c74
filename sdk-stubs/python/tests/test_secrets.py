"""The accessor and the mock say the same of every name."""

from __future__ import annotations

from typing import Any, Dict, List, Protocol, Tuple

import pytest

from gen.axiom_context import SecretStatus
from gen.axiom_host.context import InvocationContext, InvocationSecrets
from gen.axiom_host.node_pb2 import ExecutionContext, LogRecord, SecretRead
from nodes.mock_context import _TestContext

VALUES = {
    "FOUND": "value",
    "EMPTY": "",
    "NUL": "a\0b",
    "CRLF": "a\r\nb",
    "TRAILING": "a\n",
    "ASTRAL": "\U0001f99c",
    "RIGHT_TO_LEFT": "\u05e9\u05dc\u05d5\u05dd",
    "LARGE": "x" * 65_536,
}
REVOKED = {"REVOKED"}


class _Secrets(Protocol):
    def get(self, name: str) -> Tuple[str, bool]: ...
    def status(self, name: str) -> SecretStatus: ...


def accessor() -> _Secrets:
    execution = ExecutionContext(
        secrets={name: value.encode() for name, value in VALUES.items()}, revoked_secret_names=REVOKED
    )
    return InvocationContext(execution, lambda _: None, lambda _: None).secrets


def mock() -> _Secrets:
    return _TestContext(secrets_map=VALUES, revoked_names=REVOKED).secrets


@pytest.fixture(params=[accessor, mock], ids=["accessor", "mock"])
def secrets(request: pytest.FixtureRequest) -> _Secrets:
    made: _Secrets = request.param()
    return made


@pytest.mark.parametrize("name", sorted(VALUES))
def test_found_byte_for_byte(secrets: _Secrets, name: str) -> None:
    assert secrets.get(name) == (VALUES[name], True)
    assert secrets.status(name) is SecretStatus.AVAILABLE


@pytest.mark.parametrize("name", ["MISSING", "", "found", "FOUND ", "\0", "\ud800", "x" * 100_000])
def test_missing_is_empty_and_false(secrets: _Secrets, name: str) -> None:
    assert secrets.get(name) == ("", False)
    assert secrets.status(name) is SecretStatus.UNSET


def test_revoked_is_not_found_but_told_apart(secrets: _Secrets) -> None:
    assert secrets.get("REVOKED") == ("", False)
    assert secrets.status("REVOKED") is SecretStatus.REVOKED


@pytest.mark.parametrize("name", [None, 7, b"FOUND", [], {}])
def test_never_raises(secrets: _Secrets, name: Any) -> None:
    assert secrets.get(name) == ("", False)
    assert secrets.status(name) is SecretStatus.UNSET


def test_thousand_names() -> None:
    values = {f"NAME_{i}": f"value {i}" for i in range(1_000)}
    execution = ExecutionContext(secrets={name: value.encode() for name, value in values.items()})
    ax = InvocationContext(execution, lambda _: None, lambda _: None)
    assert all(ax.secrets.get(name) == (value, True) for name, value in values.items())


def test_reads_are_reported_by_name_alone() -> None:
    reads: List[SecretRead] = []
    secrets = InvocationSecrets({"A": "the value"}, frozenset(), reads.append)
    secrets.get("A")
    secrets.get("B")
    secrets.status("A")
    assert [(read.name, read.found) for read in reads] == [("A", True), ("B", False)]
    assert "the value" not in str(reads) + repr(secrets)


def test_a_name_longer_than_any_is_cut_before_it_is_reported() -> None:
    reads: List[SecretRead] = []
    longest = "N" * 128
    secrets = InvocationSecrets({longest: "the value"}, frozenset(), reads.append)
    assert secrets.get(longest + "x" * 10_000_000) == ("", False)
    assert secrets.status(longest + "x") is SecretStatus.UNSET
    assert secrets.get(longest) == ("the value", True)
    assert [read.name for read in reads] == [longest + "x", longest]


def test_forgotten_after_the_invocation() -> None:
    secrets = InvocationSecrets({"A": "the value"}, frozenset(), lambda _: None)
    secrets.forget()
    assert secrets.get("A") == ("", False)


def test_a_value_that_is_no_text_is_refused() -> None:
    with pytest.raises(UnicodeDecodeError):
        InvocationContext(ExecutionContext(secrets={"A": b"\xff"}), lambda _: None, lambda _: None)


def test_attributes_become_text() -> None:
    records: List[LogRecord] = []
    ax = InvocationContext(ExecutionContext(), lambda _: None, records.append)
    circular: Dict[str, Any] = {}
    circular["self"] = circular
    ax.log.info("m", text="t", number=1.5, nothing=None, nested={"a": [True]}, strange=object, loop=circular)
    attributes = dict(records[0].attributes)
    assert attributes.pop("strange") == "\"<class 'object'>\""
    assert attributes.pop("loop").startswith("{")
    assert attributes == {"text": "t", "number": "1.5", "nothing": "null", "nested": '{"a": [true]}'}


def test_the_mock_keeps_its_ids_and_records() -> None:
    ax = _TestContext()
    ax.log.warn("careful", key=1)
    assert (ax.execution_id, ax.flow_id, ax.tenant_id) == (
        "test-execution-id",
        "test-flow-id",
        "test-tenant-id",
    )
    assert ax.log.records == [("warn", "careful", {"key": 1})]
