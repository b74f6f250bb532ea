"""What `coreg` by itself takes."""

import argparse
from pathlib import Path

from coreg.cli.options.parsing import DATA_DIR_HELP, later, nothing_refused
from coreg.cli.options.values import speed, whole

# Options that stand before any command; named apart from the commands' own, or those
# would silently take their place.
_OPTIONS = ("simulate", "seed", "speed", "no_browser", "port", "lan", "app")
_OF_SIMULATED = {"--seed", "--speed"}


def add_options(top: argparse.ArgumentParser) -> None:
    """Add what `coreg` takes where no command is named."""
    top.set_defaults(
        run=later("coreg.cli.start:run"), command=top, name="", refuse=_refused
    )
    top.add_argument(
        "--simulate",
        dest="home_simulate",
        action="store_true",
        help="go straight to a practice with a made-up couple: no straps needed",
    )
    top.add_argument(
        "--seed",
        dest="home_seed",
        type=whole,
        metavar="SEED",
        help="with --simulate: which made-up couple (default: 1)",
    )
    top.add_argument(
        "--speed",
        dest="home_speed",
        type=speed,
        metavar="SPEED",
        help="with --simulate: how many times faster than life; 20 shows an evening "
        "in a minute (default: 1)",
    )
    add_page_options(top, prefix="home_")
    add_phone_options(top, prefix="home_")
    top.add_argument(
        "--app",
        dest="home_app",
        action="store_true",
        help="for a start without a terminal, as from a menu: print nothing, say what "
        "is wrong on a page, and end by Quit coreg in Settings, or when the last page "
        "was closed five minutes ago and nobody practises",
    )
    top.add_argument("--data-dir", type=Path, metavar="DIR", help=DATA_DIR_HELP)


def add_page_options(command: argparse.ArgumentParser, *, prefix: str = "") -> None:
    """Add how pages are opened."""
    command.add_argument(
        "--no-browser",
        dest=f"{prefix}no_browser",
        action="store_true",
        help="only print the address, and leave it to you to open it",
    )
    command.add_argument(
        "--port",
        dest=f"{prefix}port",
        type=_port,
        metavar="PORT",
        help="the port for the pages on this computer (default: a free one, which "
        "nobody can guess)",
    )


def add_phone_options(command: argparse.ArgumentParser, *, prefix: str = "") -> None:
    """Add how phones of the house are let in."""
    command.add_argument(
        "--lan",
        dest=f"{prefix}lan",
        action="store_true",
        help="let your own phones in over the network of the house, each by a code in "
        "Settings (default: nobody but this computer)",
    )


def misplaced(given: argparse.Namespace) -> str:
    """Say which option stands before a command, where it would be lost."""
    if not given.name:
        return ""
    for option in given_options(given):
        if option in given.command.format_usage():
            return (
                f"{option} belongs after {given.name}, as in: "
                f"coreg {given.name} {option}"
            )
        return f"coreg {given.name} takes no {option}"
    return ""


def given_options(given: argparse.Namespace) -> list[str]:
    """Return which options stand before any command, as they are typed."""
    return [
        f"--{option.replace('_', '-')}"
        for option in _OPTIONS
        if getattr(given, f"home_{option}") not in {None, False}
    ]


def _refused(given: argparse.Namespace) -> str:
    """Refuse what only a simulated couple has, where there is none."""
    if given.home_app and given.home_no_browser:
        return (
            "--no-browser prints the address, and --app prints nothing. Leave one out"
        )
    if given.home_simulate:
        return nothing_refused(given)
    for option in set(given_options(given)) & _OF_SIMULATED:
        return f"{option} is only for a made-up couple. Add --simulate, or leave it out"
    return ""


def _port(text: str) -> int:
    number = whole(text)
    if number > 65535:
        raise argparse.ArgumentTypeError(f"{text} is no port: they end at 65535")
    return number
