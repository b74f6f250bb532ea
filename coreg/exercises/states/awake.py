"""Awake: experimental, how soon glints are answered against one's own reference.

*Awake* comes from taps: how much slower one answers a soft glint than one usually does.
It takes many taps (10 recent ones show three of four slowings of 20 % at a variability
of .20 and 10 % false alarms, 13 four of five on later evenings), so it is shown in
three bands and never as a number; and a slowing counts only beyond what chance gives so
few answers of somebody who varies as much as this one (`slowing_by_chance`;
`benchmarks/tap_hits.py`, `benchmarks/tap_answers.py`).

Slow and missed answers: Basner & Dinges, *Sleep* 34 (2011) 581. Reactions are slower in
paced breathing, slowest at its turns: Gallego et al., *Psychophysiology* 28 (1991) 37;
so reference taps are taken while breathing is paced, and off the turns.
"""

import math
from typing import Final

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import stdtrit

from coreg.exercises.states.gates import Gate
from coreg.facts.arrays import Floats
from coreg.facts.kinds import Wakefulness

SLOWEST_LEFT_OUT: Final = 0.2
MISSED_AFTER_S: Final = 1.5
ASLEEP_SLOWING: Final = 0.30
REFERENCE_TAPS: Final = 8
RECENT_TAPS: Final = 6
AWAKE_FROM: Final = 0.6
DROWSY_FROM: Final = 0.2
FALSELY_SLOWER: Final = 0.10  # of somebody who does not change


def slowing(recent_s: ArrayLike, reference_s: ArrayLike) -> float:
    """Return by what share answers to a glint have become slower.

    Parameters
    ----------
    recent_s, reference_s : array_like, shape (n,) and (m,), seconds
        Reaction times; those of missed glints left out.

    Returns
    -------
    float
        exp of the difference of mean logarithms, less 1; the slowest fifth of either
        left out. NaN below `RECENT_TAPS` or `REFERENCE_TAPS`.

    Examples
    --------
    >>> round(slowing([0.36] * 6, [0.3] * 8), 9)
    0.2
    """
    recent, reference = _finite(recent_s), _finite(reference_s)
    if recent.size < RECENT_TAPS or reference.size < REFERENCE_TAPS:
        return math.nan
    return math.expm1(_mean_log(recent) - _mean_log(reference))


def slowing_by_chance(
    recent_s: ArrayLike, reference_s: ArrayLike, *, evenings_sd: float = 0.0
) -> float:
    """Return the slowing that one judgement in ten shows of somebody who has none.

    Parameters
    ----------
    recent_s, reference_s : array_like, shape (n,) and (m,), seconds
        As for `slowing`; only how many recent ones there are counts.
    evenings_sd : float
        SD of one's mean ln reaction time from evening to evening, where the reference
        is of other ones.

    Returns
    -------
    float
        From how much the *reference* varies: whoever grows drowsy varies more, which
        must not hide it. Student's t, as that spread is known from few taps. NaN below
        `REFERENCE_TAPS` or without a recent one.

    Examples
    --------
    >>> round(slowing_by_chance([0.36] * 6, [0.25, 0.35] * 4), 3)
    0.147
    """
    recent, reference = _finite(recent_s), _finite(reference_s)
    if not recent.size or reference.size < REFERENCE_TAPS:
        return math.nan
    spread = float(np.log(reference).std(ddof=1))
    of_taps = spread * math.sqrt(1 / recent.size + 1 / reference.size)
    error = math.hypot(of_taps, evenings_sd)
    beyond = float(stdtrit(reference.size - 1, 1 - FALSELY_SLOWER))
    return math.expm1(beyond * error)


def wakefulness(
    reaction_s: ArrayLike, reference_s: ArrayLike, *, evenings_sd: float = 0.0
) -> Wakefulness:
    """Return the band of the latest taps.

    Parameters
    ----------
    reaction_s : array_like, shape (n,), seconds
        The latest reaction times; `MISSED_AFTER_S` and more is a miss.
    reference_s : array_like, shape (m,), seconds
        That person's own, taken while breathing was paced.
    evenings_sd : float
        As for `slowing_by_chance`.

    Notes
    -----
    Two misses in a row are drowsy. Two of ten that are apart are not: whoever misses
    one glint in ten, eyes on the partner, has them in a quarter of all windows.

    Examples
    --------
    >>> wakefulness([0.3] * 6, [0.3] * 8)
    <Wakefulness.AWAKE: 'awake'>
    >>> wakefulness([0.3, 0.3, 2.0, 2.0], [0.3] * 8)
    <Wakefulness.DROWSY: 'drowsy'>

    A slowing within what chance gives is none: here everybody's answers vary much.

    >>> wakefulness([0.30, 0.46] * 3, [0.25, 0.4] * 4)
    <Wakefulness.AWAKE: 'awake'>
    """
    latest = _finite(reaction_s)
    missed = latest >= MISSED_AFTER_S
    if (missed[1:] & missed[:-1]).any():
        return Wakefulness.DROWSY
    answered = latest[~missed]
    slower = slowing(answered, reference_s)
    if math.isnan(slower):
        return Wakefulness.UNKNOWN
    awake = min(max(1 - slower / ASLEEP_SLOWING, 0.0), 1.0)
    by_chance = slowing_by_chance(answered, reference_s, evenings_sd=evenings_sd)
    if awake >= AWAKE_FROM or slower <= by_chance:
        return Wakefulness.AWAKE
    return Wakefulness.BETWEEN if awake >= DROWSY_FROM else Wakefulness.DROWSY


def awake_gates(*, reference_taps: int, recent_taps: int) -> tuple[Gate, ...]:
    """Return every reason to say nothing about *awake* now.

    Examples
    --------
    >>> awake_gates(reference_taps=8, recent_taps=6)
    ()
    """
    is_few = reference_taps < REFERENCE_TAPS or recent_taps < RECENT_TAPS
    return (Gate.FEW_TAPS,) if is_few else ()


def _finite(values: ArrayLike) -> Floats:
    array = np.asarray(values, dtype=np.float64)
    return array[np.isfinite(array)]


def _mean_log(reaction_s: Floats) -> float:
    """Return the mean logarithm without the slowest fifth, to a part of an answer.

    Whole answers only would leave out an eighth of eight and a fifth of ten: one of
    them would look slower for nothing.
    """
    kept = (1 - SLOWEST_LEFT_OUT) * reaction_s.size
    counts = np.clip(kept - np.arange(reaction_s.size), 0, 1)
    return float(np.average(np.log(np.sort(reaction_s)), weights=counts))
