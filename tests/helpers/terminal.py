"""A terminal at which somebody types what they are asked for."""

import os
import pty
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def at_a_terminal(command: list[str], *typed: str) -> tuple[int, str]:
    """Run coreg where somebody can type, and type one after another of these.

    Each is typed when a question stands at the end of what was said.
    """
    ours, theirs = pty.openpty()
    waiting = list(typed)
    with subprocess.Popen(
        [sys.executable, "-m", "coreg", *command],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        cwd=ROOT,
        start_new_session=True,
    ) as program:
        os.close(theirs)
        said = b""
        while True:
            try:
                some = os.read(ours, 4096)
            except OSError:  # the other end is gone
                break
            said += some
            if said.endswith(b": ") and waiting:
                os.write(ours, waiting.pop(0).encode() + b"\n")
        os.close(ours)
    return program.returncode, said.decode()
