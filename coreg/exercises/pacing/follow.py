"""Whether a heart follows the paced breath, and how fast it breathed before.

All is judged from beats alone: breathing moves the heart, so variation that is locked
to the pacer's phase tells of somebody who follows, answers to many breaths that share
no phase of somebody who does not, and a clear peak in the respiratory band of free
breathing of somebody's own rate.
"""

import math
from collections.abc import Sequence
from typing import Final

import numpy as np

from coreg.analysis.lomb import lomb_power
from coreg.facts.arrays import Floats

FEWEST_BEATS: Final = 8

# Whoever does not keep up breathes faster than the pacer.
# Six breaths tell rhythms apart that differ by a sixth of the pacer's: every tenth is
# asked, or one that lies between two of them would show in neither.
_FASTER: Final = tuple(np.arange(14, 27) / 10)
# Of pure noise, two regressors explain 2/(n - 2) of n beats: .06 of those of six slow
# breaths, a tenth at the best of these rates, and .22 once in a hundred times.
OTHER_SHARE: Final = 0.35
OTHER_TIMES: Final = 2.0

# Of answers that share no phase `in_step` is below 3 in 95 of 100 (Rayleigh). A heart
# that follows shares less of it while the pace slides, so it takes many answers to say.
STEP_ANSWERS: Final = 24
STEP_FEWEST_ANSWERS: Final = 16
STEP_BY_CHANCE: Final = 3.0

# A breath begun a fifth of its length early or late moves the rate of half a minute by
# .4/min; a sigh among the breaths by about one.
PACE_OFF_PER_MIN: Final = 1.0
PACE_OFF_SHARE: Final = 0.17

# Free breathing of adults at rest, above the slow waves of about 6/min which a heart
# shows by itself. Whoever breathes slower than this cannot be told from those waves.
OWN_SLOWEST_PER_MIN: Final = 9.0
OWN_FASTEST_PER_MIN: Final = 24.0
OWN_FEWEST_BEATS: Final = 40
OWN_STEP_PER_MIN: Final = 0.5  # no more is known of it
OWN_WINDOW_S: Final = 90.0
# Share of the band's power within 2/min of its peak; a flat spectrum has .27 there.
# Free breaths differ by a tenth and more, so the peak is a hill.
OWN_PEAK_SHARE: Final = 0.6
_OWN_HALF_PEAK_PER_MIN: Final = 2.0


def locked_share(
    t_s: Floats, rr_ms: Floats, start_s: Floats, period_s: Floats
) -> float:
    """Share of RR variance that is locked to the phase of these breaths.

    Parameters
    ----------
    t_s : ndarray, shape (n,), seconds
        Beat times, ascending.
    rr_ms : ndarray, shape (n,), milliseconds
        The interval that ended with each beat.
    start_s, period_s : ndarray, shape (k,), seconds
        Breaths that follow one another.

    Returns
    -------
    float
        0 to 1: what one sinusoid explains beyond level and trend. NaN where fewer than
        `FEWEST_BEATS` beats fall into the breaths or they do not vary, so that nothing
        can be judged. Of pure noise it is about 2 / (n - 2).

    Examples
    --------
    >>> t_s = np.arange(0.5, 30.0)
    >>> locked = 900 + 40 * np.sin(2 * np.pi * t_s / 10)
    >>> round(locked_share(t_s, locked, np.array([0.0, 10, 20]), np.full(3, 10.0)), 6)
    1.0
    """
    return _share_at(t_s, rr_ms, start_s, period_s, 1.0)


def breathes_otherwise(
    t_s: Floats, rr_ms: Floats, start_s: Floats, period_s: Floats
) -> bool:
    """Return whether a faster rhythm than the pacer's rules this heart.

    Small swings with the pacer do not show that somebody does not follow: at a fast
    pace and in a quiet heart they are small. A faster rhythm that explains
    `OTHER_SHARE` of the variation, and `OTHER_TIMES` what the pacer explains, does.

    Parameters
    ----------
    t_s : ndarray, shape (n,), seconds
        Beat times, ascending.
    rr_ms : ndarray, shape (n,), milliseconds
        The interval that ended with each beat.
    start_s, period_s : ndarray, shape (k,), seconds
        Breaths that follow one another.

    Examples
    --------
    >>> t_s, start_s = np.arange(0.5, 60.0), 10.0 * np.arange(6)
    >>> own = 900 + 40 * np.sin(2 * np.pi * t_s / 6)
    >>> breathes_otherwise(t_s, own, start_s, np.full(6, 10.0))
    True
    """
    locked = locked_share(t_s, rr_ms, start_s, period_s)
    if math.isnan(locked):
        return False
    other = max(_share_at(t_s, rr_ms, start_s, period_s, faster) for faster in _FASTER)
    return other > max(OTHER_SHARE, OTHER_TIMES * locked)


def in_step(answers_ms: Sequence[complex]) -> float:
    """How far one heart's answers share a phase, beside what chance gives.

    Parameters
    ----------
    answers_ms : sequence of complex, milliseconds
        Its answers to n breaths (`coreg.exercises.pacing.response`).

    Returns
    -------
    float
        n |mean a|² / mean |a|²: about 1 of a heart that goes its own way, n where every
        answer is the same; 0 where there is none.

    Notes
    -----
    Rayleigh's test, each answer weighed by its size: of answers that are nothing but
    noise it is above x in exp(-x) of all cases.

    Examples
    --------
    >>> in_step([3 + 4j] * 20), round(in_step([1, 1j, -1, -1j]), 9)
    (20.0, 0.0)
    """
    answers = np.asarray(answers_ms, dtype=np.complex128)
    squares = float(np.sum(np.abs(answers) ** 2))
    return float(np.abs(answers.sum()) ** 2) / squares if squares else 0.0


def is_out_of_step(answers_ms: Sequence[complex]) -> bool:
    """Return whether so many answers share no more of a phase than chance gives.

    Examples
    --------
    >>> turning = [1j**n for n in range(16)]
    >>> is_out_of_step(turning), is_out_of_step(turning[:15]), is_out_of_step([1] * 16)
    (True, False, False)
    """
    enough = len(answers_ms) >= STEP_FEWEST_ANSWERS
    return enough and in_step(answers_ms[-STEP_ANSWERS:]) < STEP_BY_CHANCE


def keeps_pace(own_per_min: float, pace_per_min: float) -> bool:
    """Return whether somebody who breathes like that goes along with this pace.

    Whoever follows is as fast as the pacer but for a breath begun early or late in the
    half minute that is looked at.

    Examples
    --------
    >>> keeps_pace(6.4, 6.0), keeps_pace(9.0, 6.0), keeps_pace(3.0, 6.0)
    (True, False, False)
    """
    off = abs(own_per_min - pace_per_min)
    return off <= max(PACE_OFF_PER_MIN, PACE_OFF_SHARE * pace_per_min)


def own_rate_per_min(t_s: Floats, rr_ms: Floats) -> float:
    """Rate of free breathing, where a heart shows it.

    Parameters
    ----------
    t_s : ndarray, shape (n,), seconds
        Beat times, ascending; the last `OWN_WINDOW_S` count.
    rr_ms : ndarray, shape (n,), milliseconds
        The interval that ended with each beat.

    Returns
    -------
    float, breaths per minute
        To half a breath, within `OWN_SLOWEST_PER_MIN` to `OWN_FASTEST_PER_MIN`; NaN
        where there are too few beats or no hill inside that band holds
        `OWN_PEAK_SHARE` of its power.

    Notes
    -----
    Lomb-Scargle periodogram of the successive differences, which takes away slow waves.

    Examples
    --------
    >>> t_s = np.arange(0.0, 90.0, 0.8)
    >>> own_rate_per_min(t_s, 800 + 20 * np.sin(2 * np.pi * 0.25 * t_s))
    15.0
    >>> own_rate_per_min(t_s[:20], np.full(20, 800.0))
    nan
    """
    late = t_s > (t_s[-1] - OWN_WINDOW_S if t_s.size else 0.0)
    t_s, rr_ms = t_s[late], rr_ms[late]
    if t_s.size < OWN_FEWEST_BEATS or np.ptp(t_s) < OWN_WINDOW_S / 2:
        return math.nan
    changes_ms = np.diff(rr_ms)
    if not changes_ms.any():
        return math.nan
    # Tapered, so that a strong slow wave does not leak into the band.
    tapered_ms = (changes_ms - changes_ms.mean()) * np.hanning(changes_ms.size)
    rates = np.arange(10 * OWN_SLOWEST_PER_MIN, 10 * OWN_FASTEST_PER_MIN + 1) / 10
    power = lomb_power(t_s[1:], tapered_ms, rates / 60)
    # A difference favours fast waves; divided by what it does to each.
    power /= np.sin(np.pi * rates / 60 * np.median(rr_ms) / 1000) ** 2
    peak = int(np.argmax(power))
    near = np.abs(rates - rates[peak]) <= _OWN_HALF_PEAK_PER_MIN
    is_hill = 0 < peak < rates.size - 1  # not the foot of one outside the band
    if not is_hill or power[near].sum() < OWN_PEAK_SHARE * power.sum():
        return math.nan
    rate = np.average(rates[near], weights=power[near])
    return round(float(rate) / OWN_STEP_PER_MIN) * OWN_STEP_PER_MIN


def _share_at(
    t_s: Floats, rr_ms: Floats, start_s: Floats, period_s: Floats, faster: float
) -> float:
    """Return the share that keeps step with a rhythm so much faster than the pacer."""
    inside = (t_s >= start_s[0]) & (t_s < start_s[-1] + period_s[-1])
    t_s, rr_ms = t_s[inside], rr_ms[inside]
    if t_s.size < FEWEST_BEATS:
        return math.nan
    which = np.searchsorted(start_s, t_s, side="right") - 1
    breaths = which + (t_s - start_s[which]) / period_s[which]
    phase_rad = 2 * np.pi * faster * breaths
    trend = np.column_stack([np.ones_like(t_s), t_s - t_s.mean()])
    locked = np.column_stack([trend, np.cos(phase_rad), np.sin(phase_rad)])
    around = _unexplained(trend, rr_ms)
    if around <= 1e-9:
        return math.nan
    return 1 - _unexplained(locked, rr_ms) / around


def _unexplained(design: Floats, rr_ms: Floats) -> float:
    """Return the residual sum of squares of a least-squares fit."""
    weights, *_ = np.linalg.lstsq(design, rr_ms, rcond=None)
    return float(np.sum((rr_ms - design @ weights) ** 2))
