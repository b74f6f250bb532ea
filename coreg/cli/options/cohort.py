"""What `coreg cohort` takes."""

from pathlib import Path
from typing import Final

from coreg.cli.options.figures import surrogates
from coreg.cli.options.parsing import Commands, add_command
from coreg.cli.options.values import whole

USUAL_DRAWS: Final = 199


def add_commands(commands: Commands) -> None:
    """Add `cohort`."""
    command = add_command(
        commands,
        "cohort",
        "coreg.cli.cohort:run",
        does="say what many sessions have in common, from the table of batch",
        about="Say what the table of `coreg batch` holds (docs/cohort.md): how figures "
        "are distributed, how they change from session to session of a couple, and "
        "how alike couples are beside the same people dealt anew, who never met.",
        example="coreg cohort rows.parquet --out pictures",
    )
    command.add_argument("rows", type=Path, help="the table that coreg batch wrote")
    command.add_argument(
        "--couples",
        type=Path,
        metavar="FILE",
        help="who is whose, where sessions don't say it: CSV with the columns `file` "
        "(as in the table) and `couple`",
    )
    command.add_argument(
        "--source",
        choices=("people", "simulated"),
        help="whose hearts to count, where the table holds people's (straps and "
        "recordings) and simulated ones: never both",
    )
    command.add_argument(
        "--draws",
        type=surrogates,
        default=USUAL_DRAWS,
        metavar="N",
        help=f"how often all are dealt anew (default: {USUAL_DRAWS})",
    )
    command.add_argument(
        "--seed", type=whole, default=1, help="for dealing them (default: 1)"
    )
    command.add_argument(
        "--out", type=Path, metavar="DIR", help="draw cohort.png into this folder"
    )
