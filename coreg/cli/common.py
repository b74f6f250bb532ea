"""What the commands share."""

import json
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from coreg.base.clock import HERE
from coreg.base.local_time import local
from coreg.base.plain_text import plain
from coreg.errors import StorageUnusable
from coreg.words import say as word, system_said, wrong_and_do


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
        told = wrong_and_do(
            "terminal.out-unwritable", folder=out, why=system_said(error)
        )
        raise StorageUnusable(*told) from error


def on_the_wall(utc: str) -> str:
    """Return a time as the clock on the wall told it; as written if by none."""
    when = local(utc, HERE)
    return utc[:16] if when is None else f"{when:%Y-%m-%d %H:%M}"


def say(line: str) -> None:
    """Print one line of a result, as what it is: no name in it orders a terminal."""
    print(plain(line), flush=True)


def say_json(told: object, *, indent: int | None = None) -> None:
    """Print a result as JSON, in which each odd character is a number anyway."""
    print(json.dumps(told, indent=indent))


def tell(words: str) -> None:
    """Say one line on standard error: what is done at the moment, or what is wrong."""
    print(plain(words), file=sys.stderr, flush=True)


def progress_of(words: str) -> Callable[[int, int], None]:
    """Return what keeps one line up to date of how many things are done.

    `words` is where the catalogue says it. Only where somebody looks at it.
    """

    def show(done: int, of: int) -> None:
        if of and sys.stderr.isatty():
            end = "\n" if done == of else ""
            sys.stderr.write(f"\r{word(words, done=done, of=of)}{end}")
            sys.stderr.flush()

    return show
