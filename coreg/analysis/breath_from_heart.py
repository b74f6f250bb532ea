"""The breath from an ECG's beats, where no acceleration tells it.

Two series swing with the breath: the height of the R peak, as the heart turns and the
chest fills, and the interval. Each is asked by itself; they are fused by how well each
is told. Intervals also have slow waves of their own near six a minute, so by themselves
they are not believed below `RSA_ALONE_PER_MIN`; and two series that disagree tell
nothing, unless one of them is clear and the other shows no rhythm.
"""

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple

import numpy as np

from coreg.facts.arrays import Floats

SLOWEST_PER_MIN: Final = 4.0
FASTEST_PER_MIN: Final = 24.0
BREATHS: Final = 5.0
SHORTEST_S: Final = 24.0
LONGEST_S: Final = 50.0
# A beat that looks unlike the last ones has a height and an interval of its own.
LEAST_LIKENESS: Final = 0.9
FEWEST_BEATS: Final = 16
LONGEST_HOLE_S: Final = 3.0
MOST_LOST: Final = 0.2
# Fused, at least so much of the better-told series has to be one steady breath.
LEAST_QUALITY: Final = 0.75
NO_RHYTHM: Final = 0.4
AGREE: Final = 0.08  # of the rate
RSA_ALONE_PER_MIN: Final = 9.0
_OF_HEART_RATE: Final = 0.45  # a wave of two beats and less cannot be told
_RATES: Final = tuple(np.exp(np.arange(math.log(3.7), math.log(25.5), 0.02)).tolist())


class HeartUntold(StrEnum):
    """Why the heart does not tell the breath."""

    TOO_FEW = "too_few"
    UNCLEAR = "unclear"
    DISAGREE = "disagree"


class SeriesBreath(NamedTuple):
    """What one series tells: a rate, and the share of its variation it explains.

    The share is adjusted for what noise explains; both are NaN where too few beats or
    too long a hole, or the best rate lies at the edge of what was asked.
    """

    rate_per_min: float
    quality: float


@dataclass(frozen=True, slots=True, kw_only=True)
class HeartBreath:
    """What both series together tell; the rate is NaN where `untold` says why."""

    rate_per_min: float
    quality: float
    by_amplitude: SeriesBreath
    by_interval: SeriesBreath
    untold: HeartUntold | None


_NOTHING: Final = SeriesBreath(math.nan, math.nan)


def breath_of_series(beat_t_s: Floats, values: Floats, end_s: float) -> SeriesBreath:
    """Rate of the breath in one value a beat, over the last breaths before `end_s`.

    Parameters
    ----------
    beat_t_s : ndarray, shape (n,), seconds
        Beat times, ascending; those after `end_s` and those more than `LONGEST_S`
        before make no difference.
    values : ndarray, shape (n,), any unit
        NaN where it is not known.
    end_s : float, seconds
        Now.

    Examples
    --------
    >>> t_s = np.arange(0.0, 60.0, 0.9)
    >>> told = breath_of_series(t_s, 1.0 + 0.05 * np.sin(2 * np.pi * t_s / 5), 60.0)
    >>> round(told.rate_per_min, 1), round(told.quality, 2)
    (12.0, 1.0)
    """
    late = (beat_t_s > end_s - LONGEST_S - 2) & (beat_t_s <= end_s)
    t_s, x = beat_t_s[late], values[late]
    if t_s.size < FEWEST_BEATS:
        return _NOTHING
    fastest = _OF_HEART_RATE * 60 / float(np.median(np.diff(t_s)))
    rates = [rate for rate in _RATES if rate <= fastest]
    shares = [_share(t_s, x, end_s, rate) for rate in rates]
    asked = np.array([share is not None for share in shares], dtype=bool)
    if asked.sum() < 3:
        return _NOTHING
    known = np.array([-math.inf if share is None else share for share in shares])
    top = int(np.argmax(known))
    if not (0 < top < len(rates) - 1 and asked[top - 1] and asked[top + 1]):
        return _NOTHING
    before, at, after = known[top - 1 : top + 2]
    bend = before - 2 * at + after
    past = 0.5 * (before - after) / bend if bend < 0 else 0.0
    rate_per_min = rates[top] * math.exp(0.02 * past)
    if not 0.98 * SLOWEST_PER_MIN <= rate_per_min <= 1.02 * FASTEST_PER_MIN:
        return _NOTHING
    return SeriesBreath(float(rate_per_min), float(max(at, 0.0)))


def breath_of_heart(
    beat_t_s: Floats, nn_ms: Floats, r_height_uv: Floats, end_s: float
) -> HeartBreath:
    """Rate of the breath from R heights and intervals together.

    Parameters
    ----------
    beat_t_s : ndarray, shape (n,), seconds
        Beat times, ascending.
    nn_ms : ndarray, shape (n,), milliseconds
        Interval that ended with each beat; NaN where cleaning rejected it.
    r_height_uv : ndarray, shape (n,), microvolt
        Height of each R peak; NaN where there is none. All NaN leaves the intervals.
    end_s : float, seconds
        Now; later beats make no difference.

    Examples
    --------
    >>> t_s = np.arange(0.0, 60.0, 0.9)
    >>> wave = np.sin(2 * np.pi * t_s / 5)
    >>> told = breath_of_heart(t_s, 900 + 20 * wave, 1000 + 50 * wave, 60.0)
    >>> round(told.rate_per_min, 1), told.untold
    (12.0, None)
    """
    by_height = breath_of_series(beat_t_s, r_height_uv, end_s)
    by_interval = breath_of_series(beat_t_s, nn_ms, end_s)
    rate_per_min, quality, untold = _fused(by_height, by_interval)
    return HeartBreath(
        rate_per_min=rate_per_min,
        quality=quality,
        by_amplitude=by_height,
        by_interval=by_interval,
        untold=untold,
    )


def _fused(
    height: SeriesBreath, interval: SeriesBreath
) -> tuple[float, float, HeartUntold | None]:
    told = [each for each in (height, interval) if math.isfinite(each.quality)]
    if not told:
        return math.nan, math.nan, HeartUntold.TOO_FEW
    if len(told) == 2 and _agree(height, interval):
        # Weighed by signal over noise: a share of .9 counts nine times one of .5.
        weights = [each.quality / max(1 - each.quality, 1e-3) for each in told]
        rates = [each.rate_per_min for each in told]
        quality = 1 - math.prod(1 - each.quality for each in told)
        if quality < LEAST_QUALITY:
            return math.nan, quality, HeartUntold.UNCLEAR
        return float(np.average(rates, weights=weights)), quality, None
    best = max(told, key=lambda each: each.quality)
    other = max((each.quality for each in told if each is not best), default=0.0)
    slow = best is interval and best.rate_per_min < RSA_ALONE_PER_MIN
    if best.quality < LEAST_QUALITY or slow:
        return math.nan, best.quality, HeartUntold.UNCLEAR
    if other > NO_RHYTHM:
        return math.nan, best.quality, HeartUntold.DISAGREE
    return best.rate_per_min, best.quality, None


def _agree(one: SeriesBreath, other: SeriesBreath) -> bool:
    if min(one.quality, other.quality) <= 0:
        return False
    return abs(math.log(one.rate_per_min / other.rate_per_min)) <= AGREE


def _share(
    beat_t_s: Floats, values: Floats, end_s: float, rate_per_min: float
) -> float | None:
    """Return what one rate explains beyond level, trend and bend; None if unasked."""
    window_s = min(max(60 * BREATHS / rate_per_min, SHORTEST_S), LONGEST_S)
    inside = beat_t_s > end_s - window_s
    kept = inside & np.isfinite(values)
    t_s, x = beat_t_s[kept], values[kept]
    if t_s.size < FEWEST_BEATS or t_s.size < (1 - MOST_LOST) * inside.sum():
        return None
    edges_s = np.concatenate(([end_s - window_s], t_s, [end_s]))
    if float(np.diff(edges_s).max()) > LONGEST_HOLE_S:
        return None
    u = (t_s - end_s) / window_s
    turned = 2 * np.pi * rate_per_min / 60 * (t_s - end_s)
    slow = (np.ones_like(u), u, u * u)
    basis, _ = np.linalg.qr(np.column_stack((*slow, np.cos(turned), np.sin(turned))))
    weights = basis.T @ (x - x.mean())
    around = float(np.sum((x - x.mean()) ** 2) - np.sum(weights[:3] ** 2))
    if around <= 1e-9 * float(x @ x):
        return None
    left = 1 - float(np.sum(weights[3:] ** 2)) / around
    return 1 - left * (t_s.size - 3) / (t_s.size - 5)
