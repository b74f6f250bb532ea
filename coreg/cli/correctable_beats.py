"""Whose heartbeats `coreg analyze` is of: a recording's, or one of a session's."""

import argparse
import getpass
from dataclasses import dataclass
from pathlib import Path

from coreg.cli.noting import now_utc
from coreg.cli.recording_figures import recording_of
from coreg.cli.unlocking import open_folder
from coreg.errors import BadInputError
from coreg.facts.events import Partner
from coreg.findings.corrected import Correctable, correctable
from coreg.findings.ecg_beside import EcgTold
from coreg.findings.reading import heart_with_ecg
from coreg.store.corrections import KeptBeside, corrections_path, sha256_of
from coreg.store.folder import data_location
from coreg.store.library import find_session
from coreg.store.recorded_order import SUFFIX
from coreg.store.session_corrections import KeptBesideSession
from coreg.words import say as word, wrong_and_do


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """Heartbeats, where corrections of them are kept, and what files are called.

    `ecg` is what a strap's own ECG says of them, None where there is none.
    """

    beats: Correctable
    kept: KeptBeside | KeptBesideSession
    stem: str
    ecg: EcgTold | None = None


def chosen(given: argparse.Namespace) -> Chosen:
    """Read the heartbeats that were named.

    Raises
    ------
    CoregError
        If they cannot be read, or must not be seen.
    """
    named = given.corrections if isinstance(given.corrections, Path) else None
    if given.partner is not None:
        return _of_session(given, Partner(given.partner), named)
    if given.file.suffix == SUFFIX:
        raise BadInputError(*wrong_and_do("errors.corrections.whose", file=given.file))
    recording = recording_of(given)
    return Chosen(
        beats=correctable(recording, sha256_of(given.file)),
        kept=KeptBeside(named or corrections_path(given.file)),
        stem=given.file.stem,
    )


def _of_session(
    given: argparse.Namespace, partner: Partner, named: Path | None
) -> Chosen:
    folder = data_location(given.data_dir)
    open_folder(folder)  # which is asked for only where a session is
    path = find_session(folder, str(given.file))
    by = given.by or _user()
    beside = KeptBesideSession(path, partner, by=by, utc=now_utc)
    beats, ecg = heart_with_ecg(path, partner)
    return Chosen(
        beats=beats,
        kept=beside if named is None else KeptBeside(named),
        stem=f"{path.stem}-{partner}",
        ecg=ecg,
    )


def _user() -> str:
    """Return who is logged in here."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a user without a name
        return word("terminal.corrections.somebody")
