"""What the commands share."""

import json
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from coreg.base.plain_text import plain
from coreg.errors import StorageUnusable


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
            f"The folder {out} can't be written to ({error.strerror}).",
            "Choose another one with --out.",
        ) from error


def say(line: str) -> None:
    """Print one line of a result, as what it is: no name in it orders a terminal."""
    print(plain(line), flush=True)


def say_json(told: object, *, indent: int | None = None) -> None:
    """Print a result as JSON, in which each odd character is a number anyway."""
    print(json.dumps(told, indent=indent))


def tell(words: str) -> None:
    """Say one line on standard error: what is done at the moment, or what is wrong."""
    print(plain(words), file=sys.stderr, flush=True)


def progress_of(things: str) -> Callable[[int, int], None]:
    """Return what keeps one line up to date of how many things are done.

    Only where somebody looks at it.
    """

    def show(done: int, of: int) -> None:
        if of and sys.stderr.isatty():
            end = "\n" if done == of else ""
            sys.stderr.write(f"\r{done} of {of}{things}{end}")
            sys.stderr.flush()

    return show
