"""What `coreg simulate` takes."""

from pathlib import Path

from coreg.cli.options.parsing import (
    Commands,
    add_command,
    completed_by,
    couple_names,
    practices_there,
)
from coreg.cli.options.practise import MAIN_PRACTICE
from coreg.cli.options.values import above_none, minutes, whole


def add_commands(commands: Commands) -> None:
    """Add `simulate`."""
    command = add_command(
        commands,
        "simulate",
        "coreg.cli.simulate:run",
        does="write made-up couples for research and teaching",
        about="Write made-up couples for research and teaching. For each there is a "
        "session file, both partners' arrivals as CSV, and the truth about them "
        "as CSV and JSON. The same seed gives the same couple.",
        example="coreg simulate --out couples --couple one-leads --couples 3 --seed 10",
    )
    command.add_argument(
        "--out", type=Path, required=True, metavar="DIR", help="the folder for them"
    )
    command.add_argument(
        "--couples", type=above_none, default=1, help="how many (default: 1)"
    )
    command.add_argument(
        "--seed", type=whole, default=1, help="the first couple's seed (default: 1)"
    )
    couple = command.add_argument(
        "--couple",
        metavar="COUPLE",
        help="who they are, how their hearts are coupled, and what happens to them: "
        f"one of {', '.join(couple_names())}, or a file as in "
        "docs/simulated-couples.md (default: usual)",
    )
    completed_by(couple, couple_names)
    practice = command.add_argument(
        "--practice",
        default=MAIN_PRACTICE,
        help=f"the name of a practice, or a plan file (default: {MAIN_PRACTICE})",
    )
    completed_by(practice, practices_there)
    command.add_argument(
        "--minutes", type=minutes, help="how long they breathe together"
    )
