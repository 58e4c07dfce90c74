"""What a handler's annotations say that it answers with."""

from __future__ import annotations

import inspect
from types import SimpleNamespace
from typing import Any, Callable, Optional, Set, Type, get_args, get_origin, get_type_hints

from google.protobuf.message import Message

#: What no unary handler can answer with, and no alias of a message is.
_NO_MESSAGE = (type(None), bool, bytes, dict, float, int, list, str, tuple)


def wrong_result(function: Callable[..., Any], wanted: Type[Message], pipeline: bool) -> Optional[str]:
    """What the function is annotated to answer with where that cannot be ``wanted``; None where it can."""
    declared = _declared_result(function)
    messages = _messages_in(declared)
    # By name: a reloaded module's class is another object for the same message.
    if messages:
        return None if wanted.DESCRIPTOR.full_name in messages else ", ".join(sorted(messages))
    if not pipeline and (get_origin(declared) or declared) in _NO_MESSAGE:
        return getattr(declared, "__name__", str(declared))
    return None


def _declared_result(function: Callable[..., Any]) -> Any:
    """Any where there is no annotation, or one that cannot be looked up."""
    try:
        inner = inspect.unwrap(function)
        # Alone: another annotation may name what only type checkers import.
        alone = SimpleNamespace(__annotations__={"return": inner.__annotations__.get("return", Any)})
        return get_type_hints(alone, getattr(inner, "__globals__", {}))["return"]
    except Exception:
        return Any


def _messages_in(declared: Any) -> Set[str]:
    """The full names of the messages in ``Reply``, ``Iterator[Reply]``, ``Optional[Reply]`` and the like."""
    if isinstance(declared, type) and issubclass(declared, Message) and declared is not Message:
        return {declared.DESCRIPTOR.full_name}
    return {name for inner in get_args(declared) for name in _messages_in(inner)}
