"""Types half of a value at a command's prompt, stops the command with Ctrl-Z, lets it go on as a shell does, and types the rest.

Prints what was seen and whether the terminal echoed meanwhile; ends as the command does.
"""

import os
import pty
import select
import signal
import sys
import termios


def shell():
    """A shell as far as one job needs it: a group of its own in the foreground, stopped and let go on."""
    signal.signal(signal.SIGTTOU, signal.SIG_IGN)
    command = os.fork()
    if command == 0:
        os.setpgid(0, 0)
        os.tcsetpgrp(0, os.getpgrp())
        signal.signal(signal.SIGTTOU, signal.SIG_DFL)
        os.execvp(sys.argv[1], sys.argv[1:])
    _, status = os.waitpid(command, os.WUNTRACED)
    if os.WIFSTOPPED(status):
        os.tcsetpgrp(0, os.getpgrp())
        if termios.tcgetattr(0)[3] & termios.ECHO:
            print("echoes while it is stopped", flush=True)
        os.tcsetpgrp(0, command)
        os.kill(-command, signal.SIGCONT)
        _, status = os.waitpid(command, 0)
    os._exit(os.waitstatus_to_exitcode(status))


pid, terminal = pty.fork()
if pid == 0:
    shell()
seen = b""
steps = [
    (b": ", b"\x1b[200~canary-1\r\x1b[201~"),
    (b"********", b"\x1a"),
    (b"stopped", b""),
    (b"********", b"\x1b[200~canary-2\x1b[201~"),
    (b"[2 lines]", b"\r"),
]
begin = 0
while select.select([terminal], [], [], 60)[0]:
    try:
        chunk = os.read(terminal, 65536)
    except OSError:
        break
    seen += chunk
    while steps and steps[0][0] in seen[begin:]:
        wanted, typed = steps.pop(0)
        begin += seen[begin:].index(wanted) + len(wanted)
        os.write(terminal, typed)
_, status = os.waitpid(pid, 0)
sys.stdout.buffer.write(seen)
sys.exit(os.waitstatus_to_exitcode(status))
