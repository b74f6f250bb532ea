"""The pace of a strap's notifications, and which of them never came.

A sender notifies at each beat or once a second. A silence longer than that means that
notifications were lost, or are late: late ones come together in a burst. So packets
after a silence are held until the next one that comes at the ordinary pace (about one
notification); then the burst is counted against the pace. Over another connection none
of them comes any more, so that nothing has to be waited for.
"""

import math
from dataclasses import dataclass, replace

from coreg.sensors.decoding.heart_rate import is_beat

HOLE_CADENCES = 1.6
_BURST_CADENCES = 0.5
# Radio of 50 ms that sends one packet in ten again leaves pauses of a strap's clock
# uneven by .019 at most, radio of half a second by .03 to .05.
_JUDGED_PACES, _UNEVEN = 60, 0.03
_LATEST_S = 1e11  # three thousand years: what lies beyond is no time of a session


@dataclass(frozen=True, slots=True, kw_only=True)
class CadenceArrival:
    """A packet, and the time that notifications missing just before it stand for.

    `marks` counts the beats that the strap itself marks as lost before its first one.
    `is_reconnected` where it is the first packet of another connection.
    """

    arrival_s: float
    rr_ms: tuple[float, ...]
    missing_s: float
    marks: int
    is_reconnected: bool


def in_parts(arrived: CadenceArrival) -> tuple[CadenceArrival, ...]:
    """Return a packet cut where its strap marked beats as lost; no mark is left in it.

    Examples
    --------
    >>> packet = CadenceArrival(
    ...     arrival_s=9.0,
    ...     rr_ms=(820.0, 0.0, 810.0, 0.0),
    ...     missing_s=0.0,
    ...     marks=0,
    ...     is_reconnected=False,
    ... )
    >>> [(part.marks, part.rr_ms) for part in in_parts(packet)]
    [(0, (820.0,)), (1, (810.0,)), (1, ())]
    """
    if all(map(is_beat, arrived.rr_ms)):
        return (arrived,)
    parts = [replace(arrived, rr_ms=())]
    for rr_ms in arrived.rr_ms:
        last = parts[-1]
        if is_beat(rr_ms):
            parts[-1] = replace(last, rr_ms=(*last.rr_ms, rr_ms))
        elif last.rr_ms:
            parts.append(_after_a_mark(arrived))
        else:
            parts[-1] = replace(last, marks=last.marks + 1)
    return tuple(parts)


def _after_a_mark(arrived: CadenceArrival) -> CadenceArrival:
    return replace(arrived, rr_ms=(), missing_s=0.0, marks=1, is_reconnected=False)


class Cadence:
    """Follows the pace of one strap's notifications."""

    def __init__(self) -> None:
        self.period_s = 1.0
        self.off_beat_s = 0.0
        self._off_period_s = 0.0
        self._paces = 0
        self._last_s = -math.inf
        self._before_hole_s = 0.0
        self._held: list[CadenceArrival] = []
        self._is_reconnected = False

    def reconnected(self) -> None:
        """Learn that what comes next comes over another connection."""
        self._is_reconnected = math.isfinite(self._last_s)

    def feed(
        self, arrival_s: float, rr_ms: tuple[float, ...]
    ) -> tuple[CadenceArrival, ...]:
        """Take in one packet; return those about which there is no doubt left."""
        # A host's clock never goes back; an arrival that does is late news.
        arrival_s = max(min(arrival_s, _LATEST_S), self._last_s, -_LATEST_S)
        pause_s = arrival_s - self._last_s
        before_s, self._last_s = self._last_s, arrival_s
        if self._is_reconnected:
            return (*self.flush(), self._first(arrival_s, rr_ms, pause_s))
        is_hole = HOLE_CADENCES * self.period_s < pause_s < math.inf
        known: tuple[CadenceArrival, ...] = ()
        if is_hole:
            known = self.flush()
            self._before_hole_s = before_s
        self._learn(pause_s)
        if not is_hole and rr_ms and is_beat(rr_ms[0]):
            self._learn_pacer(pause_s, rr_ms[0] / 1000)
        packet = CadenceArrival(
            arrival_s=arrival_s,
            rr_ms=rr_ms,
            missing_s=0.0,
            marks=0,
            is_reconnected=False,
        )
        if not is_hole and not self._held:
            return (packet,)
        self._held.append(packet)
        return known if is_hole or self._is_burst(pause_s) else self.flush()

    def flush(self) -> tuple[CadenceArrival, ...]:
        """Return what is held, knowing no more."""
        held, self._held = self._held, []
        if not held:
            return ()
        due = (held[-1].arrival_s - self._before_hole_s) / self.period_s
        missing = max(0, math.floor(due + 0.5) - len(held))
        return (replace(held[0], missing_s=missing * self.period_s), *held[1:])

    def _first(
        self, arrival_s: float, rr_ms: tuple[float, ...], pause_s: float
    ) -> CadenceArrival:
        """Return the first packet of a connection: what is missing will not come."""
        self._is_reconnected = False
        return CadenceArrival(
            arrival_s=arrival_s,
            rr_ms=rr_ms,
            missing_s=max(0.0, pause_s - self.period_s),
            marks=0,
            is_reconnected=True,
        )

    @property
    def is_of_the_heart(self) -> bool:
        """Whether the strap notifies at each beat, not by a clock."""
        return self._paces > 20 and 1.5 * self.off_beat_s < self._off_period_s

    @property
    def is_uneven(self) -> bool:
        """Whether it is known that pauses between notifications are not alike."""
        is_known = self._paces > _JUDGED_PACES
        return is_known and self._off_period_s > _UNEVEN * self.period_s

    def _learn_pacer(self, pause_s: float, rr_s: float) -> None:
        """Compare the pause with the interval that it would be, and with the pace."""
        if not self._is_burst(pause_s) and math.isfinite(pause_s):
            self._paces += 1
            weight = max(0.01, 1 / self._paces)
            off_beat_s = min(abs(pause_s - rr_s), self.period_s)
            off_period_s = abs(pause_s - self.period_s)
            self.off_beat_s += weight * (off_beat_s - self.off_beat_s)
            self._off_period_s += weight * (off_period_s - self._off_period_s)

    def _is_burst(self, pause_s: float) -> bool:
        return pause_s < _BURST_CADENCES * self.period_s

    def _learn(self, pause_s: float) -> None:
        if math.isfinite(pause_s) and not self._is_burst(pause_s):
            # A silence is hardly evidence of a slow pace; many of them are.
            pause_s = min(pause_s, 1.5 * self.period_s)
            weight = 0.1 if pause_s < 1.5 * self.period_s else 0.02
            self.period_s += weight * (pause_s - self.period_s)
