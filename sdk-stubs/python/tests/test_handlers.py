"""Which handlers are found, and how they are called."""

from __future__ import annotations

import sys
import types
from typing import Any, AsyncIterator, Awaitable, Callable, Dict, Iterator, Optional, Tuple, Union

import pytest
from google.protobuf.empty_pb2 import Empty
from google.protobuf.message import Message

from gen.axiom_host.context import InvocationContext
from gen.axiom_host.failure import OutputError
from gen.axiom_host.handlers import Handler, HandlerError, HostedPackage, Node, load
from gen.axiom_host.node_pb2 import ExecutionContext, LogRecord, SecretRead


def node(module: str) -> Node:
    return Node("Greet", module, "greet", False, Empty, Empty)


@pytest.fixture
def define() -> Iterator[Callable[[Any], Handler]]:
    module = types.ModuleType("defined_here")
    sys.modules["defined_here"] = module

    def handler(function: Any) -> Handler:
        module.__dict__["greet"] = function
        return load(HostedPackage("a/b", "1.0.0", (node("defined_here"),))).handlers["Greet"]

    yield handler
    del sys.modules["defined_here"]


@pytest.mark.parametrize(
    ("function", "separate"),
    [
        (lambda ax, input: (ax, input), False),
        (lambda ax, input, now=None: (ax, input), False),
        (lambda log, secrets, input: (log, secrets, input), True),
        (lambda a, b, c: (a, b, c), True),
        (lambda log, secrets, input=None: (log, secrets, input), True),
        (lambda ax, input, *, now=None: (ax, input), False),
        (lambda *arguments: arguments, False),
    ],
)
def test_the_shape_decides_the_call(define: Callable[[Any], Handler], function: Any, separate: bool) -> None:
    ax = InvocationContext(ExecutionContext(), lambda _: None, lambda _: None)
    given = define(function).call(ax, "input")
    assert given == ((ax.log, ax.secrets, "input") if separate else (ax, "input"))


def test_a_coroutine_is_known_as_one(define: Callable[[Any], Handler]) -> None:
    async def greet(ax: Any, input: Any) -> Empty:
        return Empty()

    assert define(greet).is_coroutine
    assert not define(lambda ax, input: Empty()).is_coroutine


def test_only_the_declared_message_is_an_output(define: Callable[[Any], Handler]) -> None:
    handler = define(lambda ax, input: None)
    assert handler.serialize(Empty()) == b""
    wrongs: Tuple[Any, ...] = (None, {}, "text", LogRecord())
    for wrong in wrongs:
        with pytest.raises(OutputError, match=r"where google\.protobuf\.Empty is declared"):
            handler.serialize(wrong)


def test_a_missing_file_says_what_to_write() -> None:
    with pytest.raises(HandlerError, match=r"nodes/nowhere\.py is missing; write `def greet\(ax, input\)`"):
        load(HostedPackage("a/b", "1.0.0", (node("nodes.nowhere"),)))


def test_a_missing_function_is_named() -> None:
    with pytest.raises(HandlerError, match="has no function greet"):
        load(HostedPackage("a/b", "1.0.0", (node("nodes.conftest"),)))


@pytest.mark.parametrize("function", [lambda input: input, lambda: None, lambda a, b, c, d: a])
def test_a_handler_that_cannot_be_called_is_refused_when_it_is_loaded(
    define: Callable[[Any], Handler], function: Any
) -> None:
    with pytest.raises(HandlerError, match=r"cannot be called with .*write it as `def greet\(ax, input\)`"):
        define(function)


def annotated(result: Any) -> Callable[..., Any]:
    def greet(ax: Any, input: Any) -> Any:
        return Empty()

    greet.__annotations__["return"] = result
    return greet


@pytest.mark.parametrize(
    ("result", "named"),
    [
        (LogRecord, r"axiom\.node\.v1\.LogRecord"),
        ("LogRecord", r"axiom\.node\.v1\.LogRecord"),
        (Awaitable[LogRecord], r"axiom\.node\.v1\.LogRecord"),
        (Union[LogRecord, SecretRead], r"axiom\.node\.v1\.LogRecord, axiom\.node\.v1\.SecretRead"),
        (str, "str"),
        (Dict[str, Any], "Dict"),
        (None, "NoneType"),
    ],
)
def test_a_handler_of_another_result_is_refused_when_it_is_loaded(
    define: Callable[[Any], Handler], result: Any, named: str
) -> None:
    expected = (
        rf"defined_here\.py: greet answers with {named}, "
        r"and the output of node Greet is google\.protobuf\.Empty; "
        r"write it as `def greet\(ax, input\) -> Empty`"
    )
    with pytest.raises(HandlerError, match=expected):
        define(annotated(result))


@pytest.mark.parametrize(
    "result",
    [
        Empty,
        "Empty",
        Any,
        "OnlyForTypeCheckers",
        Optional[Empty],
        Union[Empty, LogRecord],
        Awaitable[Empty],
        Message,
    ],
)
def test_a_result_that_may_be_the_output_is_taken(define: Callable[[Any], Handler], result: Any) -> None:
    assert define(annotated(result)).serialize(Empty()) == b""


@pytest.mark.parametrize(
    ("result", "taken"), [(Iterator[Empty], True), (AsyncIterator[LogRecord], False), (None, True)]
)
def test_a_pipeline_answers_with_many_of_its_outputs(
    define: Callable[[Any], Handler], result: Any, taken: bool
) -> None:
    node_ = Node("Greet", "defined_here", "greet", True, Empty, Empty)
    define(annotated(Empty))
    sys.modules["defined_here"].__dict__["greet"] = annotated(result)
    if taken:
        load(HostedPackage("a/b", "1.0.0", (node_,)))
    else:
        with pytest.raises(HandlerError, match=r"write it as `def greet\(ax, input\) -> Iterator\[Empty\]`"):
            load(HostedPackage("a/b", "1.0.0", (node_,)))
