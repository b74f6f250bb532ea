"""Beats of a strap that counts them and says when the last one was (ANT+).

Each beat is broadcast some times, so most losses on the air lose none. What is lost
shows in the count: so many beats are marked as lost, and the interval that ends with
the next one is known only where the strap says when the beat before it was, or once two
beats in a row were heard. Counts wrap at 256 and times at 64 s: after a silence in
which either may have gone round, and where a count steps as no heart beats in the time
that passed, everything begins anew after a gap.

The strap's own times are put on the host's clock by the quickest broadcasts
(`device_clock.HostsClock`). Until so many came that the quickest is known, none is
given: what comes first would stand up to a quarter of a second late.
"""

from dataclasses import dataclass
from typing import Final

from coreg.sensors.decoding.ant_heart_rate import (
    COUNTS_WRAP,
    TICKS_PER_S,
    TIMES_WRAP,
    AntHeartRate,
)
from coreg.sensors.timing.device_clock import HostsClock
from coreg.sensors.timing.samples import LOST_MS

_WARM_UP_BEATS: Final = 16
_WRAPS_S: Final = TIMES_WRAP / TICKS_PER_S
_LONGEST_SILENCE_S: Final = _WRAPS_S - 4.0
_SPARE_S: Final = 2.0  # what a broadcast may be held up
_MOST_BEATS_PER_S: Final = 4.2  # the shortest interval that is one: 240 ms


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedBeats:
    """Beats that became known by one broadcast: `t_s` on the host's clock is the last.

    `rr_ms` holds `LOST_MS` for each that was lost, and then the interval that ends with
    the last one, where it is known.
    """

    t_s: float
    rr_ms: tuple[float, ...]


class BeatCounter:
    """Follows one strap's count.

    Examples
    --------
    >>> def beat(count, ticks):
    ...     return AntHeartRate(page=0, toggle=False, of_page=bytes(3),
    ...         beat_ticks=ticks, beat_count=count, hr_bpm=60)
    >>> counter = BeatCounter(warm_up_beats=0)
    >>> counter.feed(5.0, beat(255, 65_000)) is None  # no interval yet
    True
    >>> counter.feed(6.0, beat(0, 488)).rr_ms  # both went round: 1024 ticks
    (1000.0,)
    >>> counter.feed(6.25, beat(0, 488)) is None  # the same beat again
    True
    >>> counter.feed(8.0, beat(2, 2536)).rr_ms  # one beat between was not heard
    (0.0, 0.0)
    """

    def __init__(self, warm_up_beats: int = _WARM_UP_BEATS) -> None:
        self._warm_up = warm_up_beats
        self._begin()
        self._toggle: bool | None = None
        self._has_pages = False

    def _begin(self) -> None:
        self._last: AntHeartRate | None = None
        self._arrival_s = self._strap_s = 0.0
        self._host = HostsClock()
        self._beats = 0
        self._owes_mark = False

    def feed(self, arrival_s: float, said: AntHeartRate) -> CountedBeats | None:
        """Take a broadcast; return the beats that became known by it, if any did."""
        if self._toggle is not None and said.toggle != self._toggle:
            self._has_pages = True
        self._toggle = said.toggle
        last = self._last
        if last is None:
            self._heard(arrival_s, said)
            return None
        count = (said.beat_count - last.beat_count) % COUNTS_WRAP
        ticks = (said.beat_ticks - last.beat_ticks) % TIMES_WRAP
        if count == 0 and ticks == 0:
            return None
        if not self._goes_on(arrival_s, count, ticks):
            self._begin()
            self._owes_mark = True
            self._heard(arrival_s, said)
            return None
        self._strap_s += ticks / TICKS_PER_S
        self._heard(arrival_s, said)
        return self._known(count, self._interval_ms(said, count, ticks))

    def _heard(self, arrival_s: float, said: AntHeartRate) -> None:
        self._host.heard(self._strap_s, arrival_s)
        self._last, self._arrival_s = said, arrival_s
        self._beats += 1

    def _goes_on(self, arrival_s: float, count: int, ticks: int) -> bool:
        """Whether these steps of count and time can be those of a heart."""
        passed_s = arrival_s - self._arrival_s
        if count == 0 or passed_s > _LONGEST_SILENCE_S:
            return False
        took_s = ticks / TICKS_PER_S
        is_timely = took_s <= passed_s + _SPARE_S
        return is_timely and count <= _MOST_BEATS_PER_S * (took_s + _SPARE_S)

    def _interval_ms(self, said: AntHeartRate, count: int, ticks: int) -> float | None:
        """Return the interval that ended with the last beat, where it is known."""
        if count == 1:
            return 1000 * ticks / TICKS_PER_S
        if not self._has_pages or said.previous_ticks is None:
            return None
        before = (said.beat_ticks - said.previous_ticks) % TIMES_WRAP
        return 1000 * before / TICKS_PER_S if before <= ticks else None

    def _known(self, count: int, rr_ms: float | None) -> CountedBeats | None:
        if self._beats <= self._warm_up:
            return None
        lost = count - 1 if rr_ms is not None else count
        marks = (LOST_MS,) * (lost + self._owes_mark)
        self._owes_mark = False
        return CountedBeats(
            t_s=self._strap_s + self._host.less_strap_s(self._strap_s),
            rr_ms=marks if rr_ms is None else (*marks, rr_ms),
        )
