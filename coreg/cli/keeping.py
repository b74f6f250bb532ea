"""What is kept as a whole: backed up, brought back, given to its owner, and its log."""

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path

from coreg import __version__
from coreg.base.whole_file import write_whole
from coreg.cli.common import (
    make_out_folder,
    on_the_wall,
    progress_of,
    say,
    say_json,
    tell,
)
from coreg.cli.noting import note, now_utc
from coreg.cli.passcodes import key_of
from coreg.errors import CoregError, StorageUnusable
from coreg.facts.events import Partner, Source
from coreg.report.personal import heart_in, held_about, rest_in, streams_in
from coreg.store import backup, keys
from coreg.store.audit import Line, What
from coreg.store.clinic.book import is_clinic
from coreg.store.clinic.places import clinic_location
from coreg.store.folder import data_folder, data_location, library_lock
from coreg.store.library import list_sessions
from coreg.store.library_db import Library, is_library_in
from coreg.store.session_corrections import text_of_session
from coreg.words import say as word, system_said, wrong_and_do

_FILES = "terminal.done-of"


def run_backup(given: argparse.Namespace) -> int:
    """Write a backup, and say where it is."""
    folder = data_location(given.data_dir)
    if is_clinic(clinic_location(given.data_dir)):
        tell(word("terminal.backup-clinic"))
    if not is_library_in(folder) and not list_sessions(folder):
        raise CoregError(*wrong_and_do("terminal.nothing-saved"))
    now = now_utc()
    place = given.out / backup.backup_name(now) if given.out.is_dir() else given.out
    done = backup.back_up(
        folder,
        place.absolute(),
        utc=now,
        version=__version__,
        tell=progress_of(_FILES),
    )
    for name, wrong in done.left.items():
        tell(word("terminal.not-in-it", name=name, why=wrong))
    note(folder, What.BACKED_UP, place=str(done.path))
    if not done.is_locked:
        tell(word("terminal.backup-open"))
    tell(word("terminal.backup-keeps"))
    say(str(done.path))
    return 1 if done.left else 0


def run_restore(given: argparse.Namespace) -> int:
    """Bring a backup back."""
    folder = data_folder(given.data_dir)
    with library_lock(folder):
        sessions = backup.restore(given.backup, folder, tell=progress_of(_FILES))
        if not keys.is_locked(folder):
            note(folder, What.RESTORED, place=str(given.backup.absolute()))
    say(word("terminal.restored", n=sessions, folder=folder))
    return 0


def run_export(given: argparse.Namespace) -> int:
    """Write all that is held about one person."""
    partner, folder = Partner(given.what), data_location(given.data_dir)
    library = _library(folder)
    if not sys.stdin.isatty():
        raise CoregError(*wrong_and_do("terminal.passcode-typed"))
    key = key_of(library, partner)
    make_out_folder(given.out)
    note(folder, What.EXPORTED, whose=partner, place=str(given.out))
    held = json.dumps(held_about(library, partner, key), ensure_ascii=False, indent=1)
    written = [_write(given.out / f"coreg-{partner}.json", f"{held}\n")]
    left = 0
    for session in list_sessions(folder):
        if session.opened and session.opened.couple.source is not Source.STRAPS:
            continue  # nobody's heart
        if not library.own.opens_page_of(partner, session.session_id):
            continue  # from before a passcode that was forgotten: may be another's
        try:
            heart = heart_in(session.path, partner)
            streams = streams_in(session.path, partner)
            rest = json.dumps(rest_in(session.path, partner), indent=1)
            corrections = text_of_session(session.path, partner)
        except CoregError as error:
            left += 1
            tell(word("terminal.not-in-it", name=session.session_id, why=error.wrong))
            continue
        name = f"{session.path.stem}-{partner}"
        written.append(_write(given.out / f"{name}.csv", heart))
        written.append(_write(given.out / f"{name}.json", f"{rest}\n"))
        if streams:
            written.append(_write(given.out / f"{name}-streams.csv", streams))
        if corrections is not None:  # what a therapist wrote of this heart
            written.append(_write(given.out / f"{name}.corrections.toml", corrections))
    for path in written:
        say(str(path))
    return 1 if left else 0


def run_log(given: argparse.Namespace) -> int:
    """Print the log, as far as it is whoever's business who asks."""
    folder = data_location(given.data_dir)
    person = Partner(given.person) if given.person else None
    if person is None and not is_library_in(folder) and list_sessions(folder):
        lines = []  # as after an import: there is no library before the pages opened
    else:
        lines = _lines(_library(folder), person)
    if given.json:
        say_json({"log": [asdict(each) for each in lines]}, indent=1)
        return 0
    for each in lines:
        done = word(f"terminal.log.{each.what.name.lower().replace('_', '-')}")
        when = on_the_wall(each.utc)
        parts = (when, done, each.whose, each.session_id, each.place)
        say("  ".join(part for part in parts if part))
    if not lines:
        say(word("terminal.nothing-done"))
    return 0


def _lines(library: Library, person: Partner | None) -> list[Line]:
    """Return what was done, without what was done with somebody else's own."""
    if person is not None:
        if not sys.stdin.isatty():
            raise CoregError(*wrong_and_do("terminal.passcode-typed"))
        key_of(library, person)
    return [
        each
        for each in library.audit.lines()
        if each.whose not in set(Partner) or each.whose == person
    ]


def _library(folder: Path) -> Library:
    if not is_library_in(folder):
        raise CoregError(*wrong_and_do("terminal.nothing-yet"))
    return Library(folder)


def _write(path: Path, text: str) -> Path:
    try:
        write_whole(path, text.encode())
    except OSError as error:
        told = wrong_and_do(
            "terminal.file-unwritable", path=path, why=system_said(error)
        )
        raise StorageUnusable(*told) from error
    return path
