"""`coreg analyze`: one recording, every HRV figure with its definition, a picture."""

import argparse
from pathlib import Path

from coreg.cli.common import Commands, add_command, add_json


def add_commands(commands: Commands) -> None:
    """Add `analyze`."""
    command = add_command(
        commands,
        "analyze",
        run,
        does="clean one recording of RR intervals and take every HRV figure that it is "
        "long enough for, with a picture",
        example="coreg analyze rest_rri.txt --out pictures",
    )
    command.add_argument("file", type=Path, help="RR text, CSV, .hrm ...")
    command.add_argument(
        "--out",
        type=Path,
        metavar="DIR",
        help="where the picture goes (default: here; with --json no picture unless "
        "asked for)",
    )
    add_json(command)


def run(given: argparse.Namespace) -> int:
    """Analyse one recording."""
    # Figures and pictures take a second to load: only who wants them waits for it.
    from coreg.cli.recording_figures import show_figures  # noqa: PLC0415

    return show_figures(given)
