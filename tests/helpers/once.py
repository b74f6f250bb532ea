"""What many tests read and none changes, made once in a run, whichever process asks.

Tests of one module run in several processes, and each would live the same evening
again. So the first to ask makes it, and lays it where the others find it; each reads a
copy of its own. By itself a process keeps what it made.
"""

import functools
import hashlib
import pickle
import time
from collections.abc import Callable
from pathlib import Path
from typing import ParamSpec, TypeVar, cast

from coreg.base import locks

_With = ParamSpec("_With")
_Made = TypeVar("_Made")

_between: list[Path] = []  # the folder of the run that its processes share


def share_in(folder: Path) -> None:
    """Share through this folder, which is this run's own."""
    _between[:] = [folder]


def once_a_run(make: Callable[_With, _Made]) -> Callable[_With, _Made]:
    """Make something once in a run of the tests; `make` must be a module's function."""

    @functools.cache
    def made(*given: _With.args, **named: _With.kwargs) -> _Made:
        if not _between:
            return make(*given, **named)
        said = repr((make.__module__, make.__qualname__, given, sorted(named.items())))
        kept = _between[0] / hashlib.sha256(said.encode()).hexdigest()
        lock = _taken(kept.with_suffix(".lock"))
        try:
            if not kept.exists():
                kept.write_bytes(pickle.dumps(make(*given, **named)))
        finally:
            lock.release()
        again: _Made = pickle.loads(kept.read_bytes())  # noqa: S301 - our own, of now
        return again

    return cast("Callable[_With, _Made]", functools.wraps(make)(made))


def folder_once_a_run(
    name: str, make: Callable[[Path], None], other: Callable[[str], Path]
) -> Path:
    """Return a folder that `make` filled once in a run; `other` makes one's own."""
    if not _between:
        own = other(name)
        make(own)
        return own
    folder = _between[0] / name
    lock = _taken(folder.with_suffix(".lock"))
    try:
        if not folder.exists():
            half_made = folder.with_suffix(".new")
            half_made.mkdir()
            make(half_made)
            half_made.rename(folder)
    finally:
        lock.release()
    return folder


def _taken(path: Path) -> locks.Lock:
    """Wait for whoever makes it; the system lets go for one that was killed over it."""
    path.parent.mkdir(exist_ok=True)
    while (lock := locks.take(path)) is None:
        time.sleep(0.02)
    return lock
