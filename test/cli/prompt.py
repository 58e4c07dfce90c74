"""Runs a command on a pseudo-terminal, types a line once it asks, and prints what a person would have seen."""

import os
import pty
import select
import sys

typed = os.environb.pop(b"TYPED").decode().encode("utf-8")
pid, terminal = pty.fork()
if pid == 0:
    os.execvp(sys.argv[1], sys.argv[1:])
seen = b""
asked = False
while True:
    ready, _, _ = select.select([terminal], [], [], 60)
    if not ready:
        break
    try:
        chunk = os.read(terminal, 65536)
    except OSError:  # the command has ended (EIO)
        break
    if not chunk:
        break
    seen += chunk
    if not asked and b": " in seen:
        asked = True
        os.write(terminal, typed)
_, status = os.waitpid(pid, 0)
sys.stdout.buffer.write(seen)
sys.exit(os.waitstatus_to_exitcode(status))
