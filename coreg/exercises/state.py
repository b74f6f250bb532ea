"""Settled, awake, together: experimental, each against one's own reference.

*Settled* comes from the heart alone (`coreg.exercises.settled`).

*Awake* comes from taps: how much slower one answers a soft glint than one usually does.
It takes many taps (for 80 % hits on a 20 % slowing at 10 % false alarms 10 recent ones
at a variability of .20), so it is shown in three bands and never as a number. Slow and
missed answers: Basner & Dinges, *Sleep* 34 (2011) 581. Reactions are slower in paced
breathing, slowest at its turns: Gallego et al., *Psychophysiology* 28 (1991) 37; so
reference taps are taken while breathing is paced, and off the turns.

Nobody is scored: what two people would get by chance who do not change at all is shown
beside *together*.
"""

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from coreg.exercises.settled import UNCHANGING_SHARE
from coreg.kinds import Wakefulness

Floats = NDArray[np.float64]

SLOWEST_LEFT_OUT: Final = 0.2
MISSED_AFTER_S: Final = 1.5
MISSES_ASLEEP: Final = 2
ASLEEP_SLOWING: Final = 0.30
REFERENCE_TAPS: Final = 8
RECENT_TAPS: Final = 6
AWAKE_FROM: Final = 0.5
DROWSY_FROM: Final = 0.2

# Somebody who arrives this far above the stored rest arrives stirred: about two
# standard deviations of one's own resting heart rate between days.
STIRRED_BPM: Final = 10.0

WARM_UP_S: Final = 120.0
FEWEST_COVERED: Final = 0.7


class Gate(StrEnum):
    """Why nothing is said of a state, in words for the couple."""

    AROUSED = "Much is going on in this heart just now."
    SIGNAL = "The strap's signal has too many holes."
    WARMING_UP = "Still warming up."
    FEW_TAPS = "Too few taps yet."
    TALKING = "Talking moves the heart; this waits for a quiet moment."


@dataclass(frozen=True, slots=True, kw_only=True)
class Together:
    """Minutes in which both were settled and awake, of those that could be judged."""

    judged_min: int
    together_min: int
    by_chance_min: float


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
        dropped. NaN below `RECENT_TAPS` or `REFERENCE_TAPS`.

    Examples
    --------
    >>> round(slowing([0.36] * 6, [0.3] * 8), 9)
    0.2
    """
    recent, reference = _known(recent_s), _known(reference_s)
    if recent.size < RECENT_TAPS or reference.size < REFERENCE_TAPS:
        return math.nan
    return math.expm1(_mean_log(recent) - _mean_log(reference))


def wakefulness(reaction_s: ArrayLike, reference_s: ArrayLike) -> Wakefulness:
    """Return the band of the latest taps.

    Parameters
    ----------
    reaction_s : array_like, shape (n,), seconds
        The latest reaction times; `MISSED_AFTER_S` and more is a miss.
    reference_s : array_like, shape (m,), seconds
        That person's own, taken while breathing was paced.

    Examples
    --------
    >>> wakefulness([0.3] * 6, [0.3] * 8)
    <Wakefulness.AWAKE: 'awake'>
    >>> wakefulness([0.3, 0.3, 2.0, 2.0], [0.3] * 8)
    <Wakefulness.DROWSY: 'drowsy'>
    """
    latest = _known(reaction_s)
    missed = latest >= MISSED_AFTER_S
    if missed.sum() >= MISSES_ASLEEP:
        return Wakefulness.DROWSY
    slower = slowing(latest[~missed], reference_s)
    if math.isnan(slower):
        return Wakefulness.UNKNOWN
    awake = min(max(1 - slower / ASLEEP_SLOWING, 0.0), 1.0)
    if awake >= AWAKE_FROM:
        return Wakefulness.AWAKE
    return Wakefulness.BETWEEN if awake >= DROWSY_FROM else Wakefulness.DROWSY


def together(both_settled: ArrayLike, both_awake: ArrayLike) -> Together:
    """Count the minutes in which both were settled and both awake.

    Parameters
    ----------
    both_settled, both_awake : array_like, shape (n,)
        Of each minute 1 or 0; NaN where it could not be judged. Without taps give 1 for
        every minute and call the count *both settled*.

    Returns
    -------
    Together
        With what two people who do not change would get by chance, their settled
        minutes independent and nobody drowsy: the most that chance gives.

    Examples
    --------
    >>> together([1, 1, 0, np.nan], [1, 0, 1, 1])
    Together(judged_min=3, together_min=1, by_chance_min=0.03)
    """
    minutes = np.asarray(both_settled, float) * np.asarray(both_awake, float)
    judged = np.isfinite(minutes)
    count = int(judged.sum())
    return Together(
        judged_min=count,
        together_min=int(minutes[judged].sum()),
        by_chance_min=round(count * UNCHANGING_SHARE**2, 6),
    )


def rest_bpm(arrived_bpm: float, stored_bpm: float) -> float:
    """Return the resting heart rate to watch against: the lower of those known.

    Arriving stirred must not become what is normal.

    Examples
    --------
    >>> rest_bpm(82.0, 66.0), rest_bpm(70.0, float("nan"))
    (66.0, 70.0)
    """
    return float(np.fmin(arrived_bpm, stored_bpm))


def arrives_stirred(arrived_bpm: float, stored_bpm: float) -> bool:
    """Return whether somebody arrives well above the own rest of other evenings.

    Examples
    --------
    >>> arrives_stirred(82.0, 66.0), arrives_stirred(70.0, float("nan"))
    (True, False)
    """
    return arrived_bpm > stored_bpm + STIRRED_BPM


def settled_gates(
    *, is_flooded: bool, covered_share: float, paced_for_s: float, is_talking: bool
) -> tuple[Gate, ...]:
    """Return every reason for saying nothing of *settled* now.

    `covered_share` is that of the last six breaths with usable beats, `paced_for_s` the
    time since the end of the glide (infinite where nobody is paced).

    Examples
    --------
    >>> settled_gates(
    ...     is_flooded=False, covered_share=0.9, paced_for_s=60.0, is_talking=False
    ... )
    (<Gate.WARMING_UP: 'Still warming up.'>,)
    """
    closed = {
        Gate.AROUSED: is_flooded,
        Gate.SIGNAL: not covered_share >= FEWEST_COVERED,
        Gate.WARMING_UP: paced_for_s < WARM_UP_S,
        Gate.TALKING: is_talking,
    }
    return tuple(gate for gate, is_closed in closed.items() if is_closed)


def awake_gates(
    *, reference_taps: int, recent_taps: int, is_talking: bool
) -> tuple[Gate, ...]:
    """Return every reason for saying nothing of *awake* now.

    Examples
    --------
    >>> awake_gates(reference_taps=8, recent_taps=6, is_talking=False)
    ()
    """
    closed = {
        Gate.FEW_TAPS: reference_taps < REFERENCE_TAPS or recent_taps < RECENT_TAPS,
        Gate.TALKING: is_talking,
    }
    return tuple(gate for gate, is_closed in closed.items() if is_closed)


def _known(values: ArrayLike) -> Floats:
    array = np.asarray(values, dtype=np.float64)
    return array[np.isfinite(array)]


def _mean_log(reaction_s: Floats) -> float:
    kept = math.ceil((1 - SLOWEST_LEFT_OUT) * reaction_s.size)
    return float(np.log(np.sort(reaction_s)[:kept]).mean())
