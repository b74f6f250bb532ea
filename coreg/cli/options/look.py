"""What commands that only look take: sessions, check, replay, report."""

import argparse
from pathlib import Path

from coreg.cli.options.parsing import (
    OUT_HELP,
    Commands,
    add_command,
    add_json,
    completed_by,
    not_one_of,
)
from coreg.report.page_format import PageFormat, Whose

SESSION_HELP = "an id, the beginning of one, `last`, or a session file"


def add_commands(commands: Commands) -> None:
    """Add the commands that only read."""
    sessions = add_command(
        commands,
        "sessions",
        "coreg.cli.inspect:run_sessions",
        does="list what was recorded",
        example="coreg sessions",
        reads_sessions=True,
    )
    add_json(sessions)
    check = add_command(
        commands,
        "check",
        "coreg.cli.inspect:run_check",
        does="check that every saved session is complete",
        example="coreg check last",
    )
    checked = check.add_argument(
        "session", nargs="?", help=f"{SESSION_HELP} (default: all)"
    )
    completed_by(checked, session_names)
    add_json(check)
    replay = add_command(
        commands,
        "replay",
        "coreg.cli.inspect:run_replay",
        does="work a session out again, and compare",
        about="Work a session out again from what the straps sent, and compare it, to "
        "the last bit, with what was worked out live.",
        example="coreg replay last",
        reads_sessions=True,
    )
    completed_by(replay.add_argument("session", help=SESSION_HELP), session_names)
    add_json(replay)
    _add_report(commands)


def _add_report(commands: Commands) -> None:
    report = add_command(
        commands,
        "report",
        "coreg.cli.inspect:run_report",
        does="draw a session's pages",
        about="Draw a session's pages: the therapist's sheets with every figure, one "
        "person's own page, the joint page that both agreed to, or one person's "
        "page over all evenings so far, and a therapist's. An own page of two real "
        "people needs that person's passcode, a therapist's page over evenings that "
        "they agreed to it. Pages in the data folder go when something they show"
        " is deleted there, and when it is locked.",
        example="coreg report last --pages therapist,joint --out evening",
        reads_sessions=True,
    )
    completed_by(report.add_argument("session", help=SESSION_HELP), session_names)
    report.add_argument(
        "--pages",
        type=_pages,
        default=(Whose.THERAPIST,),
        metavar="PAGES",
        help=f"one or more of {','.join(Whose)} (default: therapist)",
    )
    report.add_argument(
        "--leave-out",
        nargs="+",
        default=(),
        metavar="SESSION",
        help="on a page over evenings, evenings that are not counted: alcohol, new "
        "medicine, illness, a bad night",
    )
    report.add_argument(
        "--format",
        type=_formats,
        default=(PageFormat.PDF, PageFormat.HTML),
        metavar="FORMATS",
        help=f"one or more of {','.join(PageFormat)} (default: pdf,html)",
    )
    report.add_argument("--out", type=Path, metavar="DIR", help=OUT_HELP)


def session_names() -> list[str]:
    """Return what a session may be called, for a shell: names of files, none opened."""
    # A TAB waits for these; `coreg --help` does not.
    from coreg.store.folder import data_location, sessions_folder  # noqa: PLC0415

    files = sessions_folder(data_location(None)).glob("[!.]*.coreg")
    return ["last", *sorted((path.stem for path in files), reverse=True)]


def _formats(text: str) -> tuple[PageFormat, ...]:
    return tuple(
        PageFormat(_one_of(each, list(PageFormat))) for each in text.split(",")
    )


def _pages(text: str) -> tuple[Whose, ...]:
    return tuple(Whose(_one_of(each, list(Whose))) for each in text.split(","))


def _one_of(word: str, names: list[str]) -> str:
    if word in names:
        return word
    raise argparse.ArgumentTypeError(not_one_of(word, names))
