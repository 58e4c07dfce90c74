"""The events of one invocation, from whatever thread the handler runs in to the stream that answers."""

from __future__ import annotations

import asyncio
import threading
from typing import AsyncIterator, Callable, Generic, List, Optional, Tuple, Type, TypeVar, Union

import grpc

from gen.axiom_host.context import InvocationLogger
from gen.axiom_host.failure import MASKED, describe, show, typed_error
from gen.axiom_host.node_pb2 import (
    InvokePipelineResponse,
    InvokeResponse,
    LogRecord,
    NodeError,
    SecretRead,
)

Event = TypeVar("Event", InvokeResponse, InvokePipelineResponse)

#: Outputs that may wait for a slow reader before the handler waits too.
_WINDOW = 16


class InvocationCancelledError(BaseException):
    """Raised inside a handler whose caller has gone; ``except Exception`` does not stop it."""


class Events(Generic[Event]):
    """Made on the server's event loop; the handler's side is called from any thread."""

    def __init__(self, kind: Type[Event]) -> None:
        self._kind: Type[Event] = kind
        self._loop = asyncio.get_running_loop()
        self._queue: asyncio.Queue[Optional[Event]] = asyncio.Queue()
        self._window = threading.Semaphore(_WINDOW)
        self._lock = threading.Lock()
        self._closed = False
        self._on_close: List[Callable[[], object]] = []
        #: Set where the call itself was wrong: the stream ends with this status, not with an event.
        self.status: Optional[Tuple[grpc.StatusCode, str]] = None

    # --- the handler's side

    def log(self, record: LogRecord) -> None:
        self._put(self._kind(log=record))

    def read(self, read: SecretRead) -> None:
        self._put(self._kind(secret_read=read))

    def output(self, data: bytes) -> None:
        """Waits while the reader is behind. Raises InvocationCancelledError once it has gone."""
        self._window.acquire()
        self._put_output(data)

    async def output_async(self, data: bytes) -> None:
        """The same, leaving the handler's event loop running."""
        if not self._window.acquire(blocking=False):
            await asyncio.get_running_loop().run_in_executor(None, self._window.acquire)
        self._put_output(data)

    def finish(self) -> None:
        """Ends the stream."""
        self._put(None)

    def fail(self, node: str, error: BaseException) -> None:
        """Ends the stream with the handler's failure: its own words if typed, else masked, with the
        exception's class and place in the log."""
        typed = typed_error(error)
        if typed is not None:
            code, message, detail = typed
            failure = NodeError(typed=True, code=code, message=message, detail=detail)
        else:
            show(error)
            InvocationLogger(self.log).error(f"{node} failed", **describe(error))
            failure = NodeError(typed=False, message=MASKED)
        self._put(self._kind(error=failure))
        self.finish()

    def refuse(self, code: grpc.StatusCode, message: str) -> None:
        """Ends the stream with a status."""
        self.status = (code, message)
        self.finish()

    @property
    def closed(self) -> bool:
        return self._closed

    def on_close(self, callback: Callable[[], object]) -> None:
        """Runs ``callback`` when the caller has gone, at once if it has already."""
        with self._lock:
            if not self._closed:
                self._on_close.append(callback)
                return
        callback()

    def off_close(self, callback: Callable[[], object]) -> None:
        """Forgets a callback that has nothing left to do."""
        with self._lock:
            if callback in self._on_close:
                self._on_close.remove(callback)

    # --- the stream's side

    async def stream(self) -> AsyncIterator[Event]:
        """Every event in order, until the handler ends."""
        while True:
            event = await self._queue.get()
            if event is None:
                return
            yield event
            if event.WhichOneof("event") == "output":
                self._window.release()

    def close(self) -> None:
        """The caller has gone, or has everything: whatever the handler still says is dropped."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
            callbacks, self._on_close = self._on_close, []
        self._window.release(_WINDOW)
        for callback in callbacks:
            callback()

    def _put_output(self, data: bytes) -> None:
        if self._closed:
            self._window.release()
            raise InvocationCancelledError
        self._put(self._kind(output=data))

    def _put(self, event: Union[Event, None]) -> None:
        if self._closed:
            return
        try:
            self._loop.call_soon_threadsafe(self._queue.put_nowait, event)
        except RuntimeError:
            # The loop has ended with the host; there is nobody left to tell.
            self._closed = True
