"""What a pipeline holds of the inputs that its handler has read, and how its wait for the next one ends."""

from __future__ import annotations

import asyncio
import gc
import threading
import weakref
from typing import Any, Callable, ClassVar, List, cast

import grpc
import pytest

from gen.axiom_host.events import Events, InvocationCancelledError
from gen.axiom_host.inputs import Inputs
from gen.axiom_host.node_pb2 import InvokePipelineRequest, InvokePipelineResponse

_READ = 20


class Input:
    """An input's class, in place of a message's: of those a weak reference is not to be had."""

    alive: ClassVar[weakref.WeakSet[Input]] = weakref.WeakSet()

    @classmethod
    def FromString(cls, _data: bytes) -> Input:
        made = cls()
        cls.alive.add(made)
        return made


def alive() -> int:
    gc.collect()
    return len(Input.alive)


async def of_twenty(events: Events[InvokePipelineResponse]) -> Inputs:
    left = [InvokePipelineRequest(input=b"") for _ in range(_READ)]

    async def read() -> object:
        return left.pop() if left else grpc.aio.EOF

    return Inputs(cast(Any, Input), read, asyncio.get_running_loop(), events)


async def of_none(events: Events[InvokePipelineResponse]) -> Inputs:
    async def read() -> object:
        return await asyncio.get_running_loop().create_future()

    return Inputs(cast(Any, Input), read, asyncio.get_running_loop(), events)


def with_for(inputs: Inputs) -> List[int]:
    return [alive() for _ in inputs]


def with_async_for(inputs: Inputs) -> List[int]:
    async def handler() -> List[int]:
        return [alive() async for _ in inputs]

    return asyncio.run(handler())


@pytest.mark.parametrize("handler", [with_for, with_async_for])
def test_an_input_that_a_handler_has_let_go_is_held_by_nobody(handler: Callable[[Inputs], List[int]]) -> None:
    async def call() -> List[int]:
        events = Events(InvokePipelineResponse)
        held = await asyncio.to_thread(handler, await of_twenty(events))
        events.close()
        return held

    held = asyncio.run(call())
    assert len(held) == _READ
    # The one that the handler is at, and the one that its loop's variable still had when that came.
    assert max(held) <= 2


def test_a_handler_that_waits_for_an_input_is_told_when_its_caller_goes() -> None:
    async def call() -> None:
        events = Events(InvokePipelineResponse)
        inputs = await of_none(events)
        waits = threading.Event()

        def handler() -> None:
            waits.set()
            next(inputs)

        running = asyncio.create_task(asyncio.to_thread(handler))
        await asyncio.to_thread(waits.wait)
        events.close()
        with pytest.raises(InvocationCancelledError):
            await running
        # The caller has gone by now, and so is nobody whose input comes.
        with pytest.raises(InvocationCancelledError):
            await asyncio.to_thread(next, inputs)

    asyncio.run(call())
