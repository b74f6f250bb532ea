"""Settled and awake together, at rest, and why nothing is said: each against oneself.

*Settled* comes from the heart alone (`exercises/states/settled.py`), *awake* from taps
(`exercises/states/awake.py`); both are experimental. Nobody is scored: what two people
would get by chance who do not change at all is shown beside *together*.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from coreg.exercises.states.settled import UNCHANGING_SHARE

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


@dataclass(frozen=True, slots=True, kw_only=True)
class MinutesTogether:
    """Minutes in which both were settled and awake, of those that could be judged."""

    judged_min: int
    together_min: int
    by_chance_min: float


def together(both_settled: ArrayLike, both_awake: ArrayLike) -> MinutesTogether:
    """Count the minutes in which both were settled and both awake.

    Parameters
    ----------
    both_settled, both_awake : array_like, shape (n,)
        Of each minute 1 or 0; NaN where it could not be judged. Without taps give 1 for
        every minute and call the count *both settled*.

    Returns
    -------
    Together
        With what two people who sit still and do not change would get by chance, on
        average, their settled minutes independent and nobody drowsy.

    Examples
    --------
    >>> together([1, 1, 0, np.nan], [1, 0, 1, 1])
    MinutesTogether(judged_min=3, together_min=1, by_chance_min=0.03)
    """
    minutes = np.asarray(both_settled, float) * np.asarray(both_awake, float)
    judged = np.isfinite(minutes)
    count = int(judged.sum())
    return MinutesTogether(
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
    """Return whether somebody arrives well above their own rest on other evenings.

    Examples
    --------
    >>> arrives_stirred(82.0, 66.0), arrives_stirred(70.0, float("nan"))
    (True, False)
    """
    return arrived_bpm > stored_bpm + STIRRED_BPM


def settled_gates(
    *, is_flooded: bool, covered_share: float, since_reference_s: float
) -> tuple[Gate, ...]:
    """Return every reason to say nothing about *settled* now.

    `covered_share` is that of the last six breaths with usable beats,
    `since_reference_s` the time since the reference began: at the end of the glide, or
    with quiet where nobody is led.

    Examples
    --------
    >>> settled_gates(is_flooded=False, covered_share=0.9, since_reference_s=60.0)
    (<Gate.WARMING_UP: 'Still warming up.'>,)
    """
    closed = {
        Gate.AROUSED: is_flooded,
        Gate.SIGNAL: not covered_share >= FEWEST_COVERED,
        Gate.WARMING_UP: since_reference_s < WARM_UP_S,
    }
    return tuple(gate for gate, is_closed in closed.items() if is_closed)
