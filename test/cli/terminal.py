"""A program on a pseudo-terminal, as a person sees and answers it."""

import fcntl
import os
import pty
import select
import struct
import sys
import termios


def run(start, answer, patience, columns=0):
    """Runs `start`, which becomes the program, and ends as that does, having printed all that was seen.

    `answer` is asked after each piece for what to type next, given all that was seen so far; None types nothing.
    Silence of `patience` seconds ends it.
    """
    pid, terminal = pty.fork()
    if pid == 0:
        if columns:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        start()
    seen = b""
    rest = b""
    while True:
        ready, writable, _ = select.select([terminal], [terminal] if rest else [], [], patience)
        if not ready and not writable:
            break
        if writable:
            rest = rest[os.write(terminal, rest[:1024]) :]
        if not ready:
            continue
        try:
            chunk = os.read(terminal, 65536)
        except OSError:  # the program has ended (EIO)
            break
        if not chunk:
            break
        seen += chunk
        typed = answer(seen)
        if typed is not None:
            rest += typed
    _, status = os.waitpid(pid, 0)
    sys.stdout.buffer.write(seen)
    sys.exit(os.waitstatus_to_exitcode(status))
