"""What `coreg cards` takes."""

from pathlib import Path

from coreg.cli.options.parsing import Commands, add_command


def add_commands(commands: Commands) -> None:
    """Add `cards`."""
    command = add_command(
        commands,
        "cards",
        "coreg.cli.cards:run",
        does="print the cards, or write them as sheets for a printer",
        about="Print the cards, in the language of your terminal: twelve thoughts of a "
        "minute each, what to do when one of you hurts right now, and coming home. "
        "With --pdf they become sheets of A6, a card each. They are on the pages, too.",
        example="coreg cards --pdf cards.pdf",
    )
    command.add_argument(
        "--pdf",
        type=Path,
        metavar="FILE",
        help="write them to this file, as A6 sheets to print",
    )
