"""Types a line and a tab into a real interactive zsh that has sourced the completion script; prints what it shows."""

import os
import pty
import select
import sys
import time

READY = b"ready-to-type"
pid, terminal = pty.fork()
if pid == 0:
    os.environ["PS1"] = READY.decode() + " "
    os.execvp("zsh", ["zsh", "-f", "-i"])


def read_until(found, seconds):
    seen = b""
    end = time.time() + seconds
    while time.time() < end and not found(seen):
        if select.select([terminal], [], [], 0.2)[0]:
            try:
                seen += os.read(terminal, 65536)
            except OSError:
                break
    return seen


read_until(lambda seen: READY in seen, 20)
os.write(terminal, b"source <(axiom completion zsh); print -r -- sour''ced\n")
# After the prompt the shell may still write how pasted text is to come.
read_until(lambda seen: READY in seen.partition(b"sourced")[2], 30)
typed, wanted = sys.argv[1].encode(), sys.argv[2].encode()
os.write(terminal, typed + b"\t")
# What zsh does not write again, because it stands there, is shown too.
sys.stdout.buffer.write(read_until(lambda seen: wanted in typed + seen, 30))
os.write(terminal, b"\x15exit\n")
os.close(terminal)
os.waitpid(pid, 0)
