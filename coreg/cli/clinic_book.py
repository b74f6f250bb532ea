"""Opening a therapist's book at a terminal, and keeping it: keys, backups, its log."""

import argparse
import getpass
import sys
from dataclasses import asdict
from pathlib import Path

from coreg import __version__
from coreg.cli.common import on_the_wall, progress_of, say, say_json, tell
from coreg.cli.noting import note as note_in_folder, now_utc
from coreg.errors import CoregError, PassphraseRefused, StorageUnusable
from coreg.store import keys
from coreg.store.audit import What
from coreg.store.clinic.backup import (
    back_up_clinic,
    clinic_backup_name,
    restore_clinic,
)
from coreg.store.clinic.book import (
    Book,
    choose_passphrase_anew,
    close_clinic,
    is_clinic,
    open_clinic,
    recover,
    set_up,
)
from coreg.store.clinic.records import Done
from coreg.words import say as word, wrong_and_do

_TRIES = 3
_COUPLES = "terminal.clinic.couples-done-of"


class Opened:
    """A clinic that lies open, and the passphrase that opened it."""

    def __init__(self, book: Book, passphrase: str) -> None:
        self.book = book
        self.passphrase = passphrase


def opened_at_terminal(clinic: Path) -> Opened:
    """Return the clinic, opened with its passphrase; made where there is none.

    Raises
    ------
    CoregError
        If nobody is there to be asked.
    PassphraseRefused
        If it is not the passphrase, three times.
    """
    _need_terminal()
    if not is_clinic(clinic):
        tell(word("terminal.clinic.new", folder=clinic))
        passphrase = _chosen()
        _show(set_up(clinic, passphrase))
        return Opened(Book(clinic), passphrase)
    for left in reversed(range(_TRIES)):
        passphrase = getpass.getpass(word("terminal.ask.passphrase"))
        try:
            book = open_clinic(clinic, passphrase)
        except PassphraseRefused as error:
            if not left:
                raise
            tell(str(error))
        else:
            note(book, Done.OPENED)
            return Opened(book, passphrase)
    raise keys.closed()


def note(book: Book, what: Done) -> None:
    """Note in the book's log what was done; where that cannot be kept, it is said."""
    try:
        book.note_done(what)
    except StorageUnusable as error:
        tell(word("terminal.not-noted", why=str(error)))


def passphrase(opened: Opened, _given: argparse.Namespace) -> int:
    """Choose another passphrase for the book and all couples."""
    _show(choose_passphrase_anew(opened.book.clinic, _chosen()))
    return 0


def recovered(clinic: Path) -> int:
    """Open a clinic with its recovery key, and choose another passphrase."""
    _need_terminal()
    if not is_clinic(clinic):
        raise CoregError(*wrong_and_do("errors.clinic.none", folder=clinic))
    recovery_key = input(word("terminal.ask.recovery-key"))
    # Before anybody thinks of four words: whether it is the key.
    keys.recovered_with(clinic, recovery_key)
    try:
        _show(recover(clinic, recovery_key, _chosen()))
    finally:
        close_clinic(clinic)
    say(word("terminal.clinic.recovered"))
    return 0


def back_up(opened: Opened, given: argparse.Namespace) -> int:
    """Write the book and every couple's folder into one file; say where it is."""
    now, out = now_utc(), given.out or Path()
    place = out / clinic_backup_name(now) if out.is_dir() else out
    done = back_up_clinic(
        opened.book,
        place.absolute(),
        utc=now,
        version=__version__,
        tell=progress_of(_COUPLES),
    )
    note(opened.book, Done.BACKED_UP)
    _note_in_their_own_logs(opened.book, done.path)
    for name, wrong in done.left.items():
        tell(word("terminal.not-in-it", name=name, why=wrong))
    tell(word("terminal.clinic.backed-up", n=done.couples))
    tell(word("terminal.clinic.backup-keeps"))
    say(str(done.path))
    return 1 if done.left else 0


def restored(clinic: Path, backup: Path) -> int:
    """Bring a clinic back from a backup, and open it once to see that it opens."""
    couples = restore_clinic(backup, clinic, tell=progress_of(_COUPLES))
    say(word("terminal.clinic.restored", n=couples, folder=clinic))
    if sys.stdin.isatty():
        try:
            note(opened_at_terminal(clinic).book, Done.RESTORED)
        finally:
            close_clinic(clinic)
    return 0


def log(opened: Opened, given: argparse.Namespace) -> int:
    """Print what was done with the clinic, the newest last."""
    lines = opened.book.log()
    if given.json:
        say_json({"log": [asdict(each) for each in lines]}, indent=1)
        return 0
    known = set(Done)
    for each in lines:
        key = each.what.replace(" ", "-")
        done = word(f"terminal.clinic.log.{key}") if each.what in known else each.what
        say(f"{on_the_wall(each.utc)}  {done}")
    if not lines:
        say(word("terminal.clinic.log.none"))
    return 0


def _note_in_their_own_logs(book: Book, backup: Path) -> None:
    """Note with each couple that theirs was copied: they may ask who did, and when."""
    for couple in book.couples():
        if book.is_locked(couple.id_):
            folder = book.open_couple(couple.id_)
            note_in_folder(folder, What.BACKED_UP, place=str(backup))


def _need_terminal() -> None:
    if not sys.stdin.isatty():
        raise CoregError(*wrong_and_do("terminal.clinic.typed"))


def _chosen() -> str:
    chosen = getpass.getpass(word("terminal.clinic.ask-new"))
    keys.need_passphrase(chosen)
    if getpass.getpass(word("terminal.ask.once-more")) != chosen:
        told = wrong_and_do("terminal.lock.differ")
        raise PassphraseRefused(*told, why="passphrase-differs")
    return chosen


def _show(recovery_key: str) -> None:
    """Show the recovery key: this once."""
    for line in word("terminal.clinic.recovery-key", key=recovery_key).splitlines():
        say(line)
