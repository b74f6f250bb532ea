"""The whole command line, as it is read."""

import argparse

from coreg import __version__
from coreg.cli.options import (
    batch,
    cards,
    clinic,
    cohort,
    completion,
    figures,
    home,
    home_plans,
    importing,
    keeping,
    look,
    practices,
    practise,
    simulate,
    straps,
)
from coreg.cli.options.parsing import Parser

_ABOUT = """\
Practise being relaxed and alert together.

Without a command, coreg opens its pages in your browser. If it is already running, it
opens that one's pages. Nothing leaves this computer."""
_EXAMPLES = """\
Examples:
  coreg                           with your straps
  coreg --simulate                look around with a made-up couple
  coreg --simulate --speed 20     the same, twenty times faster than life
  coreg COMMAND --help            what a command takes, with an example

Exit status: 0 done, 1 you can put it right, 2 wrong usage, 130 stopped with Ctrl-C."""


def parser() -> Parser:
    """Return the parser of the whole command line."""
    top = Parser(
        prog="coreg",
        usage="coreg [OPTIONS] [COMMAND ...]",
        description=_ABOUT,
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    top.add_argument("--version", action="version", version=f"coreg {__version__}")
    home.add_options(top)
    commands = top.add_subparsers(title="commands", metavar="COMMAND", prog="coreg")
    for each in (
        practise,
        straps,
        home_plans,
        look,
        practices,
        cards,
        figures,
        simulate,
        batch,
        cohort,
        importing,
        keeping,
        clinic,
        completion,
    ):
        each.add_commands(commands)
    return top
