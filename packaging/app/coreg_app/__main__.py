"""Begin coreg, from a menu or a terminal.

Without a terminal and without a word about what to do, it is opened as an app: nobody
would read what it prints.
"""

import multiprocessing
import os
import sys


def is_seen() -> bool:
    """Whether a terminal is there, for any of the three streams."""
    streams = (sys.stdin, sys.stdout, sys.stderr)
    return any(stream is not None and stream.isatty() for stream in streams)


def as_before() -> None:
    """Give to other programs the libraries that they had before this one began.

    A bundle of PyInstaller finds its own ones by this variable. The browser that coreg
    opens would take them, too, and may not start with them. What coreg begins of itself
    (a process that draws, a therapist's program) is told to find them anew: it believes
    otherwise that it has them, and takes the system's, where there are any.
    """
    if getattr(sys, "frozen", False):
        os.environ["PYINSTALLER_RESET_ENVIRONMENT"] = "1"
    before = os.environ.pop("LD_LIBRARY_PATH_ORIG", None)
    if before is not None:
        os.environ["LD_LIBRARY_PATH"] = before
    elif getattr(sys, "frozen", False):
        os.environ.pop("LD_LIBRARY_PATH", None)


def begin() -> int:
    """Begin, and return the exit status."""
    as_before()
    # What draws pages is a process of its own; in a bundle it begins here, too.
    multiprocessing.freeze_support()
    from coreg.cli import main  # noqa: PLC0415 - not before the line above

    given = sys.argv[1:]
    return main(given if given or is_seen() else ["--app"])


if __name__ == "__main__":
    sys.exit(begin())
