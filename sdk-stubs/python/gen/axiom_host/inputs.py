"""A pipeline's inputs as handlers read them: by ``for``, ``next``, ``iter`` or ``async for``."""

from __future__ import annotations

import asyncio
from concurrent.futures import CancelledError
from typing import Any, Awaitable, Callable, NoReturn, Optional, Type

import grpc
from google.protobuf.message import DecodeError, Message

from gen.axiom_host.events import Events, InvocationCancelledError
from gen.axiom_host.node_pb2 import InvokePipelineRequest, InvokePipelineResponse

#: Gives the next request of the stream, or grpc.aio.EOF.
Read = Callable[[], Awaitable[Any]]


class Inputs:
    """Reads from the stream when the handler asks, so that a slow handler slows its caller down."""

    def __init__(
        self,
        input_class: Type[Message],
        read: Read,
        loop: asyncio.AbstractEventLoop,
        events: Events[InvokePipelineResponse],
    ) -> None:
        self._input_class = input_class
        self._read = read
        self._loop = loop
        self._events = events
        self._ended = False

    def __iter__(self) -> Inputs:
        return self

    def __next__(self) -> Message:
        message = None
        if not self._ended:
            future = asyncio.run_coroutine_threadsafe(self._next(), self._loop)
            self._events.on_close(future.cancel)
            try:
                message = future.result()
            except CancelledError:
                raise InvocationCancelledError from None
            finally:
                # It holds the message, and a pipeline may have any number of them.
                self._events.off_close(future.cancel)
        if message is None:
            raise StopIteration
        return message

    def __aiter__(self) -> Inputs:
        return self

    async def __anext__(self) -> Message:
        message = None
        if not self._ended:
            future = asyncio.run_coroutine_threadsafe(self._next(), self._loop)
            message = await asyncio.wrap_future(future)
        if message is None:
            raise StopAsyncIteration
        return message

    async def _next(self) -> Optional[Message]:
        """On the server's loop. None at the end."""
        request = await self._read()
        if request is grpc.aio.EOF:
            self._ended = True
            return None
        if not isinstance(request, InvokePipelineRequest) or request.WhichOneof("message") != "input":
            self._refuse("only the first message of the stream is a start; send inputs after it")
        try:
            return self._input_class.FromString(request.input)
        except DecodeError:
            self._refuse(f"an input is no {self._input_class.DESCRIPTOR.full_name}")

    def _refuse(self, message: str) -> NoReturn:
        self._ended = True
        self._events.refuse(grpc.StatusCode.INVALID_ARGUMENT, message)
        raise asyncio.CancelledError
