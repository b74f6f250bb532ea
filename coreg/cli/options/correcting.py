"""What `coreg analyze` takes to correct heartbeats by hand."""

import argparse
from pathlib import Path
from typing import Final

BESIDE: Final = True
"""Said without a name: the file beside the recording."""


def add_options(command: argparse.ArgumentParser) -> None:
    """Let corrections be applied, made and compared."""
    command.add_argument(
        "--partner",
        choices=["A", "B"],
        help="of a session: whose heartbeats. Only of somebody who agreed that a "
        "therapist sees their heart",
    )
    command.add_argument(
        "--corrections",
        type=Path,
        nargs="?",
        const=BESIDE,
        metavar="FILE",
        help="apply the corrections in this file, and show the figures before and "
        "after (default: NAME.corrections.toml beside the recording, or "
        "ID.A.corrections.toml beside the session)",
    )
    command.add_argument(
        "--edit",
        action="store_true",
        help="correct heartbeats in the browser; each change is saved in the "
        "corrections file at once, and the recording stays as it is",
    )
    command.add_argument(
        "--against",
        type=Path,
        metavar="FILE",
        help="with --corrections: how far these corrections of somebody else agree "
        "(Cohen's kappa over beats), and where they differ",
    )
    command.add_argument(
        "--by",
        metavar="NAME",
        help="with --edit of a session: who corrects, as the file says it (default: "
        "the name you are logged in with)",
    )
    command.add_argument(
        "--no-browser",
        action="store_true",
        help="with --edit: print the link, and open nothing",
    )
    command.set_defaults(refuse=_refused)


def _refused(given: argparse.Namespace) -> str:
    if given.against is not None and given.corrections is None:
        return "--against needs --corrections"
    if given.no_browser and not given.edit:
        return "--no-browser needs --edit"
    if given.by is not None and not (given.edit and given.partner):
        return "--by needs --edit and --partner"
    for name in ("column", "person"):
        if given.partner and getattr(given, name):
            return f"--{name} does not go with --partner"
    for name in ("json", "out", "against"):
        if given.edit and getattr(given, name):
            return f"--{name} does not go with --edit"
    return ""
