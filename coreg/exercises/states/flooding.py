"""Possible flooding, noticed from one heart, also while breathing is paced.

Strategy. Paced breathing makes a heart swing by 20/min and more, so an alarm on heart
rate alone rings all the time. Each whole second of the session, once a beat after it is
known, the last breath is looked at as a whole. Cleaning says which beats count, some
beats late: a notice may come a little later, and a false one may not come.

1. **Heart rate over exactly one breath**: beats within it over its length. The swing
   cancels. Without a pacer a fixed window of `FREE_WINDOW_S` takes its place.
2. **RMSSD over 20 s**, for this detector only (the floor of 30 s holds for what is
   shown): distress that raises the heart rate takes variability away, while moving a
   little or laughing often does not.
3. **A moving reference**: median and MAD of heart rate, median of RMSSD, over the two
   minutes that ended half a minute ago; frozen while flooded, though not for longer
   than five minutes. It is never below rest: who had settled deeply and comes back to
   where they usually are is not flooded.
4. **A fixed reference**: the resting heart rate. A moving one gets used to what creeps.

It says *possible*, and something is offered: it was tried on simulated hearts only, in
which nobody moves, talks or laughs.

Diffuse physiological arousal at about 100/min: Gottman & Levenson, *J. Pers. Soc.
Psychol.* 63 (1992) 221.
"""

import math
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, NamedTuple, Protocol

import numpy as np

from coreg.analysis.spread import scaled_mad
from coreg.facts.arrays import Floats

FREE_WINDOW_S: Final = 10.0
FLOODING_RMSSD_WINDOW_S: Final = 20.0
RMSSD_FEWEST: Final = 8
MIN_COVERAGE: Final = 0.6

REFERENCE_S: Final = 120.0
REFERENCE_ENDED_S: Final = 30.0
REFERENCE_FEWEST: Final = 60
RENEWED_EVERY_S: Final = 10.0
FROZEN_FOR_S: Final = 300.0
SMALLEST_SD_BPM: Final = 2.0

HIGH_Z: Final = 2.5
LOW_RMSSD: Final = 0.75
CALM_Z: Final = 1.5
FAR_ABOVE_BPM: Final = 25.0
CEILING_BPM: Final = 100.0
CEILING_ABOVE_BPM: Final = 12.0
ABOVE_REST_BPM: Final = 15.0
CALM_ABOVE_REST_BPM: Final = 12.0
RISEN_RMSSD: Final = 1.2

SUDDEN_FOR_S: Final = 10.0
CREPT_FOR_S: Final = 30.0
CALM_FOR_S: Final = 5.0

_LOST_AFTER_S: Final = (
    0.5  # a beat this much later than its interval says follows a gap
)
_KEPT_S: Final = 40.0


class HasInterval(Protocol):
    """A beat, and the interval that ended with it; NaN where cleaning rejected it."""

    @property
    def t_s(self) -> float: ...  # noqa: D102 - said above
    @property
    def nn_ms(self) -> float: ...  # noqa: D102 - said above


class Covered(NamedTuple):
    """Heart rate over a span, NaN where nothing is known, and the share known."""

    hr_bpm: float
    share: float


def hr_between(
    beats: Iterable[HasInterval], *, from_s: float, until_s: float
) -> Covered:
    """Heart rate over exactly one span: beats within it, in part where they overlap.

    Examples
    --------
    >>> beats = [_Beat(t, 500.0, math.nan) for t in (0.5, 1.0, 1.5, 2.0)]
    >>> hr_between(beats, from_s=0.25, until_s=2.25)
    Covered(hr_bpm=120.0, share=0.875)
    """
    covered_s = count = 0.0
    for beat in beats:
        nn_s = beat.nn_ms / 1000
        if math.isnan(nn_s):
            continue
        within_s = min(beat.t_s, until_s) - max(beat.t_s - nn_s, from_s)
        if within_s > 0:
            covered_s += within_s
            count += within_s / nn_s
    hr_bpm = 60 * count / covered_s if covered_s else math.nan
    return Covered(hr_bpm, covered_s / (until_s - from_s))


class FloodedSpan(NamedTuple):
    """One possible flooding; it still lasts where `off_s` is infinite."""

    on_s: float
    off_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """What was usual for this heart a while ago."""

    hr_bpm: float
    hr_sd_bpm: float
    rmssd_ms: float

    def z(self, hr_bpm: float) -> float:
        """Return how far above usual this heart rate is, in standard deviations."""
        return (hr_bpm - self.hr_bpm) / self.hr_sd_bpm


class _Beat(NamedTuple):
    t_s: float
    nn_ms: float
    change_ms: float  # from the beat before; NaN where there is none


class _Second(NamedTuple):
    t_s: float
    hr_bpm: float
    rmssd_ms: float


class FloodingWatch:
    """Watches one partner's heart.

    Parameters
    ----------
    rest_bpm : float, beats per minute
        Heart rate at rest: the lower of what Arrive showed and what is stored. NaN
        leaves the fixed reference out.
    """

    __slots__ = (
        "_after_hole",
        "_beats",
        "_breaths",
        "_calm_s",
        "_crept_s",
        "_next_s",
        "_reference",
        "_renewed_s",
        "_rest_bpm",
        "_seconds",
        "_spans",
        "_sudden_s",
    )

    def __init__(self, *, rest_bpm: float) -> None:
        self._rest_bpm = rest_bpm
        self._beats: deque[_Beat] = deque()
        self._after_hole = False
        self._breaths: deque[tuple[float, float]] = deque(maxlen=16)
        self._seconds: deque[_Second] = deque()
        self._reference: Reference | None = None
        self._renewed_s = -math.inf
        self._next_s = math.nan
        self._sudden_s = self._crept_s = self._calm_s = 0.0
        self._spans: list[FloodedSpan] = []

    @property
    def spans(self) -> tuple[FloodedSpan, ...]:
        """All possible floodings so far."""
        return tuple(self._spans)

    @property
    def is_flooded(self) -> bool:
        """Whether one is under way."""
        return bool(self._spans) and self._spans[-1].off_s == math.inf

    def rests_at(self, rest_bpm: float) -> None:
        """Take the heart rate at rest, once it is known better."""
        self._rest_bpm = rest_bpm

    def breathe(self, start_s: float, period_s: float) -> None:
        """Take a paced breath, before the beats in it."""
        self._breaths.append((start_s, period_s))

    def beat(self, t_s: float, nn_ms: float) -> None:
        """Take one beat and judge every whole second that it has passed.

        `nn_ms` is the interval that ended with it; NaN where cleaning rejected it.
        """
        if math.isnan(self._next_s):
            self._next_s = math.floor(t_s) + 1.0
        if self._beats and t_s - self._beats[-1].t_s > SUDDEN_FOR_S:
            self._sudden_s = self._crept_s = self._calm_s = 0.0
            self._next_s = math.floor(t_s) + 1.0
        while self._next_s < t_s:
            self._judge(self._next_s)
            self._next_s += 1.0
        self._keep(t_s, nn_ms)

    def _keep(self, t_s: float, nn_ms: float) -> None:
        """Keep a beat that cleaning accepted; after one that it rejected is a hole."""
        if math.isnan(nn_ms):
            self._after_hole = True
            return
        change_ms = math.nan
        if self._beats and not self._after_hole:
            before = self._beats[-1]
            if t_s - before.t_s - nn_ms / 1000 < _LOST_AFTER_S:
                change_ms = nn_ms - before.nn_ms
        self._after_hole = False
        self._beats.append(_Beat(t_s, nn_ms, change_ms))
        while self._beats[0].t_s < t_s - _KEPT_S:
            self._beats.popleft()

    def _judge(self, t_s: float) -> None:
        now = _Second(t_s, self._hr_bpm(t_s), self._rmssd_ms(t_s))
        if math.isnan(now.hr_bpm):
            return
        self._seconds.append(now)
        while self._seconds[0].t_s < t_s - REFERENCE_S - REFERENCE_ENDED_S:
            self._seconds.popleft()
        if not self.is_flooded or t_s > self._spans[-1].on_s + FROZEN_FOR_S:
            self._renew(t_s)
        self._count(now)
        if self.is_flooded:
            if self._calm_s >= CALM_FOR_S:
                self._spans[-1] = FloodedSpan(self._spans[-1].on_s, t_s)
                self._crept_s = 0.0
        elif self._sudden_s >= SUDDEN_FOR_S or self._crept_s >= CREPT_FOR_S:
            self._spans.append(FloodedSpan(t_s, math.inf))

    def _count(self, now: _Second) -> None:
        """Count for how long each of the three has been so."""
        self._sudden_s = self._sudden_s + 1 if self._is_sudden(now) else 0.0
        # What creeps crosses a line more than once: a second below takes one back.
        crept = 1.0 if self._has_crept(now) else -1.0
        self._crept_s = max(self._crept_s + crept, 0.0)
        self._calm_s = self._calm_s + 1 if self._is_calm(now) else 0.0

    def _is_sudden(self, now: _Second) -> bool:
        usual = self._reference
        if usual is None:
            return False
        ceiling_bpm = min(
            usual.hr_bpm + FAR_ABOVE_BPM,
            max(CEILING_BPM, usual.hr_bpm + CEILING_ABOVE_BPM),
        )
        is_high = usual.z(now.hr_bpm) > HIGH_Z
        is_stiff = now.rmssd_ms < LOW_RMSSD * usual.rmssd_ms
        return (is_high and is_stiff) or now.hr_bpm > ceiling_bpm

    def _has_crept(self, now: _Second) -> bool:
        """Whether the heart is far above rest, and not because the breath grew."""
        if not now.hr_bpm > self._rest_bpm + ABOVE_REST_BPM:
            return False
        usual = self._reference
        return usual is None or not now.rmssd_ms > RISEN_RMSSD * usual.rmssd_ms

    def _is_calm(self, now: _Second) -> bool:
        if now.hr_bpm > self._rest_bpm + CALM_ABOVE_REST_BPM:
            return False
        usual = self._reference
        return usual is None or usual.z(now.hr_bpm) < CALM_Z

    def _renew(self, t_s: float) -> None:
        if t_s - self._renewed_s < RENEWED_EVERY_S:
            return
        ended_s = t_s - REFERENCE_ENDED_S
        past = [each for each in self._seconds if each.t_s <= ended_s]
        if len(past) < REFERENCE_FEWEST:
            return
        hr_bpm = np.array([each.hr_bpm for each in past])
        rmssd_ms = np.array([each.rmssd_ms for each in past])
        if np.isnan(rmssd_ms).all():
            return
        middle_bpm = float(np.median(hr_bpm))
        self._reference = Reference(
            hr_bpm=float(np.fmax(middle_bpm, self._rest_bpm)),
            hr_sd_bpm=max(scaled_mad(hr_bpm), SMALLEST_SD_BPM),
            rmssd_ms=float(np.nanmedian(rmssd_ms)),
        )
        self._renewed_s = t_s

    def _hr_bpm(self, t_s: float) -> float:
        """Return heart rate over exactly one breath that ends now; NaN if unknown."""
        from_s = t_s - self._window_s(t_s)
        now = hr_between(self._beats, from_s=from_s, until_s=t_s)
        return now.hr_bpm if now.share >= MIN_COVERAGE else math.nan

    def _window_s(self, t_s: float) -> float:
        """Return the length of the last breath that is out, or a fixed one."""
        for start_s, period_s in reversed(self._breaths):
            if start_s + period_s <= t_s:
                is_paced = t_s - start_s - period_s < 2 * period_s
                return period_s if is_paced else FREE_WINDOW_S
        return FREE_WINDOW_S

    def _rmssd_ms(self, t_s: float) -> float:
        changes_ms = [
            beat.change_ms
            for beat in self._beats
            if beat.t_s > t_s - FLOODING_RMSSD_WINDOW_S
            and not math.isnan(beat.change_ms)
        ]
        if len(changes_ms) < RMSSD_FEWEST:
            return math.nan
        return math.sqrt(sum(c * c for c in changes_ms) / len(changes_ms))


def flooded_spans(
    t_s: Floats,
    nn_ms: Floats,
    breaths: Iterable[tuple[float, float]],
    *,
    rest_bpm: float,
) -> tuple[FloodedSpan, ...]:
    """Find all possible floodings of a recorded session.

    Parameters
    ----------
    t_s : ndarray, shape (n,), seconds
        Beat times, ascending.
    nn_ms : ndarray, shape (n,), milliseconds
        The interval that ended with each beat; NaN where cleaning rejected it.
    breaths : iterable of (float, float), seconds
        Start and period of the paced breaths, in order; none where nobody was paced.
    rest_bpm : float, beats per minute
        Heart rate at rest; NaN where it is not known.

    Returns
    -------
    tuple of Span
        As the live watch found them: a start uses nothing after it.

    Examples
    --------
    >>> t_s = np.cumsum(np.full(300, 0.9))
    >>> flooded_spans(t_s, np.full(300, 900.0), [], rest_bpm=65.0)
    ()
    """
    watch = FloodingWatch(rest_bpm=rest_bpm)
    ahead = deque(breaths)
    for beat_t_s, beat_nn_ms in zip(t_s.tolist(), nn_ms.tolist(), strict=True):
        while ahead and ahead[0][0] <= beat_t_s:
            watch.breathe(*ahead.popleft())
        watch.beat(beat_t_s, beat_nn_ms)
    return watch.spans
