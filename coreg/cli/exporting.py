"""`coreg export`: a person's things, a session's beats, or all sessions as a table."""

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path

from coreg.cli import keeping
from coreg.cli.common import make_out_folder, say, tell
from coreg.cli.corrections_beside import tell_of_unused
from coreg.cli.noting import note
from coreg.cli.options.exporting import BOTH
from coreg.cli.passcodes import key_of
from coreg.errors import CoregError, NotReleased, SessionError
from coreg.facts.events import Opened, Partner, Source
from coreg.findings.beat_rows import of_part, session_rows
from coreg.findings.kept import Kept
from coreg.findings.reading import summary_of_beginning, summary_of_stored
from coreg.findings.summary import heard_of
from coreg.report.exchange.file_format import FileFormat, TableFormat
from coreg.report.exchange.files import Files, files_of, refuse_taken, write_files
from coreg.report.words import progress
from coreg.store.audit import What
from coreg.store.folder import data_location
from coreg.store.library import find_session, list_sessions
from coreg.store.library_db import Library, is_library_in
from coreg.store.passcode import OwnKey
from coreg.store.reader import State, read_beginning, read_head
from coreg.words import say as word, wrong_and_do


def run(given: argparse.Namespace) -> int:
    """Write out what was asked for."""
    if given.table is not None:
        return _run_table(given)
    if given.format is not None:
        return _run_session(given)
    return keeping.run_export(given)


def _run_session(given: argparse.Namespace) -> int:
    """Write one session's beats in one format."""
    folder = data_location(given.data_dir)
    path = find_session(folder, given.what)
    partners = tuple(Partner) if given.partner == BOTH else (Partner(given.partner),)
    opened = read_head(path).opened
    keys = keys_for(folder, opened.couple.source, partners)
    need_released(Kept(folder, keys), opened, path.stem, partners)
    tell(word("report.progress.reading"))
    session = read_beginning(path)
    if session.state is State.RUNNING:
        told = wrong_and_do("errors.session.recording", session=path.stem)
        raise SessionError(*told)
    if session.state is State.DAMAGED:
        tell(word("terminal.export-cut", session=path.stem))
    rows = session_rows(path.stem, summary_of_stored(session), partners)
    if given.part is not None:
        rows = of_part(rows, given.part)
    files = files_of(rows, FileFormat(given.format))
    give(given, files, whose=given.partner, session_id=path.stem)
    tell_of_unused([path], partners)
    return 0


def _run_table(given: argparse.Namespace) -> int:
    """Write the table over sessions; 1 where one that belongs there is not in it."""
    # The test of synchrony takes long to load; whoever wants no table does not wait.
    from coreg.findings.study import SessionStudy, study_of  # noqa: PLC0415
    from coreg.report.exchange.session_table import table_files  # noqa: PLC0415

    folder = data_location(given.data_dir)
    heads = _of_both(folder, _heads(folder, given.what))
    if not heads:
        raise SessionError(*wrong_and_do("errors.export.none"))
    sources = {opened.couple.source for _, opened in heads}
    asked = Source.STRAPS if Source.STRAPS in sources else Source.RECORDINGS
    kept = Kept(folder, keys_for(folder, asked, tuple(Partner)))
    aside, studies, left = kept.aside(), list[SessionStudy](), 0
    for number, (path, opened) in enumerate(heads, 1):
        tell(progress.evening_of(number, len(heads)))
        if path.stem in aside:
            continue
        try:
            need_released(kept, opened, path.stem, tuple(Partner))
            summary = summary_of_beginning(path)
        except NotReleased as error:
            tell(word("terminal.not-in-it", name=path.stem, why=error.wrong))
        except CoregError as error:
            left += 1
            tell(word("terminal.not-in-it", name=path.stem, why=error.wrong))
        else:
            heard = heard_of(summary, kept.in_quiet(path.stem))
            studies.append(study_of(path.stem, heard))
            tell_of_unused([path])
    if not studies:
        raise SessionError(*wrong_and_do("errors.export.none"))
    files = table_files(studies, TableFormat(given.table))
    give(given, files, whose=BOTH, session_id=given.what or "")
    return int(left > 0)


def _of_both(
    folder: Path, heads: list[tuple[Path, Opened]]
) -> list[tuple[Path, Opened]]:
    """Return the sessions from which no heart was erased, and name the others.

    Nobody is asked for a passcode for them: with a person goes their passcode.
    """
    gone = {each.path for each in list_sessions(folder) if each.erased is not None}
    for path, _ in heads:
        if path in gone:
            why = wrong_and_do("errors.session.not-of-both")[0]
            tell(word("terminal.not-in-it", name=path.stem, why=why))
    return [each for each in heads if each[0] not in gone]


def _heads(folder: Path, name: str | None) -> list[tuple[Path, Opened]]:
    """Return one session, or all that have hearts and are over."""
    if name is not None:
        path = find_session(folder, name)
        return [(path, read_head(path).opened)]
    found: list[tuple[Path, Opened]] = []
    for each in list_sessions(folder):
        if each.opened is None:
            tell(word("terminal.not-in-it", name=each.session_id, why=each.wrong))
        elif (
            each.state is not State.RUNNING
            and each.opened.couple.source is not Source.NOBODY
        ):
            found.append((each.path, each.opened))
    return found


def give(
    given: argparse.Namespace, files: Files, *, whose: str, session_id: str
) -> None:
    """Write files where they were asked for, note it, and say where they are.

    Raises
    ------
    StorageUnusable
        If one is there already, without `--force`, or cannot be written.
    """
    out: Path = given.out
    if not given.force:
        refuse_taken(out, files)
    make_out_folder(out)
    note(
        data_location(given.data_dir),
        What.EXPORTED,
        whose=whose,
        session_id=session_id,
        place=str(out),
    )
    for path in write_files(out, files):
        say(str(path))


def keys_for(
    folder: Path, source: Source, partners: Iterable[Partner]
) -> dict[Partner, OwnKey]:
    """Return the keys of those whose hearts are given away, each asked for once.

    Nobody is asked where the hearts are nobody's.

    Raises
    ------
    CoregError
        If there is no terminal to ask at.
    PasscodeRefused
        If a passcode is wrong, comes too early, or was never chosen.
    """
    if source is not Source.STRAPS or not is_library_in(folder):
        return {}
    if not sys.stdin.isatty():
        raise CoregError(*wrong_and_do("terminal.passcode-typed"))
    library = Library(folder)
    return {partner: key_of(library, partner) for partner in partners}


def need_released(
    kept: Kept, opened: Opened, name: str, partners: tuple[Partner, ...]
) -> None:
    """Raise unless these hearts may be given away.

    Each is its wearer's, who gave the passcode; two go out together only where both
    opened the session to each other besides.

    Raises
    ------
    NotReleased
        If they may not.
    """
    for partner in partners:
        if not kept.may_see(opened, partner):
            told = wrong_and_do("errors.export.not-own", partner=partner, session=name)
            raise NotReleased(*told)
    if len(partners) > 1 and not kept.may_see(opened, None):
        raise NotReleased(*wrong_and_do("errors.export.not-both", session=name))
