"""The last half minute of one heart, for Home and Fit; nothing is analysed here."""

import math
from collections import deque

from coreg.sensors.decoding import heart_rate
from coreg.sensors.timing.silence import SILENT_S

TRACE_S = 30.0
TRACE_RATE_HZ = 4.0


class HeartTrace:
    """A heart's rate from beat to beat, as its packets told it."""

    def __init__(self) -> None:
        self._beats: deque[tuple[float, float]] = deque(maxlen=256)

    def hear(self, at_s: float, data: bytes) -> None:
        """Take one packet; its beats lie before its arrival.

        Raises
        ------
        BadPacketError
            If it is no Heart Rate Measurement; nothing is taken then.
        """
        rr_ms = list(filter(heart_rate.is_beat, heart_rate.decode(data).rr_ms))
        ends_s = [at_s - sum(rr_ms[i + 1 :]) / 1000 for i in range(len(rr_ms))]
        self._beats.extend(zip(ends_s, (60_000 / rr for rr in rr_ms), strict=True))

    def at(self, now_s: float) -> tuple[float, ...]:
        """Return the rate at each point of the trace, straight from beat to beat.

        After the last beat it stays where it was; after `SILENT_S` nothing is known.
        """
        count = round(TRACE_S * TRACE_RATE_HZ)
        times_s = [now_s - (count - 1 - i) / TRACE_RATE_HZ for i in range(count)]
        beats = iter((*self._beats, (math.inf, math.nan)))
        trace, last, following = [], (-math.inf, math.nan), next(beats)
        for t_s in times_s:
            while following[0] <= t_s:
                last, following = following, next(beats)
            trace.append(_between(last, following, t_s))
        return tuple(trace)


def _between(
    last: tuple[float, float], following: tuple[float, float], t_s: float
) -> float:
    (last_s, last_bpm), (next_s, next_bpm) = last, following
    if t_s - last_s >= SILENT_S:
        return math.nan
    if next_s - last_s >= SILENT_S:
        return last_bpm  # no line is drawn over a gap
    share = (t_s - last_s) / (next_s - last_s)
    return last_bpm + share * (next_bpm - last_bpm)
