"""What `coreg batch` takes."""

import argparse
from pathlib import Path
from typing import Final

from coreg.cli.options.figures import surrogates
from coreg.cli.options.parsing import Commands, add_command
from coreg.cli.options.values import above_none, above_zero
from coreg.findings.chance import SURROGATES

_LIMIT_S: Final = 1800.0
"""How long a session may take: a hundred times what one of an hour does."""
_DAY_S: Final = 86_400.0


def add_commands(commands: Commands) -> None:
    """Add `batch`."""
    _add_batch(commands)


def _add_batch(commands: Commands) -> None:
    command = add_command(
        commands,
        "batch",
        "coreg.cli.batch:run",
        does="work out the figures of many sessions, as one table",
        about="Work out the figures of all sessions of a folder, and of the folders in "
        "it, as one Parquet table: HRV, settled and synchrony of each heart, over the "
        "practice and over each part (docs/cohort.md). A run that was stopped goes on "
        "where it was when the same command is given again. A session that can't be "
        "read is a row that says why. What is of two people goes into it as with "
        "`coreg export --table`: with both passcodes, where both opened it to each "
        "other.",
        example="coreg batch --in couples --out rows.parquet --workers 4",
    )
    command.add_argument(
        "--in",
        dest="sessions",
        type=Path,
        required=True,
        metavar="DIR",
        help="where the session files are: a data folder, or any other",
    )
    command.add_argument(
        "--out",
        type=Path,
        required=True,
        metavar="FILE",
        help="the table; what is done so far lies in FILE.shards until all is",
    )
    command.set_defaults(refuse=_refused, takes_one_thread=True)
    command.add_argument(
        "--workers",
        type=above_none,
        default=None,
        metavar="N",
        help="how many processes of this computer work on it (default: 1)",
    )
    command.add_argument(
        "--scheduler",
        metavar="ADDRESS",
        help="have Dask's workers do it: the scheduler's address, as tcp://host:8786",
    )
    command.add_argument(
        "--local-cluster",
        type=above_none,
        metavar="N",
        help="the same with a scheduler and N workers that are started here",
    )
    command.add_argument(
        "--chunk",
        type=above_none,
        metavar="N",
        help="sessions that are handed out at once (default: 200, or fewer where there "
        "are few)",
    )
    command.add_argument(
        "--time-limit",
        type=_seconds,
        default=_LIMIT_S,
        metavar="SECONDS",
        help="how long one session may take; one that takes longer is a row that says "
        f"so (default: {_LIMIT_S:g})",
    )
    command.add_argument(
        "--surrogates",
        type=surrogates,
        default=SURROGATES,
        metavar="N",
        help=f"how often chance is drawn (default: {SURROGATES}, as on the pages)",
    )
    command.add_argument(
        "--force",
        action="store_true",
        help="replace the table if it is there already",
    )


def _refused(given: argparse.Namespace) -> str:
    """Say what does not go together; nothing where all does."""
    if sum(map(bool, (given.workers, given.scheduler, given.local_cluster))) > 1:
        return "choose one of --workers, --scheduler and --local-cluster"
    return ""


def _seconds(text: str) -> float:
    """Return how long a session may take, for argparse."""
    number = above_zero(text)
    if not 1 <= number <= _DAY_S:
        raise argparse.ArgumentTypeError(f"{text} is not between 1 and {_DAY_S:g}")
    return number
