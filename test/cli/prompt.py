"""Runs a command on a pseudo-terminal, types once it asks, and prints what a person would have seen.

PASTED is sent as a terminal sends a paste: between marks where the command has asked for them and MARKS is not 0.
PASTED_TIMES repeats it. COLUMNS_OF_TERMINAL is how wide the terminal is.
LEFT=1 adds what the next program on the terminal would read, and whether the terminal echoes again.
KILLED_BY is a signal's number: the command gets it once it asks, and nothing is typed; LEFT=1 goes with it.
"""

import os
import select
import sys
import termios
import time

import terminal

typed = os.environb.pop(b"TYPED").decode().encode("utf-8")
pasted = os.environb.pop(b"PASTED", b"").replace(b"\n", b"\r") * int(os.environ.pop("PASTED_TIMES", "1"))
columns = int(os.environ.pop("COLUMNS_OF_TERMINAL", "0"))
marks = os.environ.pop("MARKS", "1") != "0"
left = os.environ.pop("LEFT", "") == "1"
killed_by = int(os.environ.pop("KILLED_BY", "0"))
asked = False


def start():
    if not left:
        os.execvp(sys.argv[1], sys.argv[1:])
    pid = os.spawnvp(os.P_NOWAIT, sys.argv[1], sys.argv[1:])
    if killed_by:
        while termios.tcgetattr(0)[3] & termios.ECHO:
            time.sleep(0.05)
        os.kill(pid, killed_by)
    command = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    time.sleep(0.3)
    echoes = termios.tcgetattr(0)[3] & termios.ECHO != 0
    ready, _, _ = select.select([0], [], [], 0)
    print("echo:", echoes, "left:", os.read(0, 65536) if ready else b"")
    sys.stdout.flush()
    os._exit(command if command >= 0 else 128 - command)


def answer(seen):
    global asked
    if asked or killed_by or b": " not in seen:
        return None
    asked = True
    is_marked = pasted and marks and b"\x1b[?2004h" in seen
    return (b"\x1b[200~" + pasted + b"\x1b[201~" if is_marked else pasted) + typed


terminal.run(start, answer, patience=60, columns=columns)
