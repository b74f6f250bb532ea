"""What `coreg analyze`, `coreg synchrony` and `coreg alone` take."""

import argparse
import math
from pathlib import Path

from coreg.cli.options import correcting
from coreg.cli.options.parsing import OUT_HELP, Commands, add_command, add_json
from coreg.cli.options.values import above_zero, whole
from coreg.findings.chance import SURROGATES

FEWEST_SURROGATES, MOST_SURROGATES = 99, 19_999
_SLOWEST_PER_MIN, _FASTEST_PER_MIN = 3.0, 30.0
_NONE_WITH_JSON = "; with --json there are files only where --out says so"


def add_commands(commands: Commands) -> None:
    """Add `analyze`, `synchrony` and `alone`."""
    analyze = add_command(
        commands,
        "analyze",
        "coreg.cli.corrected_figures:run_analyze",
        does="work out the HRV figures of one recording",
        about="Clean the RR intervals of one recording, work out every HRV figure that "
        "it is long enough for, and draw a picture. With --edit, its heartbeats "
        "are corrected by hand in the browser. With --partner, the same is done with "
        "one heart of a session.",
        example="coreg analyze rest_rri.txt --out pictures",
    )
    analyze.add_argument(
        "file",
        type=Path,
        help="a recording: RR as text or CSV, .hrm and others; with --partner a "
        "session: its id, `last`, or its file",
    )
    analyze.add_argument(
        "--column",
        metavar="NAME",
        help="where several columns could be RR intervals: which, by its name in the "
        "heading or its place from 1",
    )
    analyze.add_argument(
        "--person",
        metavar="NAME",
        help="where the rows or columns of several people stand in one file: whose",
    )
    analyze.add_argument(
        "--out", type=Path, metavar="DIR", help=OUT_HELP + _NONE_WITH_JSON
    )
    add_json(analyze)
    correcting.add_options(analyze)
    _add_synchrony(commands)
    _add_alone(commands)


def _add_synchrony(commands: Commands) -> None:
    command = add_command(
        commands,
        "synchrony",
        "coreg.cli.synchrony_figures:show_figures",
        does="test whether two hearts moved together",
        about="Test whether two hearts moved together more than chance would have it, "
        "in two recordings on one clock or in one session.",
        example="coreg synchrony couple-0001.coreg --out pictures",
        reads_sessions=True,
    )
    command.add_argument("a", help="A's recording, or a session (id, `last` or file)")
    command.add_argument("b", nargs="?", help="B's recording")
    command.add_argument(
        "--pace",
        type=_pace,
        metavar="PER_MIN",
        help="breaths a minute, if both followed one steady pacer or app (default: "
        "both breathed freely)",
    )
    command.add_argument(
        "--offset",
        type=_seconds,
        metavar="SECONDS",
        help="seconds to add to the times of B's recording, if its clock was behind; "
        "below 0 if it was ahead",
    )
    command.add_argument(
        "--surrogates",
        type=surrogates,
        default=SURROGATES,
        help=f"how often chance is drawn (default: {SURROGATES})",
    )
    command.add_argument(
        "--seed",
        type=whole,
        help="for chance; the same seed gives the same p (default: from the names)",
    )
    command.add_argument(
        "--out", type=Path, metavar="DIR", help=OUT_HELP + _NONE_WITH_JSON
    )
    add_json(command)


def _add_alone(commands: Commands) -> None:
    command = add_command(
        commands,
        "alone",
        "coreg.cli.alone_figures:show_figures",
        does="compare one heart alone with the same heart beside the partner",
        about="For a therapist, never for the couple. Compare one person's heart in "
        "free time: in recordings of that person alone, and in sessions beside the "
        "partner. It takes four of each, and a yes of both that a therapist may see.",
        example="coreg alone A --alone mon.csv tue.csv wed.csv thu.csv --beside last",
        reads_sessions=True,
    )
    command.add_argument("partner", choices=["A", "B"], help="whose heart")
    command.add_argument(
        "--alone",
        nargs="+",
        type=Path,
        required=True,
        metavar="FILE",
        help="recordings of that person alone, breathing freely and not talking",
    )
    command.add_argument(
        "--beside",
        nargs="+",
        required=True,
        metavar="SESSION",
        help="sessions of both: ids, `last` or files",
    )
    add_json(command)


def _seconds(text: str) -> float:
    """Return seconds, forwards or back."""
    try:
        number = float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number") from None
    if not math.isfinite(number):
        raise argparse.ArgumentTypeError(f"{text} is no number of seconds")
    return number


def surrogates(text: str) -> int:
    """Return how often chance is drawn, for argparse."""
    number = whole(text)
    if not FEWEST_SURROGATES <= number <= MOST_SURROGATES:
        limits = f"{FEWEST_SURROGATES} and {MOST_SURROGATES}"  # of p, and of memory
        raise argparse.ArgumentTypeError(f"{text} is not between {limits}")
    return number


def _pace(text: str) -> float:
    """Return a pace that people breathe, elsewhere than with coreg's pacer too."""
    number = above_zero(text)
    if not _SLOWEST_PER_MIN <= number <= _FASTEST_PER_MIN:
        limits = f"{_SLOWEST_PER_MIN:g} and {_FASTEST_PER_MIN:g} breaths a minute"
        raise argparse.ArgumentTypeError(f"{text} is not between {limits}")
    return number
