"""What `coreg practices` takes."""

import argparse

from coreg.cli.options.home import add_page_options
from coreg.cli.options.parsing import (
    Commands,
    add_command,
    add_json,
    completed_by,
    practices_there,
)
from coreg.cli.options.values import speed

PREVIEW_SPEED = 30.0


def add_commands(commands: Commands) -> None:
    """Add `practices`."""
    command = add_command(
        commands,
        "practices",
        "coreg.cli.practices:run",
        does="list the practices; write, check and preview one of your own",
        about="List the practices. `new NAME` writes the file of a new one, ready to "
        "be changed; `check FILE` says whether all is well with it, or what to write "
        "where; `preview FILE` shows it with a made-up couple, and keeps nothing. "
        "docs/write-a-practice.md says what can be written.",
        example="coreg practices new tea-at-five",
    )
    command.set_defaults(refuse=_refused)
    command.add_argument(
        "what",
        nargs="?",
        choices=["check", "new", "preview"],
        help="what to do with one practice (default: list all)",
    )
    command.add_argument("file", nargs="?", help="its file, or its name")
    taken = command.add_argument(
        "--from",
        dest="from_practice",
        metavar="PRACTICE",
        help="with new: the practice to begin with, by name or file",
    )
    completed_by(taken, practices_there)
    command.add_argument(
        "--speed",
        type=speed,
        help="with preview: how many times faster than life "
        f"(default: {PREVIEW_SPEED:g})",
    )
    add_page_options(command)
    add_json(command)


def _refused(given: argparse.Namespace) -> str:
    """Refuse what does not go with what is asked for."""
    if given.what is not None and given.file is None:
        return (
            f"{given.what} needs a name, as in: coreg practices {_EXAMPLES[given.what]}"
        )
    is_given = {
        "--from": ("new", given.from_practice is not None),
        "--speed": ("preview", given.speed is not None),
        "--no-browser": ("preview", given.no_browser),
        "--port": ("preview", given.port is not None),
    }
    for option, (what, is_there) in is_given.items():
        if is_there and given.what != what:
            return f"{option} is only for: coreg practices {_EXAMPLES[what]}"
    if given.json and given.what in {"new", "preview"}:
        return f"{given.what} prints no JSON. Leave out --json"
    return ""


_EXAMPLES = {
    "check": "check tea-at-five.toml",
    "new": "new tea-at-five",
    "preview": "preview tea-at-five.toml",
}
