"""What the commands share."""

import argparse
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn, Protocol

from coreg.errors import StorageUnusable
from coreg.exercises.pacing.pace_limits import (
    FASTEST_PER_MIN,
    SLOWEST_PER_MIN,
    is_slow_pace,
)


class Commands(Protocol):
    """Where a command is added to the command line."""

    def add_parser(self, name: str, **how: Any) -> argparse.ArgumentParser:
        """Add one command."""
        ...


class Parser(argparse.ArgumentParser):
    """A parser that says in one line what was wrong, and where to read more."""

    def error(self, message: str) -> NoReturn:
        """Say what was wrong and exit with 2; all options at once would bury it."""
        line = " ".join(message.removeprefix("argument ").split())
        self.exit(2, f"{self.prog}: {line}. See: {self.prog} --help\n")


def add_command(
    commands: Commands,
    name: str,
    run: Callable[[argparse.Namespace], int],
    *,
    does: str,
    example: str,
) -> argparse.ArgumentParser:
    """Add a command that says what it does, with an example."""
    command = commands.add_parser(
        name, help=does, description=does, epilog=f"Example: {example}"
    )
    command.set_defaults(run=run, command=command)
    command.add_argument(
        "--data-dir",
        type=Path,
        metavar="DIR",
        default=argparse.SUPPRESS,  # what stands before the command holds as well
        help="where sessions are kept (else $COREG_DATA_DIR, else this user's data "
        "folder)",
    )
    return command


def add_json(command: argparse.ArgumentParser) -> None:
    """Let a command print JSON."""
    command.add_argument("--json", action="store_true", help="print JSON")


def above_zero(text: str) -> float:
    """Return a number above zero, for argparse."""
    try:
        number = float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number") from None
    if not 0 < number < float("inf"):
        raise argparse.ArgumentTypeError(f"{text} is not above 0")
    return number


def speed(text: str) -> float:
    """Return how many times faster than life, for argparse.

    A practice looks up every quarter of a second of its own time: slower than a tenth,
    it would not notice Ctrl-C for longer than anybody waits.
    """
    number = above_zero(text)
    if not 0.1 <= number <= 1e6:
        raise argparse.ArgumentTypeError(f"{text} is not between 0.1 and 1000000")
    return number


def minutes(text: str) -> float:
    """Return minutes of a block, for argparse."""
    number = above_zero(text)
    if not 0.1 <= number <= 60:
        raise argparse.ArgumentTypeError(f"{text} is not between 0.1 and 60 minutes")
    return number


def pace(text: str) -> float:
    """Return breaths a minute, for argparse."""
    number = above_zero(text)
    if not is_slow_pace(number):
        limits = f"{SLOWEST_PER_MIN:g} and {FASTEST_PER_MIN:g} breaths a minute"
        raise argparse.ArgumentTypeError(f"{text} is not between {limits}")
    return number


def whole(text: str) -> int:
    """Return a whole number from 0 up, for argparse."""
    try:
        number = int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number") from None
    if number < 0:
        raise argparse.ArgumentTypeError(f"{text} is below 0")
    return number


def above_none(text: str) -> int:
    """Return a whole number from 1 up, for argparse."""
    number = whole(text)
    if number == 0:
        raise argparse.ArgumentTypeError("0 is not above 0")
    return number


def make_out_folder(out: Path) -> None:
    """Make the folder that results go to, before there are any to lose.

    Raises
    ------
    StorageUnusable
        If it cannot be made or written.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=out):
            pass  # only a file shows whether files can be made
    except OSError as error:
        raise StorageUnusable(
            f"The folder {out} cannot be written ({error.strerror}).",
            "Choose another one with --out.",
        ) from error


def tell(words: str) -> None:
    """Say on standard error what is done at the moment, as long work goes on."""
    print(words, file=sys.stderr, flush=True)
