"""Packets that come again because somebody else listens too: pure, packet by packet.

BlueZ hands a notification out once for each program that asked for it, and each of
them receives all of these: with a second listener on the same strap every packet comes
twice, within milliseconds; with a third, three times.

Strategy. Equal bytes alone prove nothing. A heart that beats evenly sends equal packets
a second apart, and after the radio stalled they arrive together: then the silence
before was as long as they are. So what comes again within `NEAR_S` is judged by two
things.

1. **Room on the clock.** Each packet of a strap stands for a part of the time that has
   passed. What the silence before leaves over (`_owed`, in packets) is room for equal
   packets that waited; without room, what comes again has come already. The first
   packet of a connection has waited for nobody.
2. **How often each packet came lately** (`_times`), counted where there was no room, so
   that it is certain. Where every packet comes twice, so do those after a stall.

What differs in one bit is always another packet. A second listener that begins or ends
in the middle of a stall may cost or add one of two equal packets, and no more.
"""

from collections import deque
from dataclasses import dataclass
from statistics import median

NEAR_S = 0.1
"""The fastest heart leaves 240 ms between its beats; repeats come within 20 ms."""

_USUAL_PAUSE_S = 1.0
_PAUSES, _ENOUGH_PAUSES = 9, 5
_ROOM = 0.6
_FORGETTING = 0.9
_SILENT_PAUSES = 1.6
_OF_THE_HEART = 0.2


@dataclass(slots=True)
class _Heard:
    """Equal packets within `NEAR_S` of one another."""

    last_s: float
    times: int
    is_certain: bool


class Repeats:
    """Knows the packets of one strap that came already.

    Examples
    --------
    >>> repeats = Repeats()
    >>> [repeats.is_repeat(t_s, b"812", (812.0,)) for t_s in (1.0, 1.004, 2.0, 2.003)]
    [False, True, False, True]
    """

    def __init__(self) -> None:
        self._near: dict[bytes, _Heard] = {}
        self._times = 1
        self._pauses_s: deque[float] = deque(maxlen=_PAUSES)
        self._last_s: float | None = None
        self._owed = 0.0
        self._was_paced = False

    def is_repeat(self, t_s: float, data: bytes, rr_ms: tuple[float, ...]) -> bool:
        """Take one packet as it arrived; say whether it had come already."""
        self._forget(t_s)
        before = self._near.get(data)
        if before is None:
            self._keep(t_s, rr_ms)
            has_room = self._owed >= _ROOM
            self._near[data] = _Heard(last_s=t_s, times=1, is_certain=not has_room)
            return False
        before.last_s = t_s
        is_usual = before.times % self._times != 0
        before.times += 1
        if is_usual or self._room(t_s) < _ROOM:
            return True
        self._keep(t_s, rr_ms)
        return False

    def reconnected(self) -> None:
        """Take note of a new connection: nothing waits in it from before."""
        self._near.clear()
        self._last_s, self._owed = None, 0.0

    def _forget(self, t_s: float) -> None:
        """Learn from what is over: how often packets come at present."""
        for data, heard in list(self._near.items()):
            if t_s - heard.last_s > NEAR_S:
                del self._near[data]
                if heard.is_certain:
                    self._times = heard.times

    def _room(self, t_s: float) -> float:
        """Return for how many more packets there is time."""
        passed_s = 0.0 if self._last_s is None else t_s - self._last_s
        return self._owed + passed_s / self._pace_s()

    def _keep(self, t_s: float, rr_ms: tuple[float, ...]) -> None:
        """Take a packet's part from the time that has passed since the one before."""
        if self._last_s is not None:
            pause_s = t_s - self._last_s
            had_room = self._owed >= _ROOM
            self._owed = max(0.0, self._owe(pause_s, sum(rr_ms) / 1000))
            if pause_s > NEAR_S and not had_room:
                self._pauses_s.append(pause_s)
        self._last_s = t_s

    def _owe(self, pause_s: float, beats_s: float) -> float:
        """Return how many more packets there is room for, below 0 where for none."""
        pace_s = self._pace_s()
        was_paced, self._was_paced = self._was_paced, False
        if pause_s <= NEAR_S:  # it waited with the one before
            part = min(1.0, beats_s / pace_s) if beats_s > 0 else 1.0
            return self._owed + pause_s / pace_s - part
        # A strap that sends at each beat was silent because the heart was.
        is_of_the_heart = abs(pause_s - beats_s) < _OF_THE_HEART * pace_s
        expected_s = max(beats_s, pace_s) if is_of_the_heart else pace_s
        self._was_paced = pause_s <= _SILENT_PAUSES * pace_s
        # What comes at the usual pace, and again, says that nothing waits: it was lost.
        is_lost = was_paced and self._was_paced
        owed = _FORGETTING * self._owed if is_lost else self._owed
        return owed + (pause_s - expected_s) / pace_s

    def _pace_s(self) -> float:
        """Return the usual pause between packets; while few are known, at most 1 s."""
        if not self._pauses_s:
            return _USUAL_PAUSE_S
        pace_s = median(self._pauses_s)
        if len(self._pauses_s) < _ENOUGH_PAUSES:
            return min(pace_s, _USUAL_PAUSE_S)
        return pace_s
