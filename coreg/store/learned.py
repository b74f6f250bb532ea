"""What evenings taught about a couple, in its library: a pace, and both at rest.

A stored belief or figure that cannot be read is nothing known: it never stops a
practice. Kept among the settings, which go with everything else that is erased.
"""

import json
import math
import statistics
from dataclasses import dataclass

from coreg.events import Partner
from coreg.store.library_db import Library

OURS = "ours"
MOST_EVENINGS = 12
# Resting heart rate differs by a few beats between days: of one or two evenings
# nobody's usual rest is known.
FEWEST_EVENINGS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known of a couple: its pace as the pacer wrote it, and A's and B's rest.

    The text is empty, a rest NaN, where nothing is known yet.
    """

    pace_belief: str
    rest_bpm: tuple[float, ...]


NOTHING = Known(pace_belief="", rest_bpm=(math.nan, math.nan))


def simulated(seed: int) -> str:
    """Return what a simulated couple is called here: it is nobody of this house."""
    return f"simulated couple {seed}"


def known_of(library: Library, couple: str) -> Known:
    """Return what earlier evenings taught about a couple.

    Raises
    ------
    StorageUnusable
        If the library cannot be read.
    """
    settings = library.settings()
    return Known(
        pace_belief=settings.get(_pace(couple), ""),
        rest_bpm=tuple(
            _usual(_evenings(settings.get(_rest(couple, partner), "")))
            for partner in Partner
        ),
    )


def keep_pace(library: Library, couple: str, pace_belief: str) -> None:
    """Keep what the pacer believes after an evening; nothing learned changes nothing.

    Raises
    ------
    StorageUnusable
        If the library cannot be written.
    """
    if pace_belief:
        library.keep_setting(_pace(couple), pace_belief)


def keep_rest(library: Library, couple: str, arrived_bpm: tuple[float, ...]) -> None:
    """Keep tonight's heart rates at rest beside those of the last evenings.

    Raises
    ------
    StorageUnusable
        If the library cannot be written.
    """
    settings = library.settings()
    for partner, rest_bpm in zip(Partner, arrived_bpm, strict=True):
        if math.isfinite(rest_bpm):
            name = _rest(couple, partner)
            evenings = [*_evenings(settings.get(name, "")), round(rest_bpm, 1)]
            library.keep_setting(name, json.dumps(evenings[-MOST_EVENINGS:]))


def forget_partner(library: Library, partner: Partner) -> None:
    """Forget one partner's rest, and the pace of both, which is of that one too."""
    library.keep_setting(_pace(OURS), "")
    library.keep_setting(_rest(OURS, partner), "")


def _pace(couple: str) -> str:
    return f"pace of {couple}"


def _rest(couple: str, partner: Partner) -> str:
    return f"rest of {partner}, {couple}"


def _evenings(text: str) -> list[float]:
    try:
        told = json.loads(text)
    except (ValueError, RecursionError):
        return []
    if not isinstance(told, list):
        return []
    return [float(bpm) for bpm in told if isinstance(bpm, float) and 20 < bpm < 250]


def _usual(evenings_bpm: list[float]) -> float:
    if len(evenings_bpm) < FEWEST_EVENINGS:
        return math.nan
    return statistics.median(evenings_bpm)
