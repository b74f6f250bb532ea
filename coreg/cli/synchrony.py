"""`coreg synchrony`: were two hearts more alike than chance, in words and figures."""

import argparse
import math
from pathlib import Path

from coreg.cli.common import Commands, above_zero, add_command, add_json, whole
from coreg.findings.chance import SURROGATES

FEWEST_SURROGATES, MOST_SURROGATES = 99, 19_999
_SLOWEST_PER_MIN, _FASTEST_PER_MIN = 3.0, 30.0


def add_commands(commands: Commands) -> None:
    """Add `synchrony`."""
    command = add_command(
        commands,
        "synchrony",
        run,
        does="test whether two hearts were more alike than unrelated hearts doing the "
        "same: two recordings with arrival times on one clock, or one session",
        example="coreg synchrony couple-0001.coreg --out pictures",
    )
    command.add_argument("a", help="A's recording, or a session (id, `last` or file)")
    command.add_argument("b", nargs="?", help="B's recording")
    command.add_argument(
        "--pace",
        type=_pace,
        metavar="PER_MIN",
        help="breaths a minute, where both recordings were made with one steady pacer "
        "or app (default: both breathed freely)",
    )
    command.add_argument(
        "--offset",
        type=_seconds,
        metavar="SECONDS",
        help="added to the times of B's recording, where its clock was so far behind; "
        "below 0 where it was ahead",
    )
    command.add_argument(
        "--surrogates",
        type=_surrogates,
        default=SURROGATES,
        help=f"how often chance is drawn (default: {SURROGATES})",
    )
    command.add_argument(
        "--seed",
        type=whole,
        help="of chance; the same seed gives the same p (default: from the names)",
    )
    command.add_argument(
        "--out",
        type=Path,
        metavar="DIR",
        help="where the page goes, as PDF and HTML (default: here; with --json none "
        "unless asked for)",
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


def _surrogates(text: str) -> int:
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


def run(given: argparse.Namespace) -> int:
    """Compare two hearts."""
    # Figures and pictures take a second to load: only who wants them waits for it.
    from coreg.cli.synchrony_figures import show_figures  # noqa: PLC0415

    return show_figures(given)
