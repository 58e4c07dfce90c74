"""Runs handlers: synchronous ones and pipelines in a thread of their own, coroutines on one shared loop.

Coroutines share a loop because packages keep asynchronous clients in module variables, which belong to the
loop that first used them. Pipelines do not: many iterate over their inputs with a plain ``for``, which would
stop every other coroutine.
"""

from __future__ import annotations

import asyncio
import inspect
import threading
from typing import Any, AsyncIterable, Awaitable, Callable, Iterable

from google.protobuf.message import Message

from gen.axiom_host.context import InvocationContext
from gen.axiom_host.events import Events, InvocationCancelledError
from gen.axiom_host.failure import mask_loop_errors
from gen.axiom_host.handlers import Handler
from gen.axiom_host.inputs import Inputs
from gen.axiom_host.node_pb2 import InvokePipelineResponse, InvokeResponse


class Runner:
    """Starts invocations; what comes of them goes to their Events."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        mask_loop_errors(self._loop)
        _start(self._loop.run_forever)

    def unary(
        self, handler: Handler, ax: InvocationContext, message: Message, events: Events[InvokeResponse]
    ) -> None:
        """Puts one output or one error, then the end."""
        if handler.is_coroutine:
            self._on_shared_loop(self._unary_async(handler, ax, message, events), events)
        else:
            _start(lambda: self._unary_sync(handler, ax, message, events))

    def pipeline(
        self, handler: Handler, ax: InvocationContext, inputs: Inputs, events: Events[InvokePipelineResponse]
    ) -> None:
        """Puts any number of outputs, at most one error, then the end."""
        _start(lambda: _pipeline(handler, ax, inputs, events))

    def _on_shared_loop(self, work: Any, events: Events[InvokeResponse]) -> None:
        future = asyncio.run_coroutine_threadsafe(work, self._loop)
        events.on_close(future.cancel)

    def _unary_sync(
        self, handler: Handler, ax: InvocationContext, message: Message, events: Events[InvokeResponse]
    ) -> None:
        def call() -> None:
            result = handler.call(ax, message)
            if inspect.isawaitable(result):
                future = asyncio.run_coroutine_threadsafe(_awaited(result), self._loop)
                events.on_close(future.cancel)
                result = future.result()
            events.output(handler.serialize(result))

        _guarded(handler, ax, events, call)

    async def _unary_async(
        self, handler: Handler, ax: InvocationContext, message: Message, events: Events[InvokeResponse]
    ) -> None:
        try:
            try:
                events.output(handler.serialize(await handler.call(ax, message)))
            finally:
                ax.secrets.forget()
        except BaseException as error:
            events.fail(handler.node.name, error)
            if isinstance(error, asyncio.CancelledError):
                raise
        else:
            events.finish()


def _start(target: Callable[[], None]) -> None:
    # Daemon: a handler that never returns must not keep a drained host alive.
    threading.Thread(target=target, daemon=True).start()


def _guarded(handler: Handler, ax: InvocationContext, events: Events[Any], call: Callable[[], None]) -> None:
    """Runs ``call``; no exception leaves it, not even SystemExit, and no secret outlives it: whoever is
    told of the end may call again at once, and what was kept of this call reads nothing then."""
    try:
        try:
            call()
        finally:
            ax.secrets.forget()
    except InvocationCancelledError:
        events.finish()
    except BaseException as error:
        events.fail(handler.node.name, error)
    else:
        events.finish()


def _pipeline(
    handler: Handler, ax: InvocationContext, inputs: Inputs, events: Events[InvokePipelineResponse]
) -> None:
    def call() -> None:
        outputs = handler.call(ax, inputs)
        if inspect.isawaitable(outputs) or hasattr(outputs, "__aiter__"):
            asyncio.run(_drive_async(handler, outputs, events))
        else:
            _drive(handler, outputs, events)

    _guarded(handler, ax, events, call)


def _drive(handler: Handler, outputs: object, events: Events[InvokePipelineResponse]) -> None:
    """Takes what a handler gave: an iterable, one message, or None for no output."""
    if outputs is None:
        return
    if isinstance(outputs, Message) or not isinstance(outputs, Iterable):
        events.output(handler.serialize(outputs))
        return
    try:
        for output in outputs:
            events.output(handler.serialize(output))
    finally:
        # A cancelled generator runs its finally blocks now, not when it is collected.
        if inspect.isgenerator(outputs):
            outputs.close()


async def _drive_async(handler: Handler, outputs: Any, events: Events[InvokePipelineResponse]) -> None:
    loop = asyncio.get_running_loop()
    mask_loop_errors(loop)
    task = asyncio.current_task()
    if task is not None:
        events.on_close(lambda: _cancel(loop, task))
    if inspect.isawaitable(outputs):
        outputs = await outputs
    if not isinstance(outputs, AsyncIterable):
        _drive(handler, outputs, events)
        return
    try:
        async for output in outputs:
            await events.output_async(handler.serialize(output))
    finally:
        if inspect.isasyncgen(outputs):
            await outputs.aclose()


def _cancel(loop: asyncio.AbstractEventLoop, task: asyncio.Task[Any]) -> None:
    if not loop.is_closed():
        loop.call_soon_threadsafe(task.cancel)


async def _awaited(result: Awaitable[Any]) -> Any:
    return await result
