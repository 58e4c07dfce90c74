"""Tests of Greet. Written once by axiom; it is yours and never overwritten."""

from typing import Any, Dict, Iterable, List, Optional, Tuple

from gen.axiom_context import NoFlow, NoMutation, NoTelemetry, SecretStatus
from gen.messages_pb2 import GreetReply, GreetRequest
from nodes.greet import greet


class _TestLogger:
    """Keeps what the node logs in ``records``: (level, message, attributes)."""

    def __init__(self) -> None:
        self.records: List[Tuple[str, str, Dict[str, Any]]] = []

    def debug(self, msg: str, **attrs: Any) -> None:
        self.records.append(("debug", msg, attrs))

    def info(self, msg: str, **attrs: Any) -> None:
        self.records.append(("info", msg, attrs))

    def warn(self, msg: str, **attrs: Any) -> None:
        self.records.append(("warn", msg, attrs))

    def error(self, msg: str, **attrs: Any) -> None:
        self.records.append(("error", msg, attrs))


class _TestSecrets:
    def __init__(self, secrets_map: Dict[str, str], revoked_names: Iterable[str]) -> None:
        self._secrets_map = dict(secrets_map)
        self._revoked_names = set(revoked_names)

    def get(self, name: str) -> Tuple[str, bool]:
        value = self._secrets_map.get(name) if isinstance(name, str) else None
        return ("", False) if value is None else (value, True)

    def status(self, name: str) -> SecretStatus:
        if not isinstance(name, str):
            return SecretStatus.UNSET
        if name in self._secrets_map:
            return SecretStatus.AVAILABLE
        return SecretStatus.REVOKED if name in self._revoked_names else SecretStatus.UNSET


class _TestContext:
    """A context with test values: ``_TestContext(secrets_map={"NAME": "value"}, revoked_names={"OLD"})``."""

    def __init__(
        self,
        secrets_map: Optional[Dict[str, str]] = None,
        revoked_names: Optional[Iterable[str]] = None,
    ) -> None:
        self.log = _TestLogger()
        self.secrets = _TestSecrets(secrets_map or {}, revoked_names or ())
        self.execution_id = "test-execution-id"
        self.flow_id = "test-flow-id"
        self.tenant_id = "test-tenant-id"
        self.reflection = NoFlow()
        self.mutation = NoMutation()

    def telemetry(self) -> NoTelemetry:
        return NoTelemetry()


def test_signs_with_the_configured_signature():
    ax = _TestContext(secrets_map={"GREETER_SIGNATURE": "test-sig"})
    assert greet(ax, GreetRequest(name="Ada")) == GreetReply(greeting="Hello Ada, from test-sig")


def test_is_anonymous_without_a_signature():
    assert greet(_TestContext(), GreetRequest(name="Ada")).greeting == "Hello Ada, from anonymous"


def test_is_anonymous_once_the_signature_is_revoked():
    ax = _TestContext(revoked_names={"GREETER_SIGNATURE"})
    assert ax.secrets.status("GREETER_SIGNATURE") is SecretStatus.REVOKED
    assert greet(ax, GreetRequest(name="Ada")).greeting == "Hello Ada, from anonymous"
