"""A backup of a clinic: the book and every couple's folder, in one file, and back.

Strategy.

1. Everything goes in as it lies there, sealed: the passphrase or the recovery key that
   opens the clinic opens what was restored. A couple's folder that has lost its lock
   stays out, and is named: a backup of a clinic holds nothing in clear.
2. The book says whose folders go in. Where a couple went or came while they were
   copied, or keys were changed, there is no backup: one would hold what was just
   erased, or lack what opens it.
3. What is restored is built beside the clinic's place and moved there in one step, once
   all of it is on the disk. A coreg that is killed over it leaves no clinic by halves,
   and never touches one that is there.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from coreg.base import locks
from coreg.base.kept_twice import KeptTwice, NotAsWritten
from coreg.base.whole_file import sync_folder, write_whole
from coreg.errors import StorageUnusable
from coreg.store import backup, keys
from coreg.store.archive import (
    Entry,
    content_of,
    entries_of,
    entry_of,
    opened_archive,
    write_archive,
)
from coreg.store.calibrations import STRAP_PAIRS_NAME
from coreg.store.clinic.book import BOOK_NAME, WHAT, Book
from coreg.store.clinic.places import couple_folder, couples_folder, is_id
from coreg.store.erasing import PHONES_CERTIFICATE_NAME
from coreg.store.folder import data_folder, is_in_use
from coreg.words import say, system_said, wrong_and_do

_OF: Final = "clinic"
_KEPT = {keys.KEYS_NAME: "keys", BOOK_NAME: WHAT}
_COUPLES = "couples"
_SUFFIX: Final = ".restoring"
# What a coreg leaves in a clinic's place before anybody chose a passphrase there.
_NOTHING_KEPT = frozenset(
    {
        *("library.lock", "sessions", "couples", "open-coreg.html", "page-secret"),
        *(STRAP_PAIRS_NAME, PHONES_CERTIFICATE_NAME),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClinicBackedUp:
    """What a backup of a clinic holds; `left` says what it could not take, and why."""

    path: Path
    couples: int
    left: dict[str, str]


def _nobody(_done: int, _all: int) -> None:
    """Tell nobody."""


def back_up_clinic(
    book: Book, target: Path, *, utc: str, version: str, tell: backup.Tell = _nobody
) -> ClinicBackedUp:
    """Write a clinic that lies open into one file, whole or not at all.

    Raises
    ------
    StorageLocked
        If nobody gave the passphrase.
    StorageUnusable
        If something of it cannot be read, or changed meanwhile, or the backup cannot
        be written.
    """
    left: dict[str, str] = {}
    ids = [each.id_ for each in book.couples()]
    taken = [each for each in ids if book.is_locked(each)]
    for couple_id in set(ids) - set(taken):
        left[couple_id] = say("errors.why.no-lock-any-more")

    def told(entries: list[Entry]) -> dict[str, Any]:
        _need_the_same(book, ids, taken, {each.name: each for each in entries})
        return {"made_utc": utc, "coreg": version, "left": left}

    contents = _contents(book, taken, left, tell)
    write_archive(target, contents, told, of=_OF, is_name=_is_name)
    return ClinicBackedUp(path=target, couples=len(taken), left=left)


def restore_clinic(
    archive_path: Path, clinic: Path, *, tell: backup.Tell = _nobody
) -> int:
    """Bring a clinic back to where there is none; return how many couples it has.

    Raises
    ------
    StorageUnusable
        If the backup is damaged, or none of a clinic; if there is a clinic already, or
        it cannot be written. There is a whole clinic afterwards, or none.
    """
    _need_no_clinic(clinic)
    data_folder(clinic.parent)
    with (
        _alone(clinic),
        opened_archive(archive_path, clinic) as archive,
    ):
        entries = entries_of(archive, _OF, _is_name)
        for entry in entries:
            content_of(archive, entry)  # all is whole before any of it is written
        half_made = _emptied(clinic)
        for done, entry in enumerate(entries):
            tell(done, len(entries))
            _put(half_made, entry.name, content_of(archive, entry))
        _move(half_made, clinic)
        tell(len(entries), len(entries))
    return len({each.name.split("/")[1] for each in entries if "/" in each.name})


def clinic_backup_name(utc: str) -> str:
    """Return what a backup of a clinic of this moment is called.

    Examples
    --------
    >>> clinic_backup_name("2026-03-01T21:05:10+00:00")
    'coreg-clinic-20260301-210510.coreg-backup'
    """
    return backup.backup_name(utc).replace("coreg-", "coreg-clinic-", 1)


# --- into the archive ---------------------------------------------------------------


def _contents(
    book: Book, ids: list[str], left: dict[str, str], tell: backup.Tell
) -> Iterator[tuple[str, bytes]]:
    """Yield what goes in: the keys and the book first, or nothing could be opened."""
    for name in _KEPT:
        yield name, _whole(book.clinic, name)
    for done, couple_id in enumerate(ids):
        tell(done, len(ids))
        folder = couple_folder(book.clinic, couple_id)
        of_couple: dict[str, str] = {}
        for name, content in backup.contents(folder, of_couple, _nobody):
            yield f"{_COUPLES}/{couple_id}/{name}", content
        left |= {f"{couple_id}/{name}": why for name, why in of_couple.items()}
    tell(len(ids), len(ids))


def _need_the_same(
    book: Book, ids: list[str], taken: list[str], entries: dict[str, Entry]
) -> None:
    """Raise where a couple came or went, or a lock changed, while all was copied."""
    if {each.id_ for each in book.couples()} != set(ids):
        raise StorageUnusable(*wrong_and_do("errors.clinic.changed-meanwhile"))
    now = entry_of(keys.KEYS_NAME, _whole(book.clinic, keys.KEYS_NAME))
    if entries[keys.KEYS_NAME] != now:
        raise StorageUnusable(*wrong_and_do("errors.backup.lock-changed"))
    for couple_id in taken:
        entry = entries.get(f"{_COUPLES}/{couple_id}/{keys.KEYS_NAME}")
        before = None if entry is None else _of_folder(entry)
        if before is None:
            raise StorageUnusable(*wrong_and_do("errors.backup.lock-changed"))
        backup.need_same_keys(couple_folder(book.clinic, couple_id), before)


def _of_folder(entry: Entry) -> Entry:
    """Return an entry as the couple's own folder has it."""
    name = entry.name.split("/", 2)[2]
    return Entry(name=name, bytes=entry.bytes, sha256=entry.sha256)


def _whole(clinic: Path, name: str) -> bytes:
    kept = KeptTwice(clinic / name, _KEPT[name])
    try:
        return kept.whole()
    except NotAsWritten as error:
        why = str(error)
    except OSError as error:
        why = system_said(error)
    told = wrong_and_do("errors.backup.unreadable", path=kept.path, why=why)
    raise StorageUnusable(*told)


# --- and back -----------------------------------------------------------------------


def _is_name(name: str) -> bool:
    """Whether a file in a backup of a clinic may be called so."""
    if name in _KEPT:
        return True
    couples, _, rest = name.partition("/")
    couple_id, _, of_couple = rest.partition("/")
    return couples == _COUPLES and is_id(couple_id) and backup.is_name(of_couple)


def _need_no_clinic(clinic: Path) -> None:
    """Raise where anything is kept: it is never written over."""
    if not os.path.lexists(clinic):
        return
    names = {each.name for each in clinic.iterdir()} if clinic.is_dir() else {"?"}
    is_empty = not any(couples_folder(clinic).glob("*")) and not any(
        (clinic / "sessions").glob("*")
    )
    if names - _NOTHING_KEPT or not is_empty or is_in_use(clinic):
        told = wrong_and_do("errors.clinic.there-already", folder=clinic)
        raise StorageUnusable(*told)


@contextmanager
def _alone(clinic: Path) -> Iterator[None]:
    """Be the only one who restores a clinic here."""
    path = clinic.with_name(f"{clinic.name}{_SUFFIX}-lock")
    lock = locks.take(path)
    if lock is None:
        told = wrong_and_do("errors.clinic.restored-by-another", folder=clinic)
        raise StorageUnusable(*told)
    try:
        yield
    finally:
        lock.remove()


def _emptied(clinic: Path) -> Path:
    """Return an empty place beside the clinic's; what a killed run left there goes."""
    half_made = clinic.with_name(f"{clinic.name}{_SUFFIX}")
    if half_made.exists():
        shutil.rmtree(half_made)
    half_made.mkdir(mode=0o700)
    (half_made / _COUPLES).mkdir(mode=0o700)
    return half_made


def _put(half_made: Path, name: str, content: bytes) -> None:
    if name in _KEPT:
        kept = KeptTwice(half_made / name, _KEPT[name])
        for path in (kept.path, kept.copy_path):
            write_whole(path, content)
        return
    _, couple_id, of_couple = name.split("/", 2)
    folder = half_made / _COUPLES / couple_id
    if not folder.exists():
        data_folder(folder)
    backup.put(folder, of_couple, content)


def _move(half_made: Path, clinic: Path) -> None:
    sync_folder(half_made)
    _need_no_clinic(clinic)  # once more: somebody may have set one up meanwhile
    if clinic.exists():
        shutil.rmtree(clinic)
    half_made.rename(clinic)
    sync_folder(clinic.parent)
