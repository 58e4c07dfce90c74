"""Runs a command on a pseudo-terminal and types the next line of TYPED at each prompt that ends as PROMPT does."""

import os
import pty
import re
import select
import sys

lines = os.environ.pop("TYPED").encode().split(b"\n")
prompt = re.compile(os.environ.pop("PROMPT").encode())
pid, terminal = pty.fork()
if pid == 0:
    os.execvp(sys.argv[1], sys.argv[1:])
seen = b""
answered = 0
while True:
    ready, _, _ = select.select([terminal], [], [], 240)
    if not ready:
        break
    try:
        chunk = os.read(terminal, 65536)
    except OSError:  # the command has ended (EIO)
        break
    if not chunk:
        break
    seen += chunk
    # A prompt is drawn anew while it is typed into: it is the next one when it names something else.
    asked = len(dict.fromkeys(prompt.findall(seen)))
    if asked > answered and lines:
        answered = asked
        os.write(terminal, lines.pop(0) + b"\r")
_, status = os.waitpid(pid, 0)
sys.stdout.buffer.write(seen)
sys.exit(os.waitstatus_to_exitcode(status))
