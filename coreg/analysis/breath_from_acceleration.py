"""The breath from a chest strap's acceleration, second by second.

A chest that breathes tilts, so the resting vector turns a little with each breath.

1. The trace is the one of `breath_trace`: slow, on a fixed grid, cut where one moved.
2. Each rate from 4 to 24 a minute is asked how much of the trace over its last four
   breaths (16 to 40 s) it explains, beyond level, trend and bend, as one wave and its
   double along one direction in space. That share is the quality; the best rate is the
   breath's. The direction is found anew each second, so another posture needs nothing.
3. A rate at the edge of what was asked, a share below `LEAST_QUALITY`, a wave smaller
   than `LEAST_MG` and anything soon after a movement is not known, with its reason.

What has come decides, never in how many pieces: a review is the live code run over all.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Final, NamedTuple

import numpy as np

from coreg.analysis.breath_trace import (
    BINS_A_SECOND,
    ChestTrace,
    Stretch,
    kept_share,
)
from coreg.facts.arrays import Floats

SLOWEST_PER_MIN: Final = 4.0
FASTEST_PER_MIN: Final = 24.0
BREATHS: Final = 4.0
SHORTEST_S: Final = 16.0
LONGEST_S: Final = 40.0
LEAST_QUALITY: Final = 0.8
LEAST_MG: Final = 1.0
_STEP: Final = 0.01  # of the logarithm of the rate
# A step beyond both ends is asked too: a rate there is outside of what can be told.
_SLOWEST: Final = SLOWEST_PER_MIN * 0.94
_COUNT: Final = round(math.log(FASTEST_PER_MIN * 1.06 / _SLOWEST) / _STEP) + 1
_COARSE: Final = 4


class Untold(StrEnum):
    """Why a breath is not known."""

    TOO_SHORT = "too_short"  # too little since the beginning or since lost samples
    MOVED = "moved"  # the body moved, too little since then
    UNCLEAR = "unclear"  # no one rhythm: talk, fidgeting, uneven breath
    OUTSIDE = "outside"  # slower or faster than can be told
    FAINT = "faint"  # nothing moves: a strap that hangs on a chair


@dataclass(frozen=True, slots=True, kw_only=True)
class BreathMoment:
    """What is known of a breath at one second.

    `rate_per_min` is the mean over the last `window_s`; `phase_rad` that of the wave at
    `t_s`, 0 where the trace is lowest along `axis`, which may be breathing in or out:
    the side a strap is worn on decides. `amplitude_mg` is half of peak to trough. All
    are NaN where `untold` says why; `quality`, 0 to 1, is the share of the trace that
    one steady breath explains, and stands wherever it could be asked.
    """

    t_s: float
    rate_per_min: float
    phase_rad: float
    amplitude_mg: float
    quality: float
    window_s: float
    axis: tuple[float, float, float]
    untold: Untold | None


class BreathWatch:
    """The breath of one chest while its samples come.

    Examples
    --------
    >>> t_s = np.arange(0.0, 60.0, 0.04)
    >>> swing_mg = 15 * np.sin(2 * np.pi * t_s / 10)
    >>> still_mg = np.zeros_like(t_s)
    >>> mg = np.column_stack((still_mg, still_mg + 990, swing_mg))
    >>> last = BreathWatch().push(t_s, mg)[-1]
    >>> round(last.rate_per_min, 2), round(last.quality, 2), last.untold
    (6.0, 1.0, None)
    """

    def __init__(self) -> None:
        self._trace = ChestTrace()
        self._axis = np.zeros(3)

    def push(self, t_s: Floats, mg: Floats) -> list[BreathMoment]:
        """Take samples and return what is known at each second that ended.

        Parameters
        ----------
        t_s : ndarray, shape (n,), seconds
            Ascending.
        mg : ndarray, shape (n, 3), thousandths of gravity
            Acceleration along three axes of the strap.
        """
        return [self.moment(stretch) for stretch in self._trace.push(t_s, mg)]

    def moment(self, stretch: Stretch) -> BreathMoment:
        """Return what is known at the end of a stretch, one after the other."""
        best = _best(stretch.mg)
        if best is None:
            return _untold(
                stretch, Untold.MOVED if stretch.shaken else Untold.TOO_SHORT
            )
        why = _why_untold(best, stretch)
        if why is not None:
            return _untold(stretch, why, best)
        axis = best.axis * _side(best.axis, self._axis)
        self._axis = axis
        cosine, sine = best.waves @ axis
        ahead_s = stretch.now_s - float(stretch.t_s[-1])
        phase_rad = (
            math.atan2(sine, -cosine) + 2 * math.pi * best.rate_per_min / 60 * ahead_s
        )
        return BreathMoment(
            t_s=stretch.now_s,
            rate_per_min=best.rate_per_min,
            phase_rad=phase_rad % (2 * math.pi),
            amplitude_mg=float(np.hypot(cosine, sine)) / kept_share(best.rate_per_min),
            quality=best.share,
            window_s=best.window_s,
            axis=(float(axis[0]), float(axis[1]), float(axis[2])),
            untold=None,
        )


def breath_of_acceleration(t_s: Floats, mg: Floats) -> list[BreathMoment]:
    """Breath of a whole recording: what was known live at each of its seconds.

    Parameters
    ----------
    t_s : ndarray, shape (n,), seconds
        Ascending.
    mg : ndarray, shape (n, 3), thousandths of gravity
        Acceleration along three axes of the strap.

    Examples
    --------
    >>> t_s = np.arange(0.0, 3.0, 0.1)
    >>> breath_of_acceleration(t_s, np.zeros((30, 3)))[0].untold.value
    'too_short'
    """
    return BreathWatch().push(t_s, mg)


class _Design(NamedTuple):
    """Orthonormal columns of one rate: level, trend, bend; its wave; and its double.

    The wave is written as cosine and sine of the time before the last sample, so that
    its weights are the phase there.
    """

    size: int
    slow: Floats
    wave: Floats
    double: Floats
    raw: Floats


class _Fit(NamedTuple):
    rate_per_min: float
    share: float
    window_s: float
    axis: Floats
    waves: Floats
    inside: bool


def _rate_per_min(number: float) -> float:
    return _SLOWEST * math.exp(_STEP * number)


def window_s(rate_per_min: float) -> float:
    """Return over how long a rate is asked.

    Examples
    --------
    >>> window_s(5.0), window_s(10.0), window_s(20.0)
    (40.0, 24.0, 16.0)
    """
    return min(max(60 * BREATHS / rate_per_min, SHORTEST_S), LONGEST_S)


@cache
def _design(number: int) -> _Design:
    rate_per_min = _rate_per_min(number)
    size = round(window_s(rate_per_min) * BINS_A_SECOND)
    before_s = (np.arange(size) - (size - 1)) / BINS_A_SECOND
    u = np.linspace(-1, 1, size)
    turned = 2 * np.pi * rate_per_min / 60 * before_s
    raw = np.column_stack((np.cos(turned), np.sin(turned)))
    columns = np.column_stack(
        (np.ones(size), u, u * u, raw, np.cos(2 * turned), np.sin(2 * turned))
    )
    basis, _ = np.linalg.qr(columns)
    return _Design(size, basis[:, :3], basis[:, 3:5], basis[:, 5:], columns)


def _share(number: int, mg: Floats) -> float:
    """Return what one rate explains along its best direction in space, 0 to 1."""
    design = _design(number)
    part = mg[-design.size :] - mg[-1]
    around = float(np.sum(part * part)) - float(np.sum((design.slow.T @ part) ** 2))
    if around <= 0:
        return 0.0
    wave, double = design.wave.T @ part, design.double.T @ part
    first, second = float(np.sum(wave * wave)), float(np.sum(double * double))
    # The double may shape a breath, it may not be one: half the wave's power at most.
    return _along(wave) / first * (first + min(second, first / 2)) / around


def _along(wave: Floats) -> float:
    """Return the power of a wave along its strongest direction; never quite nothing."""
    a, b = wave
    aa, bb, ab = float(a @ a), float(b @ b), float(a @ b)
    return max((aa + bb + math.hypot(aa - bb, 2 * ab)) / 2, 1e-12)


def _best(mg: Floats) -> _Fit | None:
    """Return the rate that explains most, or None where too little has come to ask."""
    numbers = [n for n in range(_COUNT) if _design(n).size <= len(mg)]
    if not numbers:
        return None
    first, last = numbers[0], numbers[-1]
    shares = {n: _share(n, mg) for n in {*numbers[::_COARSE], last}}
    top = max(shares, key=lambda n: shares[n])
    near = range(max(first, top - _COARSE), min(last, top + _COARSE) + 1)
    shares |= {n: _share(n, mg) for n in near}
    top = max(near, key=lambda n: shares[n])
    inside = first < top < last
    number = top + (_vertex(*(shares[top + k] for k in (-1, 0, 1))) if inside else 0.0)
    rate_per_min = _rate_per_min(number)
    design = _design(top)
    part = mg[-design.size :] - mg[-1]
    weights, *_ = np.linalg.lstsq(design.raw, part, rcond=None)
    waves = weights[3:5]
    axis = np.linalg.svd(waves, full_matrices=False)[2][0]
    return _Fit(
        rate_per_min,
        shares[top],
        design.size / BINS_A_SECOND,
        axis,
        waves,
        inside and SLOWEST_PER_MIN * 0.98 <= rate_per_min <= FASTEST_PER_MIN * 1.02,
    )


def _vertex(before: float, at: float, after: float) -> float:
    bend = before - 2 * at + after
    return 0.5 * (before - after) / bend if bend < 0 else 0.0


def _why_untold(best: _Fit, stretch: Stretch) -> Untold | None:
    whole = len(stretch.mg) >= LONGEST_S * BINS_A_SECOND
    if float(np.linalg.norm(best.waves @ best.axis)) < LEAST_MG:
        return Untold.FAINT
    if not best.inside:
        if whole:
            return Untold.OUTSIDE
        return _why_short(stretch)
    return Untold.UNCLEAR if best.share < LEAST_QUALITY else None


def _why_short(stretch: Stretch) -> Untold:
    return Untold.MOVED if stretch.shaken else Untold.TOO_SHORT


def _side(axis: Floats, before: Floats) -> float:
    """Return which way round: as before, or else the largest part upwards."""
    along = float(axis @ before)
    if along == 0.0:
        along = float(axis[np.argmax(np.abs(axis))])
    return 1.0 if along >= 0 else -1.0


def _untold(stretch: Stretch, why: Untold, best: _Fit | None = None) -> BreathMoment:
    return BreathMoment(
        t_s=stretch.now_s,
        rate_per_min=math.nan,
        phase_rad=math.nan,
        amplitude_mg=math.nan,
        quality=best.share if best else math.nan,
        window_s=best.window_s if best else math.nan,
        axis=(math.nan, math.nan, math.nan),
        untold=why,
    )


def known(moments: Iterable[BreathMoment]) -> list[BreathMoment]:
    """Return those seconds at which the breath is known."""
    return [moment for moment in moments if moment.untold is None]
