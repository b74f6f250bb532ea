"""What one chest shows of following the pace: its rate, and breath by breath.

Two rules, for each misses what the other sees. *By rate*: most of the last seconds are
as fast as the pacer was. It tells those apart who differ by little, and falls silent
where breaths are uneven. *By breath*: of the last paced breaths that could be told,
nearly all went their own way. Uneven breaths are no hindrance to it; it takes a few,
and somebody whose rhythm is near the pacer's is not told.
"""

import math
from collections import deque
from collections.abc import Sequence
from typing import Final, Protocol

import numpy as np

from coreg.analysis.breath_in_step import LATEST, does_not_follow
from coreg.exercises.pacing.follow import keeps_pace
from coreg.facts.kinds import InStep

SEEN_LATELY_S: Final = 4.0
_SEEN_AT_ONCE: Final = 5
# Eight of the slowest breaths: who was told of so long ago may breathe otherwise now.
_BESIDE_LATELY_S: Final = 100.0
_BESIDE: Final = 10
# Of the breaths told lately so many went along where somebody is back with the pace.
_BACK: Final = 0.8


class Guided(Protocol):
    """A breath of the pacer."""

    @property
    def start_s(self) -> float:
        """When it began."""

    @property
    def period_s(self) -> float:
        """How long it lasts."""


class ChestSeen:
    """One chest beside the pacer."""

    __slots__ = ("_beside", "_seen")

    def __init__(self) -> None:
        self._seen: deque[tuple[float, float, float]] = deque(maxlen=_SEEN_AT_ONCE)
        self._beside: deque[tuple[float, InStep]] = deque(maxlen=_BESIDE)

    def see(self, t_s: float, own_per_min: float, seen_s: float) -> None:
        """Take how fast the chest breathes; what is not known ends what was."""
        if math.isnan(own_per_min):
            self._seen.clear()
        else:
            self._seen.append((t_s, own_per_min, seen_s))

    def see_beside(self, t_s: float, in_step: InStep) -> None:
        """Take what is known of one paced breath; one that cannot be told is none."""
        if in_step is not InStep.UNTOLD:
            self._beside.append((t_s, in_step))

    def stopped(self) -> None:
        """Forget what was breathed with a pacer that stopped."""
        self._beside.clear()

    def own_rate_per_min(self, t_s: float) -> float:
        """Return how fast the chest breathes, NaN where it is not seen lately."""
        if not self._is_seen(t_s):
            return math.nan
        return float(np.median([rate for _, rate, _ in self._seen]))

    def goes_own_way(self, t_s: float) -> bool:
        """Return whether breath by breath it goes its own way."""
        return does_not_follow(self._told_lately(t_s))

    def stays_away(self, t_s: float) -> bool:
        """Return whether who went their own way is seen, and not seen to be back."""
        told = self._told_lately(t_s)
        back = _BACK * len(told) <= told.count(InStep.FOLLOWED)
        return bool(told) and not (back and len(told) >= LATEST)

    def _told_lately(self, t_s: float) -> list[InStep]:
        lately_s = t_s - _BESIDE_LATELY_S
        return [told for at_s, told in self._beside if at_s > lately_s]

    def keeps_pace(self, breaths: Sequence[Guided], t_s: float) -> bool | None:
        """Whether the chest goes along with these breaths; None where it is not known.

        Either rule may say that it does not.
        """
        if self.goes_own_way(t_s):
            return False
        return self._keeps_rate(breaths, t_s)

    def _is_seen(self, t_s: float) -> bool:
        """Whether enough is known of the rate, and lately."""
        enough = len(self._seen) == _SEEN_AT_ONCE
        return enough and self._seen[-1][0] >= t_s - SEEN_LATELY_S

    def _keeps_rate(self, breaths: Sequence[Guided], t_s: float) -> bool | None:
        """Whether it is as fast as the pacer; of the last seconds most decide."""
        if not self._is_seen(t_s):
            return None
        told = []
        for at_s, own_per_min, seen_s in self._seen:
            pace_per_min = _mean_rate(breaths, at_s - seen_s, at_s)
            if math.isnan(pace_per_min):
                return None
            told.append(keeps_pace(own_per_min, pace_per_min))
        return 2 * sum(told) > len(told)


def _mean_rate(breaths: Sequence[Guided], from_s: float, to_s: float) -> float:
    """Return how fast was paced from then to then; NaN where that is not known of all.

    The last breath goes on while the next is chosen.
    """
    count = covered_s = 0.0
    for breath in breaths:
        end_s = breath.start_s + breath.period_s
        inside_s = min(end_s, to_s) - max(breath.start_s, from_s)
        if inside_s > 0:
            covered_s += inside_s
            count += inside_s / breath.period_s
    if covered_s < 0.8 * (to_s - from_s):
        return math.nan
    return 60 * count / covered_s
