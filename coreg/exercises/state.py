"""Settled, and together: experimental, each against one's own reference.

*Awake* has a room of its own (`exercises/awake.py`).

*Settled* comes from the heart alone, over the last six whole breaths: slower than one's
reference, and swinging more than is expected at this rate. The swing is divided by what
the pacer's belief expects (`SharedPacer.expected_swing_ms`), or it would only follow
the rate; without that, heart rate alone counts, with all the weight.

Nobody is scored: `SETTLED_CUT` is chosen so that somebody who does not change at all is
called settled at most one minute in ten, and what two such people would get by chance
is shown beside *together*.
"""

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

BREATHS: Final = 6
REFERENCE_FEWEST_BREATHS: Final = 6
SMALLEST_SD_BPM: Final = 1.5
MAD_TO_SD: Final = 1.4826
HR_WEIGHT: Final = 0.7
RSA_WEIGHT: Final = 0.3
RSA_SD: Final = 0.25  # of the logarithm of six breaths' mean swing at one rate

# benchmarks/settled_cut.py prints .81 by heart rate alone, .74 with the swing: the 90th
# percentile of what somebody scores against tonight's reference who does not change.
SETTLED_CUT: Final = 0.82
UNCHANGING_SHARE: Final = 0.10

# Somebody who arrives this far above the stored rest arrives stirred: about two
# standard deviations of one's own resting heart rate between days.
STIRRED_BPM: Final = 10.0

WARM_UP_S: Final = 120.0
FEWEST_COVERED: Final = 0.7


@dataclass(frozen=True, slots=True, kw_only=True)
class HeartReference:
    """Somebody's heart rate while breathing at the shared pace, early in an evening."""

    hr_bpm: float
    hr_sd_bpm: float


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


def heart_reference(hr_bpm: ArrayLike) -> HeartReference | None:
    """Return a robust reference from heart rate over single breaths.

    Parameters
    ----------
    hr_bpm : array_like, shape (k,), beats per minute
        Over each whole breath of the first two minutes after the glide; NaN unknown.

    Returns
    -------
    HeartReference or None
        Median and 1.4826 MAD, at least `SMALLEST_SD_BPM`; None where fewer than
        `REFERENCE_FEWEST_BREATHS` are known.

    Examples
    --------
    >>> heart_reference([70, 71, 69, 70, 72, 68, 70]).hr_bpm
    70.0
    """
    known = _known(hr_bpm)
    if known.size < REFERENCE_FEWEST_BREATHS:
        return None
    middle = float(np.median(known))
    spread = MAD_TO_SD * float(np.median(np.abs(known - middle)))
    return HeartReference(hr_bpm=middle, hr_sd_bpm=max(spread, SMALLEST_SD_BPM))


def settled_by_heart_rate(hr_bpm: ArrayLike, reference: HeartReference) -> float:
    """Return how settled somebody is, from heart rate alone.

    Parameters
    ----------
    hr_bpm : array_like, shape (6,), beats per minute
        Over each of the last six whole breaths; NaN unknown.
    reference : HeartReference
        That person's own.

    Returns
    -------
    float
        0 to 1, .5 at the reference; NaN where fewer than half are known.

    Examples
    --------
    >>> calm = HeartReference(hr_bpm=70.0, hr_sd_bpm=2.0)
    >>> settled_by_heart_rate([70.0] * 6, calm)
    0.5
    """
    return _logistic(_slower(hr_bpm, reference))


def settled(
    hr_bpm: ArrayLike,
    rsa_ms: ArrayLike,
    expected_rsa_ms: ArrayLike,
    reference: HeartReference,
) -> float:
    """Return how settled somebody is, from heart rate and swing.

    Parameters
    ----------
    hr_bpm : array_like, shape (6,), beats per minute
        Over each of the last six whole breaths; NaN unknown.
    rsa_ms : array_like, shape (6,), milliseconds
        Swing with each of them; NaN unknown.
    expected_rsa_ms : array_like, shape (6,), milliseconds
        What the belief expects at each one's rate; NaN while it is not informative.
    reference : HeartReference
        That person's own.

    Returns
    -------
    float
        0 to 1, .5 where nothing changed; from heart rate alone where fewer than half
        of the swings can be compared; NaN where fewer than half of the rates are known.

    References
    ----------
    The weights are assumptions of coreg.

    Examples
    --------
    >>> calm = HeartReference(hr_bpm=70.0, hr_sd_bpm=2.0)
    >>> settled([70.0] * 6, [60.0] * 6, [60.0] * 6, calm)
    0.5
    """
    slower = _slower(hr_bpm, reference)
    swings = np.asarray(rsa_ms, dtype=np.float64)
    expected = np.asarray(expected_rsa_ms, dtype=np.float64)
    both = (swings > 0) & (expected > 0)
    if not _enough(int(both.sum())):
        return _logistic(slower)
    wider = math.log(float(swings[both].mean()) / float(expected[both].mean()))
    return _logistic(HR_WEIGHT * slower + RSA_WEIGHT * wider / RSA_SD)


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


def _slower(hr_bpm: ArrayLike, reference: HeartReference) -> float:
    known = _known(hr_bpm)
    if not _enough(known.size):
        return math.nan
    return (reference.hr_bpm - float(known.mean())) / reference.hr_sd_bpm


def _enough(count: int) -> bool:
    return 2 * count >= BREATHS


def _known(values: ArrayLike) -> Floats:
    array = np.asarray(values, dtype=np.float64)
    return array[np.isfinite(array)]


def _logistic(x: float) -> float:
    return float(1 / (1 + np.exp(-np.clip(x, -50, 50))))
