"""A strap's habits, seen in what it sends: pure, packet by packet.

Strategy. Two kinds of habit are told apart.

* *States* hold for a while (no signal, no contact, no RR). They are noticed once they
  have held for some seconds, and again after they were over.
* *Counts* need a stretch without losses: the sum of RR has to grow as fast as time.
  Its slope against arrival is 1 for a sound strap; 1000/1024 says that milliseconds
  were sent where the standard has 1/1024 s (noop #2195); below 0.9 beats are left out.
  A hole in the cadence starts a new stretch, because a lost packet would look like a
  slow count. They are noticed once. That beats are made up (noop #1118) is for
  `surplus` to notice: no loss looks like it, and packets that come twice would break
  each stretch.

Equal intervals in a row are real (noop #257), so nothing is ever de-duplicated.
"""

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from coreg.facts.events import Quirk
from coreg.sensors.decoding.heart_rate import TICKS_PER_S, HeartRateMeasurement, is_beat

NO_RR_S = 10.0
_STATE_S = 5.0
_HOLE_CADENCES = 1.7
_LONGEST_CADENCE_S = 2.0
_COUNTED_S = 60.0
_UNIT_S = 180.0
_LEAST_COVERAGE = 0.9
_MS_SLOPE = 1000 / TICKS_PER_S
_MS_TOLERANCE = 0.006  # of 0.023 between the units; clocks are within 0.0015
_FILL_MS = 500.0
_FILL_HR_BPM = 60_000 / _FILL_MS
_FILLS, _AMONG = 3, 20
_READ = 30  # beats: half a minute
_LOST, _READABLE = 0.5, 0.8


@dataclass(frozen=True, slots=True, kw_only=True)
class Habit:
    """A state that one measurement shows; it is noticed once it has held for a while.

    `quirk` has its words in `quirks/words.py`.
    """

    quirk: Quirk
    lasts_s: float
    holds: Callable[[HeartRateMeasurement], bool]


HABITS: Final = (
    Habit(
        quirk=Quirk.NO_SIGNAL,
        lasts_s=_STATE_S,
        holds=lambda said: said.hr_bpm == 0,
    ),
    Habit(
        quirk=Quirk.NO_CONTACT,
        lasts_s=_STATE_S,
        holds=lambda said: said.contact is False,
    ),
    Habit(
        quirk=Quirk.CONTACT_UNKNOWN,
        lasts_s=_STATE_S,
        holds=lambda said: said.contact is None,
    ),
    Habit(
        quirk=Quirk.NO_RR,
        lasts_s=NO_RR_S,
        holds=lambda said: said.hr_bpm > 0 and not any(map(is_beat, said.rr_ms)),
    ),
)


class ReadableWatch:
    """Notices that most beats are no beats, and again once that was over.

    Examples
    --------
    >>> watch = ReadableWatch()
    >>> watch.feed([False] * 30), watch.feed([False] * 30)
    ((<Quirk.UNREADABLE: 'unreadable'>,), ())
    """

    def __init__(self) -> None:
        self._accepted: deque[bool] = deque(maxlen=_READ)
        self._is_unreadable = False

    @property
    def is_readable(self) -> bool:
        """Whether most of the last beats were beats."""
        return not self._is_unreadable

    def feed(self, accepted: Iterable[bool]) -> tuple[Quirk, ...]:
        """Take of each beat whether cleaning accepted it."""
        self._accepted.extend(accepted)
        if len(self._accepted) < _READ:
            return ()
        share = sum(self._accepted) / _READ
        if self._is_unreadable:
            self._is_unreadable = share < _READABLE
            return ()
        self._is_unreadable = share < _LOST
        return (Quirk.UNREADABLE,) if self._is_unreadable else ()


class QuirkWatch:
    """Notices the habits of one strap.

    Examples
    --------
    >>> from coreg.sensors.decoding.heart_rate import decode
    >>> watch = QuirkWatch()
    >>> [watch.feed(t_s, decode(bytes([0x06, 61]))) for t_s in (0.0, 5.0, 10.0)]
    [(), (), (<Quirk.NO_RR: 'no RR'>,)]
    """

    def __init__(self) -> None:
        self._states = {habit.quirk: _State(habit.lasts_s) for habit in HABITS}
        self._stretch = _Stretch()
        self._recent_rr_ms: deque[float] = deque(maxlen=_AMONG)
        self._noticed: set[Quirk] = set()

    def feed(self, t_s: float, said: HeartRateMeasurement) -> tuple[Quirk, ...]:
        """Take one measurement as it arrived; return what is noticed with it."""
        noticed = [
            habit.quirk
            for habit in HABITS
            if self._states[habit.quirk].begins(t_s, holds=habit.holds(said))
        ]
        counted = [*self._fills(said), *self._stretch.feed(t_s, said.rr_ms)]
        return tuple(filter(self._is_new, (*noticed, *counted)))

    @property
    def now(self) -> tuple[Quirk, ...]:
        """What holds now: states as long as they last, counts from then on."""
        return tuple(
            quirk
            for quirk in Quirk
            if quirk in self._noticed
            and (quirk not in self._states or self._states[quirk].is_said)
        )

    def _is_new(self, quirk: Quirk) -> bool:
        """Whether to say it: counts and what never changes only once."""
        lasting = quirk not in self._states or quirk is Quirk.CONTACT_UNKNOWN
        known = lasting and quirk in self._noticed
        self._noticed.add(quirk)
        return not known

    def _fills(self, said: HeartRateMeasurement) -> list[Quirk]:
        """Notice intervals of exactly 500 ms where the heart rate is another."""
        self._recent_rr_ms.extend(said.rr_ms)
        fits = abs(said.hr_bpm - _FILL_HR_BPM) < 0.2 * _FILL_HR_BPM
        many = self._recent_rr_ms.count(_FILL_MS) >= _FILLS
        return [Quirk.FILL_VALUES] if many and said.hr_bpm > 0 and not fits else []


class _State:
    """Something that has to hold for a while before it is worth a word."""

    def __init__(self, lasts_s: float) -> None:
        self._lasts_s = lasts_s
        self._since_s: float | None = None
        self.is_said = False

    def begins(self, t_s: float, *, holds: bool) -> bool:
        """Whether it has held long enough now, for the first time."""
        if not holds:
            self._since_s, self.is_said = None, False
            return False
        if self._since_s is None:
            self._since_s = t_s
        if self.is_said or t_s - self._since_s < self._lasts_s:
            return False
        self.is_said = True
        return True


class _Stretch:
    """The sum of RR against arrival, as long as nothing is lost."""

    def __init__(self) -> None:
        self._cadence_s = 1.0
        self._last_s: float | None = None
        self._last_rr_s = 0.0
        self._line = _Line()

    def feed(self, t_s: float, rr_ms: tuple[float, ...]) -> list[Quirk]:
        if self._last_s is None or self._is_broken(t_s):
            self._line = _Line()
            self._last_rr_s = t_s
            rr_ms = ()  # they belong to the time before
        else:
            pause_s = min(t_s - self._last_s, _LONGEST_CADENCE_S)
            self._cadence_s += 0.1 * (pause_s - self._cadence_s)
        if rr_ms:
            self._last_rr_s = t_s
        self._last_s = t_s
        self._line.add(t_s, sum(rr_ms) / 1000)
        return self._judged()

    def _is_broken(self, t_s: float) -> bool:
        last_s = t_s if self._last_s is None else self._last_s
        hole = t_s - last_s > _HOLE_CADENCES * self._cadence_s
        return hole or t_s - self._last_rr_s > _STATE_S

    def _judged(self) -> list[Quirk]:
        if self._line.length_s < _COUNTED_S:
            return []
        slope = self._line.slope()
        if slope < _LEAST_COVERAGE:
            return [Quirk.UNDER_COUNTED]
        is_ms = abs(slope - _MS_SLOPE) < _MS_TOLERANCE
        return [Quirk.RR_IN_MS] if is_ms and self._line.length_s >= _UNIT_S else []


class _Line:
    """Least squares of the sum of RR over arrival, point by point (Welford 1962)."""

    def __init__(self) -> None:
        self._count = 0
        self._first_s = self._last_s = 0.0
        self._sum_s = 0.0
        self._mean_t_s = self._mean_sum_s = 0.0
        self._spread = self._together = 0.0

    @property
    def length_s(self) -> float:
        return self._last_s - self._first_s

    def add(self, t_s: float, rr_s: float) -> None:
        self._sum_s += rr_s
        if not self._count:
            self._first_s = t_s
        self._last_s = t_s
        self._count += 1
        off_s = t_s - self._mean_t_s
        self._mean_t_s += off_s / self._count
        self._mean_sum_s += (self._sum_s - self._mean_sum_s) / self._count
        self._spread += off_s * (t_s - self._mean_t_s)
        self._together += off_s * (self._sum_s - self._mean_sum_s)

    def slope(self) -> float:
        return self._together / self._spread if self._spread else 1.0
