"""The context that a handler is given: built for one invocation, emptied when it ends."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any, Callable, Dict, FrozenSet, Tuple

from gen.axiom_context import NoFlow, NoMutation, NoTelemetry, SecretStatus
from gen.axiom_host.failure import printable
from gen.axiom_host.node_pb2 import (
    LOG_LEVEL_DEBUG,
    LOG_LEVEL_ERROR,
    LOG_LEVEL_INFO,
    LOG_LEVEL_WARN,
    ExecutionContext,
    LogLevel,
    LogRecord,
    SecretRead,
)

#: No secret's name is longer. Of a longer one so much more is taken: it is still no secret's name.
LONGEST_NAME = 128


class InvocationSecrets:
    """The execution's secrets. Every ``get`` is reported: the name and whether it was there."""

    __slots__ = ("_report", "_revoked", "_values")

    def __init__(
        self, values: Dict[str, str], revoked: FrozenSet[str], report: Callable[[SecretRead], None]
    ) -> None:
        self._values = values
        self._revoked = revoked
        self._report = report

    def get(self, name: str) -> Tuple[str, bool]:
        if not isinstance(name, str):
            return ("", False)
        name = name[: LONGEST_NAME + 1]
        value = self._values.get(name)
        self._report(SecretRead(name=printable(name), found=value is not None))
        return ("", False) if value is None else (value, True)

    def status(self, name: str) -> SecretStatus:
        if not isinstance(name, str):
            return SecretStatus.UNSET
        name = name[: LONGEST_NAME + 1]
        if name in self._values:
            return SecretStatus.AVAILABLE
        return SecretStatus.REVOKED if name in self._revoked else SecretStatus.UNSET

    def forget(self) -> None:
        """Drops every value: nothing that outlives the invocation can read one."""
        self._values.clear()
        self._revoked = frozenset()

    def __repr__(self) -> str:
        return "AxiomSecrets([REDACTED])"


class InvocationLogger:
    """Sends log records to the sidecar, which masks secret values in them."""

    __slots__ = ("_report",)

    def __init__(self, report: Callable[[LogRecord], None]) -> None:
        self._report = report

    def debug(self, msg: str, **attrs: Any) -> None:
        self._write(LOG_LEVEL_DEBUG, msg, attrs)

    def info(self, msg: str, **attrs: Any) -> None:
        self._write(LOG_LEVEL_INFO, msg, attrs)

    def warn(self, msg: str, **attrs: Any) -> None:
        self._write(LOG_LEVEL_WARN, msg, attrs)

    def error(self, msg: str, **attrs: Any) -> None:
        self._write(LOG_LEVEL_ERROR, msg, attrs)

    def _write(self, level: LogLevel, msg: object, attrs: Dict[str, Any]) -> None:
        record = LogRecord(level=level, message=printable(str(msg)))
        record.time.FromNanoseconds(time.time_ns())
        for key, value in attrs.items():
            record.attributes[printable(key)] = _text(value)
        self._report(record)


class InvocationContext:
    """``ax``."""

    def __init__(
        self,
        execution: ExecutionContext,
        on_read: Callable[[SecretRead], None],
        on_log: Callable[[LogRecord], None],
    ) -> None:
        """Raises UnicodeDecodeError for a value that is no UTF-8."""
        values = {name: value.decode("utf-8") for name, value in execution.secrets.items()}
        self.secrets = InvocationSecrets(values, frozenset(execution.revoked_secret_names), on_read)
        self.log = InvocationLogger(on_log)
        self.execution_id = execution.execution_id
        self.flow_id = execution.flow_id
        self.tenant_id = execution.tenant_id
        self.reflection = NoFlow()
        self.mutation = NoMutation()

    def telemetry(self) -> NoTelemetry:
        return NoTelemetry()

    # Not for type checkers, which would take every attribute to be there.
    if not TYPE_CHECKING:

        def __getattr__(self, name):
            if name == "agent":
                raise AgentMemoryRemovedError
            raise AttributeError(f"the context has no {name}")


class AgentMemoryRemovedError(AttributeError):
    """Tells the caller what older handlers ask for; an AttributeError to ``getattr(ax, "agent", None)``."""

    def axiom_node_error(self) -> Tuple[str, str, str]:
        return (
            "AGENT_MEMORY_REMOVED",
            "agent memory left the platform; keep what a session needs in a store of your own",
            "",
        )


def _text(value: object) -> str:
    """Text as it is, anything else in its JSON form; what has none, as Python prints it."""
    if isinstance(value, str):
        return printable(value)
    try:
        return printable(json.dumps(value, ensure_ascii=False, default=str))
    except (TypeError, ValueError):
        return printable(str(value))
