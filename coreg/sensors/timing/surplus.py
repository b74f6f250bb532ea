"""More time in beats than on the clock: whatever the cause, such beats are not true.

Strategy. The sum of all RR less the time of arrival, the *surplus*, stays level while
all goes well. Lost beats lower it, and packets that come late lower it until they are
there; nothing that happens on the way can raise it above where it was. So it is held
against its highest value one to two minutes ago, when whatever was late then has come
since. Beats that are made up or counted twice raise it without end.

Neither a pace of packets nor their bytes are asked: whoever doubles them, and however,
the clock goes on by itself.
"""

import math
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass

LOOKED_BACK_S = 120.0
"""How far before it was noticed the beats may be untrue already."""
MOST_SHARE = 0.1

_SPAN_S = 60.0
_NEAR_S = 0.25
_FEWEST = 10
# A longer one is none of a beating heart: it may span a silence, and has its own label.
_LONGEST_RR_MS = 3000.0


@dataclass(frozen=True, slots=True, kw_only=True)
class SurplusStretch:
    """A stretch of arrivals in which more time was in beats than on the clock."""

    start_s: float
    end_s: float


class Surplus:
    """Follows the surplus of one heart.

    Examples
    --------
    >>> surplus = Surplus()
    >>> [surplus.feed(t_s, (600.0, 600.0)) for t_s in map(float, range(100))][-1]
    >>> surplus.holds, surplus.close()
    (True, SurplusStretch(start_s=-1.2, end_s=99.0))
    """

    def __init__(self) -> None:
        self.holds = False
        self._beats_s = 0.0
        self._first_s = self._last_s = math.nan
        self._before: deque[tuple[float, float]] = deque()
        self._start_s = math.nan

    def feed(self, t_s: float, rr_ms: Iterable[float]) -> SurplusStretch | None:
        """Take intervals as they arrived; return a stretch that is over."""
        beats_s = sum(rr for rr in rr_ms if 0 < rr <= _LONGEST_RR_MS) / 1000
        if math.isnan(self._first_s):
            self._first_s = t_s - beats_s
        elif t_s - self._last_s >= _NEAR_S:
            # Only of what came together the last is as high as all of it.
            self._before.append((self._last_s, self._beats_s - self._last_s))
        while self._before and self._before[0][0] < t_s - LOOKED_BACK_S:
            self._before.popleft()
        self._last_s = t_s
        self._beats_s += beats_s
        was, self.holds = self.holds, self._is_above(self._beats_s - t_s)
        if self.holds and not was:
            self._start_s = max(self._first_s, t_s - LOOKED_BACK_S)
        return self._stretch() if was and not self.holds else None

    def close(self) -> SurplusStretch | None:
        """Return the stretch that lasts to the end, where one does."""
        was, self.holds = self.holds, False
        return self._stretch() if was else None

    def _is_above(self, surplus_s: float) -> bool:
        most_s, until_s = MOST_SHARE * _SPAN_S, self._last_s - _SPAN_S
        # Of a heart whose beats are true the first one asked answers.
        if any(surplus_s - s <= most_s for t_s, s in self._before if t_s <= until_s):
            return False
        return sum(t_s <= until_s for t_s, _ in self._before) >= _FEWEST

    def _stretch(self) -> SurplusStretch:
        return SurplusStretch(start_s=self._start_s, end_s=self._last_s)


def overcounted(
    packets: Iterable[tuple[float, tuple[float, ...]]],
) -> tuple[SurplusStretch, ...]:
    """Return the stretches of a recording, its packets in order of arrival."""
    surplus = Surplus()
    found = [surplus.feed(t_s, rr_ms) for t_s, rr_ms in packets]
    return tuple(each for each in (*found, surplus.close()) if each is not None)


def lasted_s(stretches: Iterable[SurplusStretch]) -> float:
    """Return how long stretches lasted in all, what they share counted once.

    Examples
    --------
    >>> early = SurplusStretch(start_s=0.0, end_s=9.0)
    >>> lasted_s([early, SurplusStretch(start_s=5.0, end_s=10.0)])
    10.0
    """
    total_s, until_s = 0.0, -math.inf
    for each in stretches:
        total_s += max(0.0, each.end_s - max(each.start_s, until_s))
        until_s = max(until_s, each.end_s)
    return total_s
