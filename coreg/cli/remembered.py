"""What a couple's earlier evenings taught, for a practice without pages."""

from dataclasses import dataclass
from pathlib import Path

from coreg.cli.common import tell
from coreg.errors import StorageUnusable
from coreg.facts.events import Opened, Source
from coreg.session.companion import Learned
from coreg.session.opening import knowing
from coreg.store.erasing import INTENTS_NAME, finish_erasing
from coreg.store.learned import (
    OURS,
    keep_pace,
    keep_rest,
    keep_taps,
    known_of,
    simulated,
)
from coreg.store.library_db import Library
from coreg.words import say


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierEvenings:
    """The memory of one data folder; where it cannot be used, nothing is known."""

    folder: Path

    def given_to(self, opened: Opened) -> Opened:
        """Return the session's beginning with what is known of its couple."""
        couple = _couple(opened)
        if not couple:
            return opened
        try:
            return knowing(opened, known_of(Library(self.folder), couple))
        except StorageUnusable as error:
            _say(error)
            return opened

    def keep(self, opened: Opened, learned: Learned) -> None:
        """Keep what a session taught: a pace looked for, taps, and real people's rest.

        A session stays what it is where this cannot be kept.
        """
        couple = _couple(opened)
        try:
            if couple and opened.practice.finds_pace:
                keep_pace(Library(self.folder), couple, learned.pace_belief)
            if couple == OURS:
                keep_rest(
                    Library(self.folder),
                    couple,
                    learned.arrived_bpm,
                    session_id=learned.session_id,
                )
            if couple:
                keep_taps(Library(self.folder), couple, learned.usual_taps_s)
        except StorageUnusable as error:
            _say(error)


def finish_erasing_in(folder: Path) -> None:
    """Take up what an earlier run left half erased; say what still cannot be."""
    if not (folder / INTENTS_NAME).exists():
        return
    try:
        unfinished = finish_erasing(folder, Library(folder))
    except StorageUnusable as error:
        unfinished = [error]
    for each in unfinished:
        tell(say("terminal.still-to-delete", why=str(each)))


def _couple(opened: Opened) -> str:
    """Return which couple's session it is; empty if nobody breathes along."""
    match opened.couple.source:
        case Source.STRAPS:
            return OURS
        case Source.SIMULATED:
            return simulated(opened.couple.seed)
        case Source.RECORDINGS | Source.NOBODY:
            return ""


def _say(error: StorageUnusable) -> None:
    tell(say("terminal.goes-on-without", why=str(error)))
