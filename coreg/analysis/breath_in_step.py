"""Whether a chest breathes with the pacer, breath by breath.

One paced breath, with a quarter of it before and after, is one and a half turns of the
pacer. What a wave locked to the pacer's phase explains of the chest's trace, beyond
level and trend and along one direction in space, is much where a breath goes along,
however late; another rhythm explains more of one that goes its own way. Between the
two a breath is not told.
"""

import cmath
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from coreg.analysis.breath_trace import BEHIND_S, BINS_A_SECOND
from coreg.facts.arrays import Floats
from coreg.facts.kinds import InStep

AROUND: Final = 0.25  # of a breath, before and after
WITH_SHARE: Final = 0.7
OWN_SHARE: Final = 0.5
# Fidgeting hides a breath that goes along. It is a breath of one's own only where a
# rhythm shows.
RHYTHM_SHARE: Final = 0.65
LEAST_MG: Final = 1.0
# Who follows 92 breaths of 100 has three of four to themselves once in 500 breaths, and
# four of five once in 5000: an evening has a hundred.
LATEST: Final = 5
FEWEST_OWN: Final = 4
# Rhythms nearer to the pacer's than these cannot be told from it in so short a time.
_OTHERS: Final = (0.5, 0.6, *(np.arange(14, 45, 2) / 10).tolist())


@dataclass(frozen=True, slots=True, kw_only=True)
class BreathInStep:
    """One paced breath beside the chest's.

    `locked_share` (0 to 1) goes with the pacer, `other_share` with the best of other
    rhythms, which has `other_times` the pacer's rate. `lag_rad` is by how much the
    chest's wave comes after the pacer's, along `axis`, up to half a turn that depends
    on how the strap is worn: only its changes mean something. All are NaN where the
    trace does not cover the breath or does not move.
    """

    locked_share: float
    other_share: float
    other_times: float
    lag_rad: float
    axis: tuple[float, float, float]
    in_step: InStep


def breath_in_step(
    t_s: Floats, mg: Floats, start_s: float, period_s: float, inhale_s: float
) -> BreathInStep:
    """Compare one paced breath with the chest.

    Parameters
    ----------
    t_s, mg : ndarray, shape (n,) and (n, 3), seconds and thousandths of gravity
        The trace without a break (`breath_trace.Stretch`), five values a second; more
        of it than is needed makes no difference.
    start_s, period_s, inhale_s : float, seconds
        The pacer's breath.

    Examples
    --------
    >>> t_s = np.arange(0.0, 30.0, 0.2)
    >>> mg = np.outer(np.sin(2 * np.pi * t_s / 10), [0.0, 3.0, 10.0])
    >>> breath_in_step(t_s, mg, 10.0, 10.0, 5.0).in_step.value
    'followed'
    >>> breath_in_step(t_s, mg, 10.0, 5.0, 2.5).in_step.value
    'own_way'
    """
    first_s, last_s = start_s - AROUND * period_s, start_s + (1 + AROUND) * period_s
    inside = (t_s >= first_s) & (t_s <= last_s)
    step_s = 1 / BINS_A_SECOND
    covered = t_s.size and t_s[0] <= first_s + step_s and t_s[-1] >= last_s - step_s
    if not covered:
        return _UNTOLD
    part_mg = mg[inside] - mg[inside][-1]
    turns = _turns(t_s[inside] - start_s, period_s, inhale_s)
    locked_share, waves = _locked(part_mg, turns, 1.0)
    axis = np.linalg.svd(waves, full_matrices=False)[2][0]
    axis = axis * (1.0 if axis[np.argmax(np.abs(axis))] >= 0 else -1.0)
    cosine, sine = waves @ axis
    # A rhythm of one's own is even in time; the pacer's phase is not.
    evenly = (t_s[inside] - start_s) / period_s
    shares = {times: _locked(part_mg, evenly, times)[0] for times in _OTHERS}
    other_times = max(shares, key=lambda times: shares[times])
    other_share = shares[other_times]
    largest_mg = float(np.ptp(part_mg @ axis)) / 2
    moves = largest_mg >= LEAST_MG and not math.isnan(locked_share)
    return BreathInStep(
        locked_share=locked_share,
        other_share=other_share,
        other_times=other_times,
        lag_rad=math.atan2(sine, cosine),
        axis=(float(axis[0]), float(axis[1]), float(axis[2])),
        in_step=_told(locked_share, other_share) if moves else InStep.UNTOLD,
    )


def known_from_s(start_s: float, period_s: float) -> float:
    """Return when all of the trace that tells of a paced breath is there.

    Examples
    --------
    >>> round(known_from_s(100.0, 10.0), 2)
    113.2
    """
    return start_s + (1 + AROUND) * period_s + BEHIND_S


def does_not_follow(breaths: Sequence[InStep]) -> bool:
    """Return whether the latest breaths show somebody who goes their own way.

    Of the last `LATEST` breaths that could be told, `FEWEST_OWN` went their own way.

    Examples
    --------
    >>> own, untold = InStep.OWN_WAY, InStep.UNTOLD
    >>> does_not_follow([own, own, untold, own, own]), does_not_follow([own] * 3)
    (True, False)
    """
    told = [each for each in breaths if each is not InStep.UNTOLD]
    return told[-LATEST:].count(InStep.OWN_WAY) >= FEWEST_OWN


def steadiness(breaths: Sequence[BreathInStep]) -> float:
    """Return how steadily a chest that follows keeps its lag, 0 to 1.

    NaN below four breaths that followed. Others have no lag: a breath twice as fast as
    the pacer's meets it at the same place each time, and keeps no distance to it.
    Breaths along another direction than the last count after another posture, so those
    whose axes differ by more than 30 degrees are left out.

    Examples
    --------
    >>> t_s = np.arange(0.0, 60.0, 0.2)
    >>> mg = np.outer(np.sin(2 * np.pi * t_s / 10), [0.0, 3.0, 10.0])
    >>> with_it = [breath_in_step(t_s, mg, 5.0 + 10 * n, 10.0, 5.0) for n in range(4)]
    >>> round(steadiness(with_it), 3)
    1.0
    """
    with_it = [each for each in breaths if each.in_step is InStep.FOLLOWED]
    if not with_it:
        return math.nan
    last = np.array(with_it[-1].axis)
    lags = [
        cmath.exp(1j * (each.lag_rad + (math.pi if along < 0 else 0.0)))
        for each in with_it
        if abs(along := float(np.array(each.axis) @ last)) >= math.cos(math.pi / 6)
    ]
    return abs(sum(lags)) / len(lags) if len(lags) >= 4 else math.nan


_UNTOLD: Final = BreathInStep(
    locked_share=math.nan,
    other_share=math.nan,
    other_times=math.nan,
    lag_rad=math.nan,
    axis=(math.nan, math.nan, math.nan),
    in_step=InStep.UNTOLD,
)


def _told(locked: float, other: float) -> InStep:
    if locked >= WITH_SHARE and locked >= other:
        return InStep.FOLLOWED
    if locked < OWN_SHARE and other >= RHYTHM_SHARE:
        return InStep.OWN_WAY
    return InStep.UNTOLD


def _turns(into_s: Floats, period_s: float, inhale_s: float) -> Floats:
    """Return turns of the pacer: a half at the end of the breath in, 1 at its end."""
    whole = np.floor(into_s / period_s)
    into_s = into_s - whole * period_s
    half_in = 0.5 * into_s / inhale_s
    half_out = 0.5 + 0.5 * (into_s - inhale_s) / (period_s - inhale_s)
    return whole + np.where(into_s < inhale_s, half_in, half_out)


def _locked(mg: Floats, turns: Floats, times: float) -> tuple[float, Floats]:
    """Return what a wave of so many times the pacer explains, and its two parts."""
    u = np.linspace(-1, 1, turns.size)
    wave = 2 * np.pi * times * turns
    design = np.column_stack((np.ones_like(u), u, np.cos(wave), np.sin(wave)))
    basis, upper = np.linalg.qr(design)
    weights = basis.T @ mg
    around = float(np.sum(mg * mg) - np.sum(weights[:2] ** 2))
    if around <= 1e-9:
        return math.nan, np.zeros((2, 3))
    strongest = float(np.linalg.svd(weights[2:], compute_uv=False)[0]) ** 2
    return strongest / around, np.linalg.solve(upper, weights)[2:]
