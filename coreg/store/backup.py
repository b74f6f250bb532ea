"""A backup: all that a data folder holds, in one file, and back again.

Strategy.

1. It is an archive whose parts are checked (`store.archive`): what lies in the folder.
2. What is locked in the folder is locked in it: the library and the sessions go in as
   they lie there, with `keys.json`, and the same passphrase or recovery key opens them.
3. It may be made while a session is recorded: of that one, what is on the disk then.
4. A backup that is damaged is refused before anything of it is written. Restoring
   writes whole files into a folder that holds nothing else of ours; where it was
   stopped half way it is done again.
"""

import os
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from coreg.base.kept_twice import KeptTwice, NotAsWritten
from coreg.base.toml_shelf import LARGEST_BYTES
from coreg.base.whole_file import write_whole
from coreg.errors import CoregError, StorageUnusable
from coreg.facts.events import Partner
from coreg.store.archive import (
    Entry,
    content_of,
    entries_of,
    entry_of,
    opened_archive,
    write_archive,
)
from coreg.store.calibrations import STRAP_PAIRS_NAME
from coreg.store.database import database_bytes, is_database
from coreg.store.folder import made_practices_folder, practices_folder
from coreg.store.keys import KEYS_NAME
from coreg.store.library import list_session_files
from coreg.store.library_file import LIBRARY_NAME
from coreg.store.reader import snapshot
from coreg.store.recorded_order import SUFFIX as SESSION
from coreg.store.session_corrections import session_corrections_path
from coreg.words import say, wrong_and_do

SUFFIX = ".coreg-backup"
_WHOLE_NAMES = {LIBRARY_NAME: "library", KEYS_NAME: "keys"}
_NAME = re.compile(
    r"sessions/[\w-][\w .-]{0,199}\.(coreg|[AB]\.corrections\.toml)"
    r"|practices/[a-z0-9][a-z0-9-]{0,59}\.toml"
)

Tell = Callable[[int, int], None]
"""Hears how many files are done, and of how many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BackedUp:
    """What a backup holds; `left` says of each session that it could not take, why."""

    path: Path
    sessions: int
    is_locked: bool
    left: dict[str, str]


def _nobody(_done: int, _all: int) -> None:
    """Tell nobody."""


def back_up(
    folder: Path, target: Path, *, utc: str, version: str, tell: Tell = _nobody
) -> BackedUp:
    """Write all that a data folder holds into one file, whole or not at all.

    Raises
    ------
    StorageUnusable
        If something of it cannot be read, or the backup cannot be written.
    """
    left: dict[str, str] = {}

    def told(entries: list[Entry]) -> dict[str, Any]:
        need_same_keys(folder, {each.name: each for each in entries}.get(KEYS_NAME))
        return {"made_utc": utc, "coreg": version, "left": left}

    entries = write_archive(
        target, contents(folder, left, tell), told, of="", is_name=is_name
    )
    names = {each.name for each in entries}
    return BackedUp(
        path=target,
        sessions=_sessions(names),
        is_locked=KEYS_NAME in names,
        left=left,
    )


def restore(backup: Path, folder: Path, *, tell: Tell = _nobody) -> int:
    """Bring back what a backup holds into a data folder; return how many sessions.

    Only who alone writes to this data folder can ask for it.

    Raises
    ------
    StorageUnusable
        If the backup is damaged or no backup, if the folder holds something else, or
        cannot be written. Nothing is written unless all of the backup is whole.
    """
    with opened_archive(backup, folder) as archive:
        entries = entries_of(archive, "", is_name)
        _need_room(folder, entries)
        for entry in entries:
            content_of(archive, entry)  # all is whole before any of it is written
        for done, entry in enumerate(entries):
            tell(done, len(entries))
            put(folder, entry.name, content_of(archive, entry))
        tell(len(entries), len(entries))
    return _sessions(each.name for each in entries)


def _sessions(names: Iterable[str]) -> int:
    return sum(n.startswith("sessions/") and n.endswith(SESSION) for n in names)


def is_name(name: str) -> bool:
    """Whether a file in a backup of a data folder may be called so."""
    is_known = name in {*_WHOLE_NAMES, STRAP_PAIRS_NAME}
    return is_known or _NAME.fullmatch(name) is not None


def contents(
    folder: Path, left: dict[str, str], tell: Tell
) -> Iterator[tuple[str, bytes]]:
    """Yield what goes into a backup: keys first, or nothing could be opened."""
    for name in (KEYS_NAME, LIBRARY_NAME):
        if (content := _whole(folder, name)) is not None:
            yield name, content
    pairs = folder / STRAP_PAIRS_NAME
    if pairs.is_file():
        yield STRAP_PAIRS_NAME, pairs.read_bytes()
    for path in _practices(folder):
        yield path.relative_to(folder).as_posix(), path.read_bytes()
    sessions = list_session_files(folder)
    for done, path in enumerate(sessions):
        tell(done, len(sessions))
        name = f"sessions/{path.name}"
        if not is_name(name):  # with it, nothing of the backup would come back
            named = path.stem.encode(errors="replace").decode()  # may be no text at all
            left[named] = say("errors.why.name-not-taken")
            continue
        try:
            yield name, snapshot(path)
        except CoregError as error:
            left[path.stem] = error.wrong
        for corrections in _corrections(path):
            yield f"sessions/{corrections.name}", corrections.read_bytes()
    tell(len(sessions), len(sessions))


def need_same_keys(folder: Path, before: Entry | None) -> None:
    """Raise where a folder was locked, or laid open, while it was backed up."""
    now = _whole(folder, KEYS_NAME)
    if before != (None if now is None else entry_of(KEYS_NAME, now)):
        raise StorageUnusable(*wrong_and_do("errors.backup.lock-changed"))


def _whole(folder: Path, name: str) -> bytes | None:
    """Return a file that is kept twice, from its copy where it must be."""
    path = folder / name
    if name == LIBRARY_NAME and is_database(path):  # of an older coreg
        return database_bytes(path)
    kept = KeptTwice(path, _WHOLE_NAMES[name])
    if not kept.is_there():
        return None
    try:
        return kept.whole()
    except NotAsWritten as error:
        told = wrong_and_do("errors.backup.unreadable", path=path, why=str(error))
        raise StorageUnusable(*told) from error


def _need_room(folder: Path, entries: list[Entry]) -> None:
    """Raise where something else of ours is there; the same may be."""
    wanted = {each.name: each for each in entries}
    for name, what in _WHOLE_NAMES.items():
        if name in wanted:
            copy = KeptTwice(folder / name, what).copy_path.name
            wanted[copy] = wanted[name]
    for path in _ours(folder):
        name = path.relative_to(folder).as_posix()
        try:
            content = path.read_bytes()
        except OSError:
            content = b""
        entry = wanted.get(name)
        if entry is None or entry_of(entry.name, content) != entry:
            told = wrong_and_do("errors.backup.not-empty", folder=folder, name=name)
            raise StorageUnusable(*told)


def _ours(folder: Path) -> Iterator[Path]:
    """Yield what of ours lies in a data folder."""
    for name, what in _WHOLE_NAMES.items():
        kept = KeptTwice(folder / name, what)
        yield from (each for each in (kept.path, kept.copy_path) if _is_there(each))
    yield from filter(_is_there, [folder / STRAP_PAIRS_NAME])
    yield from _practices(folder)
    for session in list_session_files(folder):
        yield session
        yield from _corrections(session)


def _corrections(session: Path) -> list[Path]:
    """Return what was corrected by hand of a session's two hearts."""
    each = (session_corrections_path(session, partner) for partner in Partner)
    return [path for path in each if path.is_file()]


def _practices(folder: Path) -> list[Path]:
    """Return the practices of one's own: what is no plan by its name is left alone."""
    try:
        files = sorted(practices_folder(folder).iterdir())
    except OSError:
        return []
    return [
        each
        for each in files
        if _NAME.fullmatch(each.relative_to(folder).as_posix())
        and each.is_file()
        and each.stat().st_size <= LARGEST_BYTES
    ]


def _is_there(path: Path) -> bool:
    return os.path.lexists(path)


def put(folder: Path, name: str, content: bytes) -> None:
    """Write a file of a backup to its place, as it was, and twice where it was so."""
    path = folder / name
    if path.parent == practices_folder(folder):
        made_practices_folder(folder)
    write_whole(path, content)
    if name in _WHOLE_NAMES and not is_database(path):
        write_whole(KeptTwice(path, _WHOLE_NAMES[name]).copy_path, content)


def backup_name(utc: str) -> str:
    """Return what a backup of this moment is called.

    Examples
    --------
    >>> backup_name("2026-03-01T21:05:10+00:00")
    'coreg-20260301-210510.coreg-backup'
    """
    digits = re.sub(r"[^0-9T]", "", utc)[:15].replace("T", "-")
    return f"coreg-{digits}{SUFFIX}"
