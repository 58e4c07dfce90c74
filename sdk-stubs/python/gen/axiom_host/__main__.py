"""``python -m gen.axiom_host``: serves the package's nodes on the Unix socket AXIOM_SOCKET."""

import asyncio
import os
import sys

from gen.axiom_host.server import SocketInUseError, serve

#: protoc's modules import each other without `gen.`, and so do handlers written beside them.
_GEN = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def main() -> int:
    from gen.axiom_host.handlers import HandlerError, load
    from gen.axiom_nodes import PACKAGE

    sys.path.append(_GEN)
    try:
        package = load(PACKAGE)
        asyncio.run(serve(package, os.environ.get("AXIOM_SOCKET") or "/tmp/axiom.sock"))  # noqa: S108
    except (HandlerError, SocketInUseError) as error:
        print(f"axiom: {error}", file=sys.stderr)
        return 1
    return 0


# A handler's own thread that never ends must not keep the drained host alive.
code = main()
sys.stdout.flush()
sys.stderr.flush()
os._exit(code)
