"""A backup as a file: an archive that says of each part how long it is, and its hash.

Strategy.

1. It is a zip archive with a `manifest.json`, which says of each file how long it is
   and its SHA-256. Any program can open it.
2. It is read again before it takes its place, as whoever restores it reads it: a disk
   that lies shows at once, and not on the day on which somebody needs the backup.
3. Whoever reads one trusts no word of it: no name but those that the reader knows, no
   file larger than it says, none that the manifest hides.
"""

import hashlib
import json
import lzma
import os
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from coreg.base.bounds import BadText, json_of, shown
from coreg.base.whole_file import made_whole
from coreg.errors import StorageUnusable
from coreg.words import say, system_said, wrong_and_do

_MANIFEST, _FORMAT = "manifest.json", 1
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One file in a backup, as the manifest has it."""

    name: str
    bytes: int
    sha256: str


class NotOurs(ValueError):
    """What an archive holds that no backup of ours does; says what, in words."""


def entry_of(name: str, content: bytes) -> Entry:
    """Return what a manifest says of a file."""
    digest = hashlib.sha256(content).hexdigest()
    return Entry(name=name, bytes=len(content), sha256=digest)


def write_archive(
    target: Path,
    contents: Iterator[tuple[str, bytes]],
    told: Callable[[list[Entry]], dict[str, Any]],
    *,
    of: str,
    is_name: Callable[[str], bool],
) -> list[Entry]:
    """Write a backup, whole or not at all; return what is in it.

    `told` says what else stands in the manifest, and may still refuse all of it; `of`
    and `is_name` are what it is read with when it is restored (`entries_of`).

    Raises
    ------
    StorageUnusable
        If it cannot be written, or is not as it was written when it is read again.
    """
    if os.path.lexists(target):
        wrong = wrong_and_do("errors.backup.there-already", path=target)
        raise StorageUnusable(*wrong)
    entries: list[Entry] = []
    try:
        with made_whole(target) as half_made:
            with zipfile.ZipFile(half_made, "w", zipfile.ZIP_DEFLATED) as archive:
                for name, content in contents:
                    archive.writestr(name, content)
                    entries.append(entry_of(name, content))
                files = [asdict(each) for each in entries]
                what = {"of": of} if of else {}
                more = what | told(entries)
                manifest = {"format": _FORMAT, **more, "files": files}
                archive.writestr(_MANIFEST, json.dumps(manifest, indent=1))
            _need_as_written(half_made, entries, target, of, is_name)
    except OSError as error:
        wrong = wrong_and_do(
            "errors.backup.unwritable", path=target, why=system_said(error)
        )
        raise StorageUnusable(*wrong) from error
    return entries


@contextmanager
def opened_archive(backup: Path, folder: Path) -> Iterator[zipfile.ZipFile]:
    """Open a backup that is to be restored into a folder; say what is wrong with it.

    Raises
    ------
    StorageUnusable
        If what is read of it is damaged or no backup, or the folder is not written.
    """
    try:
        with zipfile.ZipFile(backup) as archive:
            yield archive
    except _NO_ARCHIVE as error:
        raise _no_backup(backup, say("errors.why.backup-damaged")) from error
    except NotOurs as error:
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


def entries_of(
    archive: zipfile.ZipFile, of: str, is_name: Callable[[str], bool]
) -> list[Entry]:
    """Return what the manifest says is in it, all of it within bounds.

    Parameters
    ----------
    archive : ZipFile
    of : str
        What it is a backup of: "" for a data folder.
    is_name : callable
        Whether a file may be called so.

    Raises
    ------
    NotOurs
        If it is a backup of something else, or holds what no such backup does.
    """
    if len(archive.namelist()) > _MOST_FILES:
        raise NotOurs(say("errors.why.backup-many"))
    told = json_of(
        _bytes(archive, _MANIFEST, _LARGEST_MANIFEST_BYTES).decode(),
        _LARGEST_MANIFEST_BYTES,
    )
    if told["format"] != _FORMAT:
        found = shown(told["format"])
        raise NotOurs(say("errors.why.backup-newer", found=found))
    if told.get("of", "") != of:
        raise NotOurs(say(f"errors.why.backup-not-of-{of or 'folder'}"))
    entries = [
        Entry(
            name=str(each["name"]), bytes=int(each["bytes"]), sha256=str(each["sha256"])
        )
        for each in told["files"]
    ]
    names = [each.name for each in entries]
    if not all(map(is_name, names)):
        raise NotOurs(say("errors.why.backup-foreign"))
    if len(set(names)) != len(names) or sorted([*names, _MANIFEST]) != sorted(
        archive.namelist()
    ):
        raise NotOurs(say("errors.why.backup-untrue"))
    return entries


def content_of(archive: zipfile.ZipFile, entry: Entry) -> bytes:
    """Return a file of a backup, as it was written.

    Raises
    ------
    NotOurs
        If it is not as the manifest has it.
    """
    if not 0 <= entry.bytes <= _LARGEST_BYTES:
        raise NotOurs(say("errors.why.backup-large"))
    content = _bytes(archive, entry.name, entry.bytes)
    if entry_of(entry.name, content) != entry:
        raise NotOurs(say("errors.why.backup-part", name=entry.name))
    return content


def _need_as_written(
    half_made: Path,
    entries: list[Entry],
    target: Path,
    of: str,
    is_name: Callable[[str], bool],
) -> None:
    """Raise where what was written is not what whoever restores it reads."""
    try:
        with zipfile.ZipFile(half_made) as archive:
            read = entries_of(archive, of, is_name)
            for entry in entries:
                content_of(archive, entry)
    except (*_NO_ARCHIVE, NotOurs, LookupError, ValueError, TypeError) as error:
        raise _not_as_written(target) from error
    if read != entries:
        raise _not_as_written(target)


def _bytes(archive: zipfile.ZipFile, name: str, most: int) -> bytes:
    """Return a file of an archive; one that swells beyond its bounds is stopped."""
    with archive.open(name) as file:
        content = file.read(most + 1)
    if len(content) > most:
        raise NotOurs(say("errors.why.backup-swells"))
    return content


def _not_as_written(target: Path) -> StorageUnusable:
    return StorageUnusable(*wrong_and_do("errors.backup.not-as-written", path=target))


def _no_backup(backup: Path, why: str) -> StorageUnusable:
    return StorageUnusable(
        *wrong_and_do("errors.backup.no-backup", path=backup, why=why)
    )
