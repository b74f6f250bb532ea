"""Which heartbeats of an ECG look unlike this heart's own, and come early.

A beat that began elsewhere in the heart spreads another way: it is wider, or points the
other way, and it comes before the next one was due. Neither alone is told apart from a
movement or a breath, so both are asked for.

1. A shape is the ECG itself over ±.12 s, less the line between its ends: the filter
   that finds beats makes all of them look alike.
2. *Early* is shorter than `EARLY` of what intervals are nearby: by pairs, which tell it
   where every other beat is early, or by the two on either side, which follow a breath.
3. The heart's own shape is the median of the beats nearby that are not early, so it
   follows somebody who turns, and needs most of the beats around to be its own.
4. A beat is unlike it below a correlation of `UNLIKE`, and far below what beats that
   are not early have nearby, while the next of these on both sides look as usual
   (`QUIET`): where somebody moves, those differ too, and nothing is told.

A beat that is early and looks like the others is none of these: it may have begun above
the ventricles, or be a breath. Intervals tell which (`coreg.analysis.cleaning`).

References
----------
Chazal, O'Dwyer & Reilly, IEEE Trans. Biomed. Eng. 51:1196 (2004): what tells
ventricular beats apart is their shape and the interval before them, each beside this
heart's own.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from coreg.analysis.rr_level import levels_ms
from coreg.analysis.spread import MAD_TO_SD
from coreg.facts.arrays import Flags, Floats

REACH_S: Final = 0.12
EARLY: Final = 0.92
UNLIKE: Final = 0.88
QUIET: Final = 0.85
_AROUND: Final = 20  # beats on each side that say what is ordinary there
_FEWEST: Final = 10
_SPREADS: Final = 4.0


@dataclass(frozen=True, slots=True, kw_only=True)
class QrsShapes:
    """Of each beat, arrays of shape (n,).

    `likeness` is the correlation (-1 to 1) with this heart's own shape nearby, NaN
    where a part of the beat is missing or too few are around it. `is_early` says that
    it came early, and `is_foreign` that it did and looks unlike the heart's own.
    """

    likeness: Floats
    is_early: Flags
    is_foreign: Flags


def qrs_shapes(
    t_s: Floats,
    ecg_uv: Floats,
    beat_t_s: Floats,
    after_gap: Flags,
    *,
    rate_hz: float = 130.0,
) -> QrsShapes:
    """Compare every beat of a recording with the heart's own around it.

    Parameters
    ----------
    t_s : ndarray, shape (samples,), seconds
        When each sample was taken, ascending; a step of more than two is a gap.
    ecg_uv : ndarray, shape (samples,), microvolts
    beat_t_s : ndarray, shape (n,), seconds
        The R peaks (`coreg.analysis.r_peaks`).
    after_gap : ndarray of bool, shape (n,)
        Where beats may be missing before one: how early it came is not known.
    rate_hz : float
        Of the samples.

    Returns
    -------
    QrsShapes

    Examples
    --------
    Beats of one shape and 800 ms, and one that is wide, upside down and 300 ms early:

    >>> t_s = np.arange(0, 40, 1 / 130)
    >>> beats_s = np.arange(0.5, 39, 0.8)
    >>> beats_s[20] -= 0.3
    >>> def wave(at_s, width_s):
    ...     return np.exp(-0.5 * ((t_s - at_s) / width_s) ** 2)
    >>> ecg_uv = 900 * sum(wave(at_s, 0.012) for at_s in np.delete(beats_s, 20))
    >>> ecg_uv -= 900 * wave(beats_s[20], 0.04)
    >>> told = qrs_shapes(t_s, ecg_uv, beats_s, np.zeros(beats_s.size, bool))
    >>> np.flatnonzero(told.is_foreign).tolist()
    [20]
    """
    shapes = _shapes(t_s, ecg_uv, beat_t_s, rate_hz)
    is_early = _early(beat_t_s, after_gap)
    own = np.isfinite(shapes[:, 0]) & ~is_early
    likeness = np.full(beat_t_s.size, np.nan)
    ordinary = np.full(beat_t_s.size, np.nan)
    at = np.flatnonzero(own)
    for k in range(beat_t_s.size):
        near = _nearest(at, k)
        if near.size < _FEWEST or not np.isfinite(shapes[k, 0]):
            continue
        template = np.median(shapes[near], axis=0)
        each = _likeness(shapes[near], template)
        likeness[k] = _likeness(shapes[k][np.newaxis], template)[0]
        middle = float(np.median(each))
        spread = MAD_TO_SD * float(np.median(np.abs(each - middle)))
        ordinary[k] = middle - _SPREADS * spread
    is_unlike = likeness < np.minimum(UNLIKE, ordinary)  # never of NaN
    is_unlike &= _is_quiet(likeness, is_early)
    return QrsShapes(
        likeness=likeness, is_early=is_early, is_foreign=is_early & is_unlike
    )


def _shapes(t_s: Floats, ecg_uv: Floats, beat_t_s: Floats, rate_hz: float) -> Floats:
    """Return the ECG around each beat, shape (n, samples); NaN where it has a hole."""
    reach = round(REACH_S * rate_hz)
    steps_s = np.arange(-reach, reach + 1) / rate_hz
    shapes = np.full((beat_t_s.size, steps_s.size), np.nan)
    if t_s.size < 2:
        return shapes
    at_s = beat_t_s[:, np.newaxis] + steps_s
    known = (at_s[:, 0] >= t_s[0]) & (at_s[:, -1] <= t_s[-1])
    first, last = (np.searchsorted(t_s, each) for each in (at_s[:, 0], at_s[:, -1]))
    count = last - first  # as many as there should be, or samples are missing
    known &= np.abs(count - (steps_s.size - 1)) <= 1
    shapes[known] = np.interp(at_s[known], t_s, ecg_uv)
    ends = np.linspace(0.0, 1.0, steps_s.size)
    line = shapes[:, :1] + ends * (shapes[:, -1:] - shapes[:, :1])
    level: Floats = shapes - line
    return level


def _likeness(shapes: Floats, template: Floats) -> Floats:
    """Return the correlation of each shape with one."""
    apart = shapes - shapes.mean(axis=1, keepdims=True)
    other = template - template.mean()
    whole = np.linalg.norm(apart, axis=1) * np.linalg.norm(other)
    alike: Floats = np.divide(
        apart @ other, whole, out=np.full(len(shapes), np.nan), where=whole > 0
    )
    return alike


def _nearest(these: np.ndarray[tuple[int], np.dtype[np.intp]], k: int) -> Flags:
    """Return which of the ascending indices are the nearest ones around `k`."""
    middle = int(np.searchsorted(these, k))
    before = these[max(0, middle - _AROUND) : middle]
    after = these[middle : middle + _AROUND + 1]
    return np.concatenate((before, after[after != k]))


def _early(beat_t_s: Floats, after_gap: Flags) -> Flags:
    """Say which beats came early, by the intervals around each of them."""
    rr_ms = np.where(after_gap, np.nan, 1000 * np.diff(beat_t_s, prepend=np.nan))
    usual_ms = np.fmax(levels_ms(rr_ms), _next_to_ms(rr_ms))
    is_early: Flags = rr_ms < EARLY * usual_ms  # never of NaN
    return is_early


def _next_to_ms(rr_ms: Floats) -> Floats:
    """Return what the two intervals before each and the two after the next one tell.

    The mean of the middle two, so that one that is early itself says nothing; what
    comes next is left out, for it repays an early beat.
    """
    nothing = np.full(4, np.nan)
    padded_ms = np.concatenate((nothing[:2], rr_ms, nothing))
    n = rr_ms.size
    around_ms = np.sort([padded_ms[k : k + n] for k in (0, 1, 4, 5)], axis=0)
    middle_ms: Floats = (around_ms[1] + around_ms[2]) / 2
    return middle_ms


def _is_quiet(likeness: Floats, is_early: Flags) -> Flags:
    """Say where the next beats on both sides that are not early look as usual."""
    ordinary = np.flatnonzero(~is_early)
    if ordinary.size < 2:
        return np.zeros(is_early.size, dtype=np.bool_)
    each = np.arange(is_early.size)
    after = np.searchsorted(ordinary, each, side="right")
    before = np.searchsorted(ordinary, each, side="left") - 1
    last = ordinary.size - 1
    worse = np.minimum(
        likeness[ordinary[np.clip(before, 0, last)]],
        likeness[ordinary[np.clip(after, 0, last)]],
    )
    quiet: Flags = worse >= QUIET
    return quiet
