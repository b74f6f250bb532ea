"""A backup: all that a data folder holds, in one file, and back again.

Strategy.

1. It is a zip archive: what lies in the folder, and `manifest.json`, which says of each
   file how long it is and its SHA-256. Any program can open it; `restore` checks it.
2. What is locked in the folder is locked in it: the library and the sessions go in as
   they lie there, with `keys.json`, and the same passphrase or recovery key opens them.
3. It may be made while a session is recorded: of that one, what is on the disk then.
4. A backup that is damaged is refused before anything of it is written. Restoring
   writes whole files into a folder that holds nothing else of ours; where it was
   stopped half way it is done again.
"""

import hashlib
import json
import lzma
import os
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from coreg.base.bounds import BadText, json_of, shown
from coreg.base.kept_twice import KeptTwice, NotAsWritten
from coreg.base.toml_shelf import LARGEST_BYTES
from coreg.base.whole_file import made_whole, write_whole
from coreg.errors import CoregError, StorageUnusable
from coreg.store.calibrations import STRAP_PAIRS_NAME
from coreg.store.database import database_bytes, is_database
from coreg.store.folder import made_practices_folder, practices_folder
from coreg.store.keys import KEYS_NAME
from coreg.store.library import list_session_files
from coreg.store.library_file import LIBRARY_NAME
from coreg.store.reader import snapshot
from coreg.words import say, system_said, wrong_and_do

SUFFIX = ".coreg-backup"
_MANIFEST, _FORMAT = "manifest.json", 1
_WHOLE_NAMES = {LIBRARY_NAME: "library", KEYS_NAME: "keys"}
_NAME = re.compile(
    r"sessions/[\w-][\w .-]{0,199}\.coreg|practices/[a-z0-9][a-z0-9-]{0,59}\.toml"
)
_NO_ARCHIVE = (  # all that damage makes of one
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    MemoryError,
    OverflowError,
    RuntimeError,  # a password is asked for, or a way of packing is not known
)
_MOST_FILES = 200_000
_LARGEST_BYTES = 512 * 1024 * 1024
_LARGEST_MANIFEST_BYTES = 64 * 1024 * 1024

Tell = Callable[[int, int], None]
"""Hears how many files are done, and of how many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BackedUp:
    """What a backup holds; `left` says of each session that it could not take, why."""

    path: Path
    sessions: int
    is_locked: bool
    left: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    name: str
    bytes: int
    sha256: str


class _NotOurs(ValueError):
    """What an archive holds that no backup of ours does; says what, in words."""


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
    if target.exists():
        wrong = wrong_and_do("errors.backup.there-already", path=target)
        raise StorageUnusable(*wrong)
    left: dict[str, str] = {}
    entries: list[_Entry] = []
    try:
        with (
            made_whole(target) as half_made,
            zipfile.ZipFile(half_made, "w", zipfile.ZIP_DEFLATED) as archive,
        ):
            for name, content in _contents(folder, left, tell):
                archive.writestr(name, content)
                entries.append(_entry(name, content))
            _need_same_keys(folder, entries)
            told = {"format": _FORMAT, "made_utc": utc, "coreg": version}
            told |= {"left": left, "files": [asdict(each) for each in entries]}
            archive.writestr(_MANIFEST, json.dumps(told, indent=1))
    except OSError as error:
        wrong = wrong_and_do(
            "errors.backup.unwritable", path=target, why=system_said(error)
        )
        raise StorageUnusable(*wrong) from error
    names = {each.name for each in entries}
    return BackedUp(
        path=target,
        sessions=sum(name.startswith("sessions/") for name in names),
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
    try:
        with zipfile.ZipFile(backup) as archive:
            entries = _entries(archive)
            _need_room(folder, entries)
            for entry in entries:
                _read(archive, entry)  # all of it is whole before any of it is written
            for done, entry in enumerate(entries):
                tell(done, len(entries))
                _put(folder, entry.name, _read(archive, entry))
            tell(len(entries), len(entries))
    except _NO_ARCHIVE as error:
        raise _no_backup(backup, say("errors.why.backup-damaged")) from error
    except _NotOurs as error:
        raise _no_backup(backup, str(error)) from error
    except (BadText, ValueError, TypeError, LookupError) as error:
        raise _no_backup(backup, say("errors.why.damaged")) from error
    except OSError as error:
        told = wrong_and_do(
            "errors.backup.not-restored",
            path=backup,
            folder=folder,
            why=system_said(error),
        )
        raise StorageUnusable(*told) from error
    return sum(each.name.startswith("sessions/") for each in entries)


def _contents(
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
        try:
            yield f"sessions/{path.name}", snapshot(path)
        except CoregError as error:
            left[path.stem] = error.wrong
    tell(len(sessions), len(sessions))


def _need_same_keys(folder: Path, entries: list[_Entry]) -> None:
    """Raise where the folder was locked, or laid open, while it was backed up."""
    before = next((each for each in entries if each.name == KEYS_NAME), None)
    now = _whole(folder, KEYS_NAME)
    if before != (None if now is None else _entry(KEYS_NAME, now)):
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


def _entry(name: str, content: bytes) -> _Entry:
    digest = hashlib.sha256(content).hexdigest()
    return _Entry(name=name, bytes=len(content), sha256=digest)


def _entries(archive: zipfile.ZipFile) -> list[_Entry]:
    """Return what the manifest says is in it, all of it within bounds."""
    if len(archive.namelist()) > _MOST_FILES:
        raise _NotOurs(say("errors.why.backup-many"))
    told = json_of(
        _bytes(archive, _MANIFEST, _LARGEST_MANIFEST_BYTES).decode(),
        _LARGEST_MANIFEST_BYTES,
    )
    if told["format"] != _FORMAT:
        found = shown(told["format"])
        raise _NotOurs(say("errors.why.backup-newer", found=found))
    entries = [
        _Entry(
            name=str(each["name"]), bytes=int(each["bytes"]), sha256=str(each["sha256"])
        )
        for each in told["files"]
    ]
    names = [each.name for each in entries]
    known = {*_WHOLE_NAMES, STRAP_PAIRS_NAME}
    for name in names:
        if name not in known and not _NAME.fullmatch(name):
            raise _NotOurs(say("errors.why.backup-foreign"))
    if len(set(names)) != len(names) or sorted([*names, _MANIFEST]) != sorted(
        archive.namelist()
    ):
        raise _NotOurs(say("errors.why.backup-untrue"))
    return entries


def _bytes(archive: zipfile.ZipFile, name: str, most: int) -> bytes:
    """Return a file of an archive; one that swells beyond its bounds is stopped."""
    with archive.open(name) as file:
        content = file.read(most + 1)
    if len(content) > most:
        raise _NotOurs(say("errors.why.backup-swells"))
    return content


def _read(archive: zipfile.ZipFile, entry: _Entry) -> bytes:
    if not 0 <= entry.bytes <= _LARGEST_BYTES:
        raise _NotOurs(say("errors.why.backup-large"))
    content = _bytes(archive, entry.name, entry.bytes)
    if _entry(entry.name, content) != entry:
        raise _NotOurs(say("errors.why.backup-part", name=entry.name))
    return content


def _need_room(folder: Path, entries: list[_Entry]) -> None:
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
        if entry is None or _entry(entry.name, content) != entry:
            told = wrong_and_do("errors.backup.not-empty", folder=folder, name=name)
            raise StorageUnusable(*told)


def _ours(folder: Path) -> Iterator[Path]:
    """Yield what of ours lies in a data folder."""
    for name, what in _WHOLE_NAMES.items():
        kept = KeptTwice(folder / name, what)
        yield from (each for each in (kept.path, kept.copy_path) if _is_there(each))
    yield from filter(_is_there, [folder / STRAP_PAIRS_NAME])
    yield from _practices(folder)
    yield from list_session_files(folder)


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


def _put(folder: Path, name: str, content: bytes) -> None:
    path = folder / name
    if path.parent == practices_folder(folder):
        made_practices_folder(folder)
    write_whole(path, content)
    if name in _WHOLE_NAMES and not is_database(path):
        write_whole(KeptTwice(path, _WHOLE_NAMES[name]).copy_path, content)


def _no_backup(backup: Path, why: str) -> StorageUnusable:
    return StorageUnusable(
        *wrong_and_do("errors.backup.no-backup", path=backup, why=why)
    )


def backup_name(utc: str) -> str:
    """Return what a backup of this moment is called.

    Examples
    --------
    >>> backup_name("2026-03-01T21:05:10+00:00")
    'coreg-20260301-210510.coreg-backup'
    """
    digits = re.sub(r"[^0-9T]", "", utc)[:15].replace("T", "-")
    return f"coreg-{digits}{SUFFIX}"
