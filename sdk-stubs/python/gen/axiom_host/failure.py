"""Says what failed without saying any value: an exception's text, and its source lines, may hold a secret."""

from __future__ import annotations

import asyncio
import json
import os
import sys
import threading
import traceback
from typing import Any, Dict, List, Optional, Tuple

#: What the caller reads of every failure that is no typed node error (axiom.node.v1.NodeError).
MASKED = "The node failed; its log has the reason."

_MAX_FRAMES = 30


class OutputError(TypeError):
    """A handler gave something that is not its output message. Its text names types only."""


def typed_error(error: BaseException) -> Optional[Tuple[str, str, str]]:
    """Code, message and detail of an error with a method ``axiom_node_error``; else None.

    A detail that is no text becomes its JSON form.
    """
    try:
        method = getattr(error, "axiom_node_error", None)
        if not callable(method):
            return None
        code, message, detail = method()
        if not isinstance(detail, str):
            detail = json.dumps(detail, ensure_ascii=False, default=str) if detail else ""
        return printable(str(code or "")), printable(str(message or "")), printable(detail)
    except Exception:
        return None


def describe(error: BaseException) -> Dict[str, str]:
    """The exception's class, its causes' classes, and where it was raised; never its text."""
    described = {"exception": _name(error), "traceback": _frames(error)}
    if isinstance(error, OutputError):
        described["reason"] = str(error)
    causes: List[str] = []
    seen = {id(error)}
    cause = error.__cause__ or error.__context__
    while cause is not None and id(cause) not in seen and len(causes) < _MAX_FRAMES:
        seen.add(id(cause))
        causes.append(_name(cause))
        cause = cause.__cause__ or cause.__context__
    if causes:
        described["caused_by"] = ", ".join(causes)
    return described


def show(error: BaseException) -> None:
    """Prints the failure's own text, which may hold a value, where a developer asked for it."""
    if os.environ.get("AXIOM_SHOW_ERRORS") == "1":
        traceback.print_exception(type(error), error, error.__traceback__)


def printable(text: str) -> str:
    """Text that Protobuf can carry: lone surrogates become question marks."""
    return text.encode("utf-8", "replace").decode("utf-8")


def mask_uncaught_errors() -> None:
    """Makes Python's own last-resort handlers print class and place only: they would print texts."""

    def show_masked(error: Optional[BaseException]) -> None:
        described = describe(error) if error is not None else {"exception": "unknown", "traceback": ""}
        print(f"axiom: uncaught {described['exception']} at {described['traceback']}", file=sys.stderr)

    sys.excepthook = lambda _kind, error, _trace: show_masked(error)
    threading.excepthook = lambda args: show_masked(args.exc_value)
    sys.unraisablehook = lambda args: show_masked(args.exc_value)


def mask_loop_errors(loop: asyncio.AbstractEventLoop) -> None:
    """The same for errors that nobody awaited."""

    def show_masked(_loop: asyncio.AbstractEventLoop, context: Dict[str, Any]) -> None:
        error = context.get("exception")
        if error is not None:
            described = describe(error)
            print(f"axiom: unawaited {described['exception']} at {described['traceback']}", file=sys.stderr)

    loop.set_exception_handler(show_masked)


def _name(error: BaseException) -> str:
    kind = type(error)
    return kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"


def _frames(error: BaseException) -> str:
    """``nodes/greet.py:12 in greet``, innermost first."""
    frames = list(traceback.walk_tb(error.__traceback__))[-_MAX_FRAMES:]
    return ", ".join(
        f"{_relative(frame.f_code.co_filename)}:{line} in {frame.f_code.co_name}"
        for frame, line in reversed(frames)
        if f"{os.sep}axiom_host{os.sep}" not in frame.f_code.co_filename
    )


def _relative(path: str) -> str:
    root = os.getcwd() + os.sep
    return path[len(root) :] if path.startswith(root) else path
