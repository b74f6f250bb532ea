"""Which session was recorded after which: a number that each is given as it begins.

A session's name says when it began by the computer's clock, and that clock may be set
back between two evenings. So each file gets a number when it is made, one more than any
beside it. Files from before there were numbers have none: they come first, by name.
"""

from collections.abc import Iterable
from pathlib import Path

from coreg.errors import SessionDamaged, SessionNotFound, StorageUnusable
from coreg.store.reader import read_meta

SUFFIX = ".coreg"
_LONGEST_NUMBER = 9


def session_files(sessions: Path) -> Iterable[Path]:
    """Yield what lies in a folder under the name of a session, in no order.

    Also a folder or a broken link of that name: what is there is never kept quiet.
    """
    return sessions.glob(f"[!.]*{SUFFIX}")


def next_number(sessions: Path) -> int:
    """Return the number of a session that begins now in this folder."""
    return 1 + max(map(number_of, session_files(sessions)), default=0)


def in_order(files: Iterable[Path]) -> list[Path]:
    """Return session files as they were recorded, the last one last."""
    return sorted(files, key=order_of)


def order_of(path: Path) -> tuple[int, str]:
    """Return the place of a session file among others."""
    return number_of(path), path.stem


def number_of(path: Path) -> int:
    """Return a session's number; 0 where it has none, or none that can be read."""
    try:
        number = read_meta(path).get("number", "")
    except (SessionDamaged, SessionNotFound, StorageUnusable):
        return 0
    return int(number) if number.isdecimal() and len(number) <= _LONGEST_NUMBER else 0
