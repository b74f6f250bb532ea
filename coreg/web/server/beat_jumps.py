"""How the beats of one strap jump: which strap is whose, and nothing of the heart.

Whoever taps a strap shakes its electrodes, and its next intervals come out far too long
or too short. That is all that is shown, for long enough to see which line jumps. Up to
`STILL_BELOW` the line lies still, so neither a heart's rate nor its calm can be read
from it. (A heart that beats irregularly makes it jump, too.)
"""

import math
from collections import deque

from coreg.sensors.decoding import heart_rate
from coreg.sensors.timing.silence import SILENT_S

SHOWN_S = 30.0
SHOWN_RATE_HZ = 4.0
# Beyond the change of a fifth from beat to beat at which a beat begins to be taken for
# an artefact; a beat that is missed or counted twice doubles or halves it.
STILL_BELOW = 0.25


class BeatJumps:
    """Jumps from each interval to the next, as the packets told them."""

    def __init__(self) -> None:
        self._beats: deque[tuple[float, float]] = deque(maxlen=256)
        self._last_rr_ms = math.nan

    def hear(self, at_s: float, data: bytes) -> None:
        """Take one packet; its beats lie before its arrival.

        Raises
        ------
        BadPacketError
            If it is no Heart Rate Measurement; nothing is taken then.
        """
        rr_ms = list(filter(heart_rate.is_beat, heart_rate.decode(data).rr_ms))
        for number, each_ms in enumerate(rr_ms):
            beat_s = at_s - sum(rr_ms[number + 1 :]) / 1000
            self._beats.append((beat_s, _jump(self._last_rr_ms, each_ms)))
            self._last_rr_ms = each_ms

    def at(self, now_s: float) -> tuple[float, ...]:
        """Return the last `SHOWN_S`, `SHOWN_RATE_HZ` a second: 0 to 1, NaN unknown.

        A jump stands at the first moment after its beat. `SILENT_S` after a beat
        nothing is known until the next one.
        """
        step_s = 1 / SHOWN_RATE_HZ
        count = round(SHOWN_S * SHOWN_RATE_HZ)
        jumps, last_s = [], -math.inf
        beats = iter((*self._beats, (math.inf, 0.0)))
        next_s, next_jump = next(beats)
        for moment in range(count):
            t_s = now_s - (count - 1 - moment) * step_s
            highest = 0.0
            while next_s <= t_s:
                last_s = next_s
                highest = max(highest, next_jump) if t_s - next_s < step_s else 0.0
                next_s, next_jump = next(beats)
            jumps.append(highest if t_s - last_s < SILENT_S else math.nan)
        return tuple(jumps)


def _jump(before_ms: float, after_ms: float) -> float:
    share = abs(after_ms - before_ms) / before_ms
    return min(share, 1.0) if share >= STILL_BELOW else 0.0  # NaN: nothing before
