"""The file that leads a browser to the pages, and that nobody else can read.

A browser is started with what it is to open on its command line, which every user of
the computer may read. So it is given this file, and the link stands in it: whoever may
read the file is this user. It always holds the link that is good now, and opens one
more page each time somebody opens it.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Lock

from coreg.base.whole_file import remove_half_made, write_whole
from coreg.web.words import page_that_leads

NAME = "open-coreg.html"
_OF_EARLIER_VERSIONS = "page-secret"


class LaunchFile:
    """A page of this user's alone that leads to coreg's."""

    def __init__(self, folder: Path) -> None:
        self.path = folder.resolve() / NAME
        self.is_kept = False
        self._is_over = False
        self._one_at_a_time = Lock()  # links come from a thread, and the end from here

    @property
    def url(self) -> str:
        """What a browser is told to open; nothing in it is secret."""
        return self.path.as_uri()

    def keep(self, link: str) -> None:
        """Lead to this link from now on; on a full disk, nowhere."""
        with self._one_at_a_time:
            if self._is_over:
                return
            try:
                write_whole(self.path, page_that_leads(link).encode())
            except OSError:
                self._remove()
            else:
                self.is_kept = True

    def end(self) -> None:
        """Lead nowhere any more."""
        with self._one_at_a_time:
            self._is_over = True
            self._remove()

    def _remove(self) -> None:
        self.is_kept = False
        with suppress(OSError):
            self.path.unlink(missing_ok=True)


@contextmanager
def launch_file(folder: Path) -> Iterator[LaunchFile]:
    """Have a launch file until this is left; nothing of an earlier one stays."""
    file = LaunchFile(folder)
    with suppress(OSError):
        file.path.unlink(missing_ok=True)
        remove_half_made(file.path)
        (folder / _OF_EARLIER_VERSIONS).unlink(missing_ok=True)
    try:
        yield file
    finally:
        file.end()
