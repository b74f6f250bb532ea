"""Whether a strap's clock keeps time with the host's.

A quartz is off by less than a thousandth and a half, and waiting can hold frames up,
though not more and more of them for ever. So where the least that frames waited goes on
growing or shrinking, one of the two clocks does not tell the time, and intervals by the
strap's are wrong by as much. One step is none of that: a computer that slept, a queue
that built up once.
"""

from collections import deque
from itertools import pairwise
from typing import Final

from coreg.sensors.timing.clock_skew import MAX_SKEW

_BLOCK_S: Final = 15.0
_BLOCKS: Final = 60
_MOST_MOVED_S: Final = 3.0  # a queue of frames may grow as long, and shrink again


class TimeKept:
    """Holds one clock beside the host's.

    A clock that is off by a tenth is known after a minute and a half, one by a
    hundredth after six minutes.

    Examples
    --------
    >>> kept = TimeKept()
    >>> for second in range(120):
    ...     kept.heard(1.1 * second, 50.0 + second)
    >>> kept.is_off
    True
    """

    def __init__(self) -> None:
        self._lowest: deque[tuple[float, float]] = deque(maxlen=_BLOCKS)
        self.is_off = False

    def heard(self, strap_s: float, arrival_s: float) -> None:
        """Take that what the strap stamped so arrived then; arrivals ascend."""
        delay_s = arrival_s - strap_s
        if not self._lowest or arrival_s - self._lowest[-1][0] >= _BLOCK_S:
            self.is_off = self._parted()
            self._lowest.append((arrival_s, delay_s))
        elif delay_s < self._lowest[-1][1]:
            self._lowest[-1] = (self._lowest[-1][0], delay_s)

    def _parted(self) -> bool:
        """Whether the blocks that are over moved on, more than by one step."""
        moved_s = [late[1] - early[1] for early, late in pairwise(self._lowest)]
        if not moved_s:
            return False
        whole_s = sum(moved_s)
        sign = 1 if whole_s > 0 else -1
        by_one_s = max(sign * each for each in moved_s)
        may_drift_s = MAX_SKEW * (self._lowest[-1][0] - self._lowest[0][0])
        return abs(whole_s) - by_one_s > _MOST_MOVED_S + may_drift_s
