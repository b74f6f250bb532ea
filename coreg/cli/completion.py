"""`coreg completion`, and what a shell is told when somebody presses TAB."""

import argparse

import argcomplete
from argcomplete.shell_integration import shellcode

from coreg.cli.common import say


def run(given: argparse.Namespace) -> int:
    """Print what a shell reads when it starts, so that it completes `coreg`."""
    for line in shellcode(["coreg"], shell=given.shell).splitlines():
        say(line)
    return 0


def complete(top: argparse.ArgumentParser) -> None:
    """Tell the shell how what is typed could go on, and end there."""
    argcomplete.autocomplete(top, always_complete_options=False)
