"""The host's one listener: a Unix socket that only its own user may open."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import stat
import sys

import grpc

from gen.axiom_host.failure import mask_loop_errors, mask_uncaught_errors
from gen.axiom_host.handlers import LoadedPackage
from gen.axiom_host.service import NodeService

#: How long running invocations may go on after SIGTERM; below the usual 30 s before SIGKILL.
_DRAIN_SECONDS = 25.0

#: How many calls may be open, and how many of them may wait for the loop to take them up. gRPC's core
#: cancels calls beyond the second, by default from 1,000 on, and refuses calls beyond the first instead of
#: letting them wait; both are more than sidecars let through.
_MAX_CALLS = 16384

#: An input of up to 64 MiB, with the values and names of two scopes.
_MAX_MESSAGE_BYTES = 68 * 1024 * 1024


class SocketInUseError(Exception):
    """The socket cannot be listened on; the text says why."""


async def serve(loaded: LoadedPackage, path: str) -> None:
    """Serves until SIGTERM or SIGINT, then drains. Raises SocketInUseError."""
    mask_uncaught_errors()
    mask_loop_errors(asyncio.get_running_loop())
    _make_room(path)
    options = [
        ("grpc.max_receive_message_length", _MAX_MESSAGE_BYTES),
        # The sidecar bounds what it takes.
        ("grpc.max_send_message_length", -1),
        ("grpc.max_concurrent_streams", _MAX_CALLS),
        ("grpc.server.max_pending_requests", _MAX_CALLS),
        ("grpc.server.max_pending_requests_hard_limit", _MAX_CALLS),
        # By itself gRPC measures the connection with PINGs, which the sidecar answers before it goes on with
        # what it relays.
        ("grpc.http2.bdp_probe", 0),
    ]
    server = grpc.aio.server(options=options)
    server.add_generic_rpc_handlers((NodeService(loaded).rpc_handlers(),))
    mask = os.umask(0o177)
    try:
        server.add_insecure_port(f"unix:{path}")
    except RuntimeError:
        raise SocketInUseError(
            f"cannot listen on {path}: set AXIOM_SOCKET to a short path in a folder that exists"
        ) from None
    finally:
        os.umask(mask)
    await server.start()
    os.chmod(path, 0o600)
    print(f"axiom: serving {loaded.package.name} on {path}", file=sys.stderr, flush=True)
    await _stop_signal()
    await server.stop(_DRAIN_SECONDS)
    _remove(path)


async def _stop_signal() -> None:
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    await stopped.wait()
    # A second signal ends the drain at once.
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.remove_signal_handler(number)
        signal.signal(number, signal.SIG_DFL)


def _make_room(path: str) -> None:
    """Removes a socket that nobody listens on any more; refuses one that is in use, and any other file."""
    try:
        mode = os.stat(path).st_mode
    except FileNotFoundError:
        return
    if not stat.S_ISSOCK(mode):
        raise SocketInUseError(f"{path} is a file that is no socket; set AXIOM_SOCKET to another path")
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(path)
        except OSError:
            _remove(path)
            return
    raise SocketInUseError(f"another node host listens on {path}; set AXIOM_SOCKET to another path")


def _remove(path: str) -> None:
    try:
        os.unlink(path)
    except FileNotFoundError:
        return
