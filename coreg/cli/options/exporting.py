"""What `coreg export` takes: a person, a session, or all sessions as a table."""

import argparse
from pathlib import Path
from typing import Final

from coreg.cli.options.look import SESSION_HELP, session_names
from coreg.cli.options.parsing import Commands, add_command, completed_by, not_one_of
from coreg.cli.options.values import above_none
from coreg.facts.kinds import Partner
from coreg.report.exchange.file_format import FileFormat, TableFormat

BOTH: Final = "both"


def add_export(commands: Commands) -> None:
    """Add `export`."""
    export = add_command(
        commands,
        "export",
        "coreg.cli.exporting:run",
        does="write out everything held about one person, or a session's beats",
        about="Write out everything held about one person (A or B), for that person;"
        " or a session's beats for other programs, with --format and --partner; or a"
        " table of all sessions, with --table. What is of one takes their passcode."
        " What is of both takes both passcodes, and that both opened it to each other;"
        " sessions that somebody set aside are in no table. Nobody is asked for made-up"
        " couples and recordings.",
        example="coreg export last --format csv --partner A --out for-a",
        reads_sessions=True,
    )
    export.epilog = (
        "Example: coreg export A --out for-a; "
        "coreg export last --format csv --partner A --out for-a; "
        "coreg export --table csv --out study"
    )
    export.set_defaults(refuse=_refused)
    what = export.add_argument(
        "what",
        nargs="?",
        metavar="WHAT",
        help=f"A or B: everything held about that person. A session: {SESSION_HELP}. "
        "With --table: that session alone (default: all)",
    )
    completed_by(what, lambda: [*Partner, *session_names()])
    export.add_argument(
        "--format",
        choices=list(FileFormat),
        help="of a session: rr-text (intervals in ms, one a line), csv and parquet (a "
        "row a beat), kubios (two columns, in s), bids (a folder), edf, xdf, fit",
    )
    export.add_argument(
        "--partner",
        type=_partner,
        metavar="{A,B,both}",
        help="of a session: whose heart",
    )
    export.add_argument(
        "--part",
        type=above_none,
        metavar="N",
        help="of a session: one part of the practice alone, from 1, without its pauses "
        "(default: all that was recorded)",
    )
    export.add_argument(
        "--table",
        choices=list(TableFormat),
        help="of all sessions: heart-rate variability, settled and synchrony, with "
        "what each column means in a file beside it",
    )
    export.add_argument(
        "--out",
        type=Path,
        required=True,
        metavar="DIR",
        help="the folder for the files, which do not go when a session is deleted",
    )
    export.add_argument(
        "--force",
        action="store_true",
        help="with --format or --table: replace files that are there already",
    )


def _partner(text: str) -> str:
    """Return A, B or both, however it is written."""
    names = [*Partner, BOTH]
    for name in names:
        if text.lower() == name.lower():
            return str(name)
    raise argparse.ArgumentTypeError(not_one_of(text, names))


def _refused(given: argparse.Namespace) -> str:
    """Say what does not go together; nothing where all does."""
    is_person = given.what in set(Partner)
    if given.table:
        return _refused_of_table(given)
    if given.what is None:
        return "say what: A, B, a session, or --table csv"
    if is_person and not given.format:
        return _refused_of_person(given)
    if not given.format:
        names = ", ".join(FileFormat)
        return (
            f"{given.what!r} isn't one of the choices: A, B. A session takes --format: "
            f"{names}"
        )
    if not given.partner:
        return "say whose heart: --partner A, --partner B or --partner both"
    return ""


def _refused_of_table(given: argparse.Namespace) -> str:
    if given.format or given.partner or given.part:
        return "--table takes no --format, --partner or --part: it is of both"
    return ""


def _refused_of_person(given: argparse.Namespace) -> str:
    if given.partner or given.part or given.force:
        return "--partner, --part and --force are for a session, with --format"
    return ""
