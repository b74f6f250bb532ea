"""Settled, awake, together: experimental, each against one's own reference.

*Settled* comes from the heart alone, over the last six whole breaths: slower than one's
reference, and swinging more than is expected at this rate. The swing is divided by what
the pacer's belief expects (`SharedPacer.expected_swing_ms`), or it would only follow
the rate; without that, heart rate alone counts, with all the weight.

*Awake* comes from taps: how much slower one answers a soft glint than one usually does.
It takes many taps (for 80 % hits on a 20 % slowing at 10 % false alarms 10 recent ones
at a variability of .20), so it is shown in three bands and never as a number; and a
slowing counts only beyond what chance gives so few answers of somebody who varies as
much as this one (`slowing_by_chance`, `benchmarks/tap_hits.py`). Slow and
missed answers: Basner & Dinges, *Sleep* 34 (2011) 581. Reactions are slower in paced
breathing, slowest at its turns: Gallego et al., *Psychophysiology* 28 (1991) 37; so
reference taps are taken while breathing is paced, and off the turns.

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
from scipy.special import stdtrit

from coreg.kinds import Wakefulness

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

SLOWEST_LEFT_OUT: Final = 0.2
MISSED_AFTER_S: Final = 1.5
MISSES_ASLEEP: Final = 2
ASLEEP_SLOWING: Final = 0.30
REFERENCE_TAPS: Final = 8
RECENT_TAPS: Final = 6
AWAKE_FROM: Final = 0.5
DROWSY_FROM: Final = 0.2
FALSELY_SLOWER: Final = 0.10  # of somebody who does not change

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


def slowing_by_chance(recent_s: ArrayLike, reference_s: ArrayLike) -> float:
    """Return the slowing that one judgement in ten shows of somebody who has none.

    Parameters
    ----------
    recent_s, reference_s : array_like, shape (n,) and (m,), seconds
        As for `slowing`; only how many recent ones there are counts.

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
    recent, reference = _known(recent_s), _known(reference_s)
    if not recent.size or reference.size < REFERENCE_TAPS:
        return math.nan
    spread = float(np.log(reference).std(ddof=1))
    error = spread * math.sqrt(1 / recent.size + 1 / reference.size)
    beyond = float(stdtrit(reference.size - 1, 1 - FALSELY_SLOWER))
    return math.expm1(beyond * error)


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

    A slowing within what chance gives is none: here everybody's answers vary much.

    >>> wakefulness([0.30, 0.46] * 3, [0.25, 0.4] * 4)
    <Wakefulness.AWAKE: 'awake'>
    """
    latest = _known(reaction_s)
    missed = latest >= MISSED_AFTER_S
    if missed.sum() >= MISSES_ASLEEP:
        return Wakefulness.DROWSY
    answered = latest[~missed]
    slower = slowing(answered, reference_s)
    if math.isnan(slower):
        return Wakefulness.UNKNOWN
    awake = min(max(1 - slower / ASLEEP_SLOWING, 0.0), 1.0)
    if awake >= AWAKE_FROM or slower <= slowing_by_chance(answered, reference_s):
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


def _mean_log(reaction_s: Floats) -> float:
    kept = math.ceil((1 - SLOWEST_LEFT_OUT) * reaction_s.size)
    return float(np.log(np.sort(reaction_s)[:kept]).mean())


def _logistic(x: float) -> float:
    return float(1 / (1 + np.exp(-np.clip(x, -50, 50))))
