"""When a heart beat where the sender stamps each beat with its own time.

Such a time needs no inference: the last beat of a delivery stands at its stamp, those
before it by their intervals, and a beat that is missing shows at once, as time that no
interval accounts for. But a sender may as well stamp what it passes on with when it
came. What comes once a second from a heart at sixty looks like beats for a while. So
each stamp is held against its interval, and where stamps and intervals disagree for
long, times are inferred from then on as those of arrivals are (`beats`).
"""

import math
from collections import deque
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from coreg.sensors.decoding.heart_rate import is_beat
from coreg.sensors.timing.beats import BeatClock, Delivery, TimedBeat

NEAR_S: Final = 0.02
"""So far from its interval a stamp may be that is the time of its beat."""

_FEWEST: Final = 4
_JUDGED, _MOST_OFF = 20, 10
_NEAREST_S: Final = 2.0**-40
_LOST_SHARE: Final = 0.5  # of an interval


def are_beat_times(deliveries: Sequence[Delivery]) -> bool:
    """Whether the first deliveries of a sender are stamped with when its beats were.

    Examples
    --------
    >>> are_beat_times([(0.8 * n, (800.0,)) for n in range(5)])
    True
    >>> are_beat_times([(1.0 * n, (800.0,)) for n in range(5)])
    False
    """
    off_s = [
        abs(t_s - before_s - rr_ms[0] / 1000)
        for (before_s, _), (t_s, rr_ms) in pairwise(deliveries)
        if len(rr_ms) == 1 and is_beat(rr_ms[0])
    ]
    return len(off_s) >= _FEWEST and max(off_s) <= NEAR_S


class StampedClock:
    """Times the beats of a sender that stamps them.

    Examples
    --------
    >>> clock = StampedClock()
    >>> [beat.t_s for beat in clock.feed(10.0, (750.0, 500.0))]
    [9.5, 10.0]
    """

    def __init__(self) -> None:
        self._by_arrival = BeatClock()
        self._is_believed = True
        self._off: deque[bool] = deque(maxlen=_JUDGED)
        self._stamp_s = self._last_s = -math.inf
        self._after_mark = False

    def feed(self, stamp_s: float, rr_ms: tuple[float, ...]) -> tuple[TimedBeat, ...]:
        """Take beats that carry one time, that of the last; return them with theirs."""
        by_arrival = self._by_arrival.feed(stamp_s, rr_ms)
        if not self._is_believed:
            return self._after(by_arrival)
        self._judge(stamp_s, rr_ms)
        timed = []
        for k, each_ms in enumerate(rr_ms):
            if not is_beat(each_ms):
                self._after_mark = True
                continue
            later_s = sum(rr for rr in rr_ms[k + 1 :] if is_beat(rr)) / 1000
            timed.append(self._timed(stamp_s - later_s, each_ms))
        return tuple(timed)

    def reconnected(self) -> None:
        """Learn that the connection broke: what did not come yet never will."""
        self._by_arrival.reconnected()

    def flush(self) -> tuple[TimedBeat, ...]:
        """Give out what is held."""
        held = self._by_arrival.flush()
        return () if self._is_believed else self._after(held)

    def _judge(self, stamp_s: float, rr_ms: tuple[float, ...]) -> None:
        if len(rr_ms) != 1 or not is_beat(rr_ms[0]):
            return
        before_s, self._stamp_s = self._stamp_s, stamp_s
        if math.isfinite(before_s):
            self._off.append(abs(stamp_s - before_s - rr_ms[0] / 1000) > NEAR_S)
        self._is_believed = sum(self._off) <= _MOST_OFF

    def _timed(self, t_s: float, rr_ms: float) -> TimedBeat:
        off_s = t_s - self._last_s - rr_ms / 1000
        is_first = not math.isfinite(self._last_s)
        is_odd = not is_first and abs(off_s) > _LOST_SHARE * rr_ms / 1000
        after_gap = self._after_mark or is_odd
        self._after_mark = False
        self._last_s = max(t_s, self._last_s + _NEAREST_S)
        return TimedBeat(t_s=self._last_s, rr_ms=rr_ms, after_gap=after_gap)

    def _after(self, beats: tuple[TimedBeat, ...]) -> tuple[TimedBeat, ...]:
        """Return beats by arrival, none of them before one that was given out."""
        own = []
        for beat in beats:
            if beat.t_s > self._last_s:
                own.append(beat)
                self._last_s = beat.t_s
        return tuple(own)
