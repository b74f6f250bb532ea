"""`coreg` by itself: opens the pages of the one that is running, or starts one.

Loads little, so that something is said from the first second on.
"""

import argparse
import webbrowser
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from coreg.cli.common import say, tell
from coreg.cli.options.home import given_options
from coreg.errors import LibraryBusy
from coreg.store.folder import data_folder, is_in_use
from coreg.words import say as word

if TYPE_CHECKING:
    from coreg.cli.running import RunningPages

_OF_EACH = {"--no-browser", "--app"}  # how one is started, running already or not


def run(given: argparse.Namespace) -> int:
    """Open the pages: of the coreg that is running, or of a new one."""
    if given.home_app:
        from coreg.cli.app import as_app  # noqa: PLC0415 - the fewest start so

        return as_app(partial(_run, given))
    return _run(given)


def _run(given: argparse.Namespace) -> int:
    folder = data_folder(given.data_dir)
    if (pages := _running(folder)) is not None:
        return _open_one_more(given, pages)
    tell(word("terminal.starting"))
    # The pages take a second to load: it is said before.
    from coreg.cli.home import run as begin  # noqa: PLC0415

    try:
        return begin(given)
    except LibraryBusy:  # another one was quicker meanwhile
        if (pages := _running(folder)) is None:
            raise
        return _open_one_more(given, pages)


def _running(folder: Path) -> "RunningPages | None":
    if not is_in_use(folder):
        return None
    # Asking who answers takes a moment to load: most starts need not.
    from coreg.cli.running import running_pages  # noqa: PLC0415

    return running_pages(folder)


def _open_one_more(given: argparse.Namespace, pages: "RunningPages") -> int:
    in_browser, options = not given.home_no_browser, _not_applied(given)
    open_running(pages, in_browser=in_browser, not_applied=options)
    return 0


def open_running(
    pages: "RunningPages", *, in_browser: bool, not_applied: str = ""
) -> None:
    """Open one more page of a coreg that is running, and say so in one line."""
    if not in_browser:
        say(pages.link)
        words = word("terminal.running.open")
    elif _opens_in_browser(pages.file):
        words = word("terminal.running.opens", file=pages.file)
    else:
        words = word("terminal.running.no-browser", file=pages.file)
    if not_applied:
        words = word("terminal.running.not-applied", words=words, options=not_applied)
    tell(words)


def _opens_in_browser(file: Path) -> bool:
    """Open the file that leads to the link, as anybody may read a command line."""
    return webbrowser.open(file.as_uri())


def _not_applied(given: argparse.Namespace) -> str:
    """Return which options would only be for a new one."""
    return ", ".join(each for each in given_options(given) if each not in _OF_EACH)
