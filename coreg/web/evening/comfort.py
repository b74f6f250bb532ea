"""Which pace is comfortable for both: each says it alone, and only the pace is told.

Comfort decides. Of each pace the lower of both answers counts, so that neither is left
behind, and a pace that either said nothing of is out. Where two paces are as
comfortable, the hearts decide: the one at which the smaller of both swings answered
the breath more (`SharedWarmth`). Where they say nothing either, it is the one nearest
to six a minute, of two as near the slower: most people do as well at six. Where no pace
was at least half comfortable for both, none is told and none is set.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from statistics import fmean
from typing import Final

from coreg.facts.events import Partner

COMFORTABLE: Final = "comfortable"
"""The name of the scale by which a practice asks for it."""
LEAST_COMFORTABLE: Final = 5
"""What both have to say of a pace, of 10, before it is called comfortable."""
_USUAL_PER_MIN = 6.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Comfort:
    """What one said of a pace, 0 to 10."""

    per_min: float
    partner: Partner
    value: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Swung:
    """How well both hearts answered one breath at a pace, 0 to 1."""

    per_min: float
    warmth: float


def comfortable_per_min(
    said: Iterable[Comfort], swung: Iterable[Swung]
) -> float | None:
    """Return the pace (breaths a minute), None where none was comfortable for both.

    Examples
    --------
    >>> both = [Comfort(per_min=6.0, partner=each, value=7) for each in Partner]
    >>> comfortable_per_min(both, [])
    6.0
    """
    last = {(each.per_min, each.partner): each.value for each in said}
    by_pace: dict[float, list[int]] = {}
    for (per_min, _), value in last.items():
        by_pace.setdefault(per_min, []).append(value)
    lower = {
        per_min: min(values)
        for per_min, values in by_pace.items()
        if len(values) == len(Partner) and min(values) >= LEAST_COMFORTABLE
    }
    if not lower:
        return None
    warmths: dict[float, list[float]] = {}
    for each in swung:
        warmths.setdefault(each.per_min, []).append(each.warmth)

    def preferred(per_min: float) -> tuple[float, float, float, float]:
        warmth = fmean(warmths[per_min]) if per_min in warmths else -1.0
        return lower[per_min], warmth, -abs(per_min - _USUAL_PER_MIN), -per_min

    return max(lower, key=preferred)
