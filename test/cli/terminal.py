"""A program on a pseudo-terminal, as a person sees and answers it."""

import os
import pty
import select
import sys


def run(start, answer, patience):
    """Runs `start`, which becomes the program, and ends as that does, having printed all that was seen.

    `answer` is asked after each piece for what to type next, given all that was seen so far; None types nothing.
    Silence of `patience` seconds ends it.
    """
    pid, terminal = pty.fork()
    if pid == 0:
        start()
    seen = b""
    while True:
        ready, _, _ = select.select([terminal], [], [], patience)
        if not ready:
            break
        try:
            chunk = os.read(terminal, 65536)
        except OSError:  # the program has ended (EIO)
            break
        if not chunk:
            break
        seen += chunk
        typed = answer(seen)
        if typed is not None:
            os.write(terminal, typed)
    _, status = os.waitpid(pid, 0)
    sys.stdout.buffer.write(seen)
    sys.exit(os.waitstatus_to_exitcode(status))
