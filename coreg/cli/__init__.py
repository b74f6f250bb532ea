"""The command line: thin, with help and an example for every command.

Exit status: 0 done, 1 something that the user can mend (said in one line), 2 usage,
130 interrupted. Results go to standard output; progress and messages to standard
error. What commands do is loaded when they run, so that help is there at once.
"""

import argparse
import errno
import io
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from coreg.cli.common import tell
from coreg.cli.options.home import misplaced
from coreg.cli.options.whole import parser
from coreg.errors import CoregError
from coreg.words import ENGLISH, of_system, say, speak

_INTERRUPTED = 130
_ONE_THREAD = (
    "OPENBLAS_NUM_THREADS",
    "OMP_NUM_THREADS",
    "MKL_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
)
_COMPLETING = "_ARGCOMPLETE"  # a shell sets it when somebody presses TAB


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return its exit status."""
    _say_what_the_terminal_can()
    speak(of_system(os.environ))
    given = _given(sys.argv[1:] if arguments is None else arguments)
    if getattr(given, "json", False) and getattr(given, "out", None) is None:
        speak(ENGLISH)  # programs read it, whoever runs them; a page is for people
    try:
        if getattr(given, "takes_one_thread", False):
            _take_one_thread()
        if getattr(given, "reads_sessions", False):
            _open_folder(given)
        status: int = given.run(given)
        sys.stdout.flush()
    except CoregError as error:
        tell(f"coreg: {error}")
        return 1
    except (KeyboardInterrupt, EOFError):  # Ctrl-C, or Ctrl-D where something is asked
        return _INTERRUPTED
    except BrokenPipeError:
        return _unheard()
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        tell(say("terminal.disk-full"))
        _unheard()
        return 1
    return status


def _take_one_thread() -> None:
    """Let this process use one thread, as workers do: sums are then the same.

    Numbers are only so if nothing has loaded numpy before.
    """
    for name in _ONE_THREAD:
        os.environ.setdefault(name, "1")


def _given(arguments: Sequence[str]) -> argparse.Namespace:
    """Return what was asked for; what does not go together ends with 2, in words."""
    top = parser()
    if _COMPLETING in os.environ:
        from coreg.cli.completion import complete  # noqa: PLC0415 - for TAB alone

        complete(top)
    given, unknown = top.parse_known_args(arguments)
    if unknown:
        given.command.refuse_unknown(unknown)
    if words := misplaced(given):
        top.error(words)
    if refused := given.refuse(given):
        given.command.error(refused)
    return given


def _open_folder(given: argparse.Namespace) -> None:
    # Reading the data folder takes time to load: help and TAB do not wait for it.
    from coreg.cli.unlocking import open_folder  # noqa: PLC0415
    from coreg.store.folder import data_location  # noqa: PLC0415

    open_folder(data_location(given.data_dir))


def _say_what_the_terminal_can() -> None:
    """Write `?` for a letter that a terminal has not, as in the C locale's Poincar?.

    Where there is no stream at all, as without a terminal on Windows, it goes nowhere.
    """
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            nowhere = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115
            setattr(sys, name, nowhere)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def _unheard() -> int:
    """Exit quietly where the reader of a pipe has gone, as with `head`."""
    # Python flushes standard output once more at the end: let it go nowhere.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 1
