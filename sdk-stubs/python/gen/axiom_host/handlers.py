"""Finds the handlers that axiom.yaml lists and learns how each wants to be called."""

from __future__ import annotations

import importlib
import inspect
from dataclasses import dataclass
from typing import Any, Callable, Dict, Tuple, Type

from google.protobuf.message import Message

from gen.axiom_host.annotations import wrong_result
from gen.axiom_host.context import InvocationContext
from gen.axiom_host.failure import OutputError


class HandlerError(Exception):
    """A package that cannot be served; the text says what to mend."""


@dataclass(frozen=True)
class Node:
    """One node as axiom.yaml has it."""

    name: str
    module: str
    function: str
    pipeline: bool
    input_class: Type[Message]
    output_class: Type[Message]


@dataclass(frozen=True)
class HostedPackage:
    """What gen/axiom_nodes.py holds."""

    name: str
    version: str
    nodes: Tuple[Node, ...]


@dataclass(frozen=True)
class Handler:
    """A node with its function."""

    node: Node
    function: Callable[..., Any]
    #: Written as ``def f(log, secrets, input)``, called by position.
    separate_parameters: bool
    is_coroutine: bool

    def call(self, ax: InvocationContext, argument: object) -> Any:
        """Calls the handler; gives whatever it gives: a message, an awaitable or an iterator."""
        if self.separate_parameters:
            return self.function(ax.log, ax.secrets, argument)
        return self.function(ax, argument)

    def serialize(self, output: object) -> bytes:
        """Raises OutputError unless ``output`` is the node's output message."""
        # By name: a reloaded module's class is another object for the same message.
        wanted = self.node.output_class.DESCRIPTOR.full_name
        if not isinstance(output, Message) or output.DESCRIPTOR.full_name != wanted:
            raise OutputError(f"{self.node.name} gave {type(output).__name__} where {wanted} is declared")
        return output.SerializeToString()


@dataclass(frozen=True)
class LoadedPackage:
    """A package whose handlers are imported."""

    package: HostedPackage
    handlers: Dict[str, Handler]


def load(package: HostedPackage) -> LoadedPackage:
    """Imports every handler. Raises HandlerError where one is missing."""
    return LoadedPackage(package, {node.name: _handler(node) for node in package.nodes})


def _handler(node: Node) -> Handler:
    path = node.module.replace(".", "/") + ".py"
    try:
        module = importlib.import_module(node.module)
    except ModuleNotFoundError as error:
        if error.name is not None and node.module.startswith(error.name):
            raise HandlerError(
                f"{path} is missing; write `def {node.function}(ax, input)` in it for node {node.name}"
            ) from None
        raise HandlerError(
            f"{path} imports {error.name}, which is not installed; add it to requirements.txt"
        ) from error
    function = getattr(module, node.function, None)
    if not callable(function):
        raise HandlerError(f"{path} has no function {node.function}; node {node.name} needs it")
    _check_parameters(path, node, function)
    _check_result(path, node, function)
    return Handler(
        node=node,
        function=function,
        separate_parameters=_takes_separate_parameters(function),
        is_coroutine=inspect.iscoroutinefunction(function),
    )


def _check_parameters(path: str, node: Node, function: Callable[..., Any]) -> None:
    """Raises HandlerError where the function cannot be called as nodes are, before anybody calls it."""
    arguments = ("log", "secrets", "input") if _takes_separate_parameters(function) else ("ax", "input")
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):
        return
    try:
        signature.bind(*arguments)
    except TypeError as error:
        raise HandlerError(
            f"{path}: {node.function}{signature} cannot be called with ({', '.join(arguments)}): {error}; "
            f"write it as `def {node.function}(ax, input)`"
        ) from None


def _check_result(path: str, node: Node, function: Callable[..., Any]) -> None:
    """Raises HandlerError where the annotated result is another type than the node's output."""
    wrong = wrong_result(function, node.output_class, node.pipeline)
    if wrong is None:
        return
    wanted = node.output_class.DESCRIPTOR
    result = f"Iterator[{wanted.name}]" if node.pipeline else wanted.name
    raise HandlerError(
        f"{path}: {node.function} answers with {wrong}, "
        f"and the output of node {node.name} is {wanted.full_name}; "
        f"write it as `def {node.function}(ax, input) -> {result}`"
    )


def _takes_separate_parameters(function: Callable[..., Any]) -> bool:
    """True for ``(log, secrets, input)``: three parameters without defaults, or a second one named so."""
    try:
        parameters = list(inspect.signature(function).parameters.values())
    except (TypeError, ValueError):
        return False
    positional = [p for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    required = [p for p in positional if p.default is p.empty]
    return len(required) >= 3 or (len(positional) >= 3 and positional[1].name == "secrets")
