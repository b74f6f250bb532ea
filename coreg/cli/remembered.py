"""What a couple's earlier evenings taught, for a practice without pages."""

import sys
from dataclasses import dataclass, replace
from pathlib import Path

from coreg.errors import StorageUnusable
from coreg.facts.events import Opened, Source
from coreg.session.engine import Learned
from coreg.store.learned import (
    NOTHING,
    OURS,
    keep_pace,
    keep_rest,
    keep_taps,
    known_of,
    simulated,
)
from coreg.store.library_db import Library


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """The memory of one data folder; where it cannot be used, nothing is known."""

    folder: Path

    def given_to(self, opened: Opened, *, finds_pace: bool) -> Opened:
        """Return the session's beginning with what is known of its couple."""
        couple = _couple(opened)
        if not couple:
            return replace(opened, finds_pace=finds_pace)
        try:
            known = known_of(Library(self.folder), couple)
        except StorageUnusable as error:
            _say(error)
            known = NOTHING
        return replace(
            opened,
            finds_pace=finds_pace,
            pace_belief=known.pace_belief if finds_pace else "",
            rest_bpm=known.rest_bpm,
            first_taps_s=known.first_taps_s if opened.taps else NOTHING.first_taps_s,
            usual_taps_s=known.usual_taps_s if opened.taps else NOTHING.usual_taps_s,
        )

    def keep(self, opened: Opened, learned: Learned) -> None:
        """Keep what a session taught: a pace looked for, taps, and real people's rest.

        A session stays what it is where this cannot be kept.
        """
        couple = _couple(opened)
        try:
            if couple and opened.finds_pace:
                keep_pace(Library(self.folder), couple, learned.pace_belief)
            if couple == OURS:
                keep_rest(Library(self.folder), couple, learned.arrived_bpm)
            if couple:
                keep_taps(Library(self.folder), couple, learned.usual_taps_s)
        except StorageUnusable as error:
            _say(error)


def _couple(opened: Opened) -> str:
    """Return whose session it is; nobody's, where nobody breathes along."""
    match opened.source:
        case Source.STRAPS:
            return OURS
        case Source.SIMULATED:
            return simulated(opened.seed)
        case Source.RECORDINGS:
            return ""


def _say(error: StorageUnusable) -> None:
    print(f"coreg: {error} The practice goes on without it.", file=sys.stderr)
