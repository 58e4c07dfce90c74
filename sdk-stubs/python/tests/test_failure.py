"""What leaves the host of a failure."""

from __future__ import annotations

from typing import Any

import pytest

from gen.axiom_context import AxiomMutationError, AxiomNodeError
from gen.axiom_host.context import InvocationContext
from gen.axiom_host.failure import describe, typed_error
from gen.axiom_host.node_pb2 import ExecutionContext

CANARY = "canary-value"


class Own(Exception):
    def __init__(self, answer: Any) -> None:
        super().__init__()
        self.answer = answer

    def axiom_node_error(self) -> Any:
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def test_a_typed_error_keeps_its_words() -> None:
    assert typed_error(AxiomNodeError("409", "taken", {"row": "7"})) == ("409", "taken", '{"row": "7"}')
    assert typed_error(AxiomNodeError("", "words", "a text")) == ("", "words", "a text")
    assert str(AxiomNodeError("409", "taken")) == "409: taken"


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (("a", "b", None), ("a", "b", "")),
        (("a", "b", {}), ("a", "b", "")),
        ((1, None, ["x"]), ("1", "", '["x"]')),
        (("a", "b"), None),
        (None, None),
        (RuntimeError(CANARY), None),
    ],
)
def test_it_is_recognised_by_its_method(answer: Any, expected: Any) -> None:
    assert typed_error(Own(answer)) == expected


def test_no_other_error_is_typed() -> None:
    for error in (ValueError(CANARY), SystemExit(CANARY), KeyboardInterrupt()):
        assert typed_error(error) is None


def test_a_refused_change_of_the_flow_is_typed() -> None:
    assert typed_error(AxiomMutationError("refused")) == ("MUTATION_UNAVAILABLE", "refused", "")


def test_asking_for_the_removed_agent_memory_says_so_and_a_probe_finds_none() -> None:
    ax: Any = InvocationContext(ExecutionContext(), lambda _: None, lambda _: None)
    with pytest.raises(AttributeError) as raised:
        _ = ax.agent.memory
    assert (typed_error(raised.value) or ("",))[0] == "AGENT_MEMORY_REMOVED"
    assert getattr(ax, "agent", None) is None
    assert getattr(ax, "progress", None) is None


def test_a_description_has_classes_and_places_only() -> None:
    try:
        try:
            int(CANARY)
        except ValueError as error:
            raise RuntimeError(f"https://example.com/?key={CANARY}") from error
    except RuntimeError as error:
        described = describe(error)
    assert described["exception"] == "RuntimeError"
    assert described["caused_by"] == "ValueError"
    assert "in test_a_description_has_classes_and_places_only" in described["traceback"]
    assert CANARY not in str(described)


def test_a_circle_of_causes_ends() -> None:
    one, two = ValueError(), KeyError()
    one.__cause__, two.__cause__ = two, one
    assert describe(one)["caused_by"] == "KeyError"
