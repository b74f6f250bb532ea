"""What `coreg plan` takes."""

import argparse
from pathlib import Path

from coreg.cli.options.parsing import Commands, add_command


def add_commands(commands: Commands) -> None:
    """Add `plan`."""
    command = add_command(
        commands,
        "plan",
        "coreg.cli.home_plans:run",
        does="show your plan for home, or bring one that your therapist wrote",
        about="Show your plan for home, and what came of it: how often you practised "
        "and how often a practice was stopped, never by whom. `import FILE` brings one "
        "that your therapist wrote: Home then offers its practice until its last day. "
        "You can read it and not change it; `not today` and pause are always there.",
        example="coreg plan import home-plan.toml",
        reads_sessions=True,
    )
    command.set_defaults(refuse=_refused)
    command.add_argument(
        "what", nargs="?", choices=["import"], help="bring one (default: show it)"
    )
    command.add_argument("file", nargs="?", type=Path, metavar="FILE", help="its file")


def _refused(given: argparse.Namespace) -> str:
    if given.what is not None and given.file is None:
        return "import needs a file, as in: coreg plan import home-plan.toml"
    return ""
