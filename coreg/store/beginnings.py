"""Whether a session's beginning says what a session can begin with.

Its types are checked where it is decoded. What everything after it relies on is
checked here: two partners, and numbers that can be. A practice never writes others.
"""

import math
from collections.abc import Iterator
from typing import Final

from coreg.facts.events import Opened

_LONGEST_BREATHING_MIN: Final = 24 * 60.0
_LARGEST_DELAY_S: Final = 600.0
_FASTEST_BPM: Final = 1000.0
_LATEST_TAP_S: Final = 60.0


def odd_part(opened: Opened) -> str:
    """Return the name of the first part that no session begins with, empty if none."""
    return next((name for name, is_well in _parts(opened) if not is_well), "")


def _parts(opened: Opened) -> Iterator[tuple[str, bool]]:
    yield "streams", len(opened.straps.streams) == 2
    yield (
        "latency_s",
        _are_two(opened.straps.latency_s, -_LARGEST_DELAY_S, _LARGEST_DELAY_S),
    )
    yield (
        "lag_resolution_s",
        _is_unknown_or(opened.straps.lag_resolution_s, _LARGEST_DELAY_S),
    )
    yield "breathing_min", 0 <= opened.practice.breathing_min <= _LONGEST_BREATHING_MIN
    yield "rest_bpm", len(opened.learned.rest_bpm) == 2
    yield (
        "rest_bpm",
        all(_is_unknown_or(bpm, _FASTEST_BPM) for bpm in opened.learned.rest_bpm),
    )
    for name in ("first_taps_s", "usual_taps_s"):
        taps_s: tuple[tuple[float, ...], ...] = getattr(opened.learned, name)
        yield name, len(taps_s) == 2
        yield name, all(0 <= tap_s <= _LATEST_TAP_S for own in taps_s for tap_s in own)


def _are_two(values: tuple[float, ...], low: float, high: float) -> bool:
    return len(values) == 2 and all(low <= value <= high for value in values)


def _is_unknown_or(value: float, most: float) -> bool:
    return math.isnan(value) or 0 <= value <= most
