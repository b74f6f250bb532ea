"""Drawings of pages that a test holds in its hand: each is begun, and ends when told.

They run in the drawing's own process, so what passes between is files, beside the
session's own: `begun` says that a drawing began, and in which process; `released` lets
all of them end.
"""

import os
import tempfile
import time
from pathlib import Path

from coreg.web.server.drawing import Drawn, PageAsked, Reached


def board(session: Path) -> Path:
    """Return the folder in which a session's drawings and its test meet."""
    folder = session.parent.parent / "drawings"
    folder.mkdir(exist_ok=True)
    return folder


def begun(session: Path) -> list[tuple[str, int]]:
    """Return which pages were begun so far, and by which process, in their order."""
    found = [path.name.split(" ") for path in board(session).glob("* begun *")]
    return [(whose, int(pid)) for _, _, whose, pid, *_ in sorted(found)]


def release(session: Path) -> None:
    """Let all drawings end."""
    (board(session) / "released").touch()


def at_once(asked: PageAsked, _reached: Reached) -> Drawn:
    """Draw the number of the process."""
    _begin(asked)
    return Drawn(html=f"<p>{os.getpid()}</p>", style="")


def until_released(asked: PageAsked, _reached: Reached) -> Drawn:
    """Draw as long as the test wants."""
    _begin(asked)
    while not (board(asked.path) / "released").exists():
        time.sleep(0.005)
    return Drawn(html=f"<p>{asked.path.stem} {asked.whose}</p>", style="")


def over_three(asked: PageAsked, reached: Reached) -> Drawn:
    """Be at the second of three evenings as long as the test wants."""
    reached(1, 3)
    reached(2, 3)
    return until_released(asked, reached)


def broken_for_b(asked: PageAsked, reached: Reached) -> Drawn:
    """Meet a bug on B's page, and on no other."""
    if asked.whose == "B":
        raise ZeroDivisionError("planted")
    return at_once(asked, reached)


def deadly_for_b(asked: PageAsked, reached: Reached) -> Drawn:
    """Take the whole process along on B's page, as a crash of a library does."""
    if asked.whose == "B":
        os._exit(3)
    return at_once(asked, reached)


def _begin(asked: PageAsked) -> None:
    number = time.monotonic_ns()
    whose = asked.whose or "page"
    name = f"{number:020} begun {asked.path.stem}/{whose}".replace("/", "-")
    half, path = tempfile.mkstemp(dir=board(asked.path), prefix=".")
    os.close(half)
    Path(path).rename(board(asked.path) / f"{name} {os.getpid()}")
