"""The command line: thin, with help and an example for every command.

Exit status: 0 done, 1 something that the user can mend (said in one line), 2 usage,
130 interrupted. Results go to standard output; progress and messages to standard
error.
"""

import errno
import io
import os
import sys
from collections.abc import Sequence

from coreg import __version__
from coreg.cli import (
    analyze,
    doctor,
    home,
    inspect,
    practise,
    simulate,
    straps,
    synchrony,
)
from coreg.cli.common import Parser
from coreg.errors import CoregError


def parser() -> Parser:
    """Return the parser of the whole command line."""
    top = Parser(
        prog="coreg",
        description="Practise being relaxed and alert together. Nothing leaves this "
        "computer.",
        epilog="Without a command the pages open in the browser. "
        "Example: coreg --simulate",
    )
    top.add_argument("--version", action="version", version=f"coreg {__version__}")
    home.add_options(top)
    top.set_defaults(command=top)
    commands = top.add_subparsers(title="commands", metavar="COMMAND")
    practise.add_commands(commands)
    straps.add_commands(commands)
    doctor.add_commands(commands)
    inspect.add_commands(commands)
    analyze.add_commands(commands)
    synchrony.add_commands(commands)
    simulate.add_commands(commands)
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return its exit status."""
    _say_what_the_terminal_can()
    top = parser()
    given, unknown = top.parse_known_args(arguments)
    if unknown:
        given.command.error(f"there is no {' '.join(unknown)} here")
    if misplaced := home.misplaced(given):
        top.error(f"{misplaced} goes after the command, or without one")
    try:
        status: int = given.run(given)
        sys.stdout.flush()
    except CoregError as error:
        print(f"coreg: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        return _unheard()
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        print("coreg: The disk is full. Make room, then try again.", file=sys.stderr)
        _unheard()
        return 1
    return status


def _say_what_the_terminal_can() -> None:
    """Write `?` for a letter that a terminal has not, as in the C locale's Poincar?."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def _unheard() -> int:
    """Exit quietly where the reader of a pipe has gone, as with `head`."""
    # Python flushes standard output once more at the end: let it go nowhere.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 1
