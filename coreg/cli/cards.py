"""`coreg cards`: cards to read here, or to print."""

import argparse

from coreg.base.whole_file import write_whole
from coreg.cli.common import say
from coreg.errors import StorageUnusable
from coreg.report.cards import cards
from coreg.words import system_said, wrong_and_do


def run(given: argparse.Namespace) -> int:
    """Say what the cards say, or write them as sheets to print."""
    if given.pdf is None:
        for number, card in enumerate(cards()):
            for line in (*([""] if number else []), card.title, *card.lines):
                say(line)
        return 0
    # Setting paper takes a second to load: who reads here does not wait for it.
    from coreg.report.paper.cards import card_sheets  # noqa: PLC0415

    try:
        write_whole(given.pdf, card_sheets())
    except OSError as error:
        told = wrong_and_do(
            "terminal.file-unwritable", path=given.pdf, why=system_said(error)
        )
        raise StorageUnusable(*told) from error
    say(str(given.pdf))
    return 0
