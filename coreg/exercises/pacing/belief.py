"""What is believed of one person: which candidate curve is theirs, and how strongly.

Strategy. Every candidate of `coreg.exercises.pacing.curves` keeps a Kalman filter of
its own for what it leaves open, and gains or loses weight by how well it foretold each
breath:

1. The answer to a breath is `swing(rate) * (level + drift) + noise`, all complex:
   *level* is this person's largest answer and its phase, *drift* wanders about it
   within the session (SD 15 %, a minute), noise is estimated from the answers'
   differences. The swing is read through the body's memory of the last rates (about
   20 s: the baroreflex builds up over two breaths).
2. An answer now and then is no answer (a sigh, a word, a missed pacer): with a small
   probability it says nothing, and the filter is moved the less.
3. Between evenings the belief fades a little towards the prior, and resonances move:
   test and retest differ by about .3/min.

No curve is ever chosen. Whoever decides does so over all of them by their weights, so a
belief that knows nothing decides as the prior does. Kalman, *J. Basic Eng.* 82 (1960)
35; the bank of filters is Magill's, *IEEE Trans. Autom. Control* 10 (1965) 434.
"""

import math
from collections.abc import Sequence
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from coreg.exercises.pacing.curves import ALL_PER_MIN, STEP_PER_MIN, candidates
from coreg.facts.arrays import Floats

Complexes = NDArray[np.complex128]

# Half a swing: 20-200 ms from peak to trough in adults at rest, most below 100.
LEVEL_SD_MS: Final = 45.0
LEVEL_WALK: Final = 0.002  # of the level, in a second; grows with the root of time
DRIFT_SD: Final = 0.15
DRIFT_S: Final = 60.0
MEMORY_S: Final = 20.0
_BEFORE_PER_MIN: Final = 12.0  # what bodies come from when guided breathing begins
SILENT_SHARE: Final = 0.05  # breaths that tell nothing
SILENT_SPREAD: Final = (
    0.3  # of the level squared: a breath of one's own, or half of one
)

NOISE_SD_MS: Final = 10.0
NOISE_PRIOR_COUNT: Final = 5
# Neighbouring answers share their slow waves, so their differences show too little.
NOISE_INFLATION: Final = 1.5
LARGEST_SURPRISE: Final = 6.0  # times the usual

FADE: Final = 0.2
MOVE_PER_MIN: Final = 0.3
INFORMATIVE_COUNT: Final = 6
_SMALLEST_WEIGHT: Final = 1e-12


class RateMemory:
    """What the body's memory of recent rates makes of each candidate's swing."""

    __slots__ = ("_now",)

    def __init__(self) -> None:
        self._now = _swing_at(_BEFORE_PER_MIN)

    def breathe(self, rate_per_min: float) -> Floats:
        """Return each candidate's mean swing over a breath at this rate."""
        steady = _swing_at(rate_per_min)
        period_s = 60 / rate_per_min
        arrived = 1 - math.exp(-period_s / MEMORY_S)
        mean = steady + (self._now - steady) * (arrived * MEMORY_S / period_s)
        self._now = self._now + arrived * (steady - self._now)
        return mean


class Belief:
    """The candidates' weights for one person, and what each has learned tonight."""

    __slots__ = ("_count", "_filters", "_log_weight", "_noise")

    def __init__(self, weights: Floats) -> None:
        self._log_weight: Floats = np.log(np.maximum(weights, _SMALLEST_WEIGHT))
        self._filters = _Filters(weights.size)
        self._noise = _Noise()
        self._count = 0

    @classmethod
    def of_anybody(cls) -> "Belief":
        """Return the belief about somebody of whom nothing is known."""
        return cls(candidates().prior)

    @classmethod
    def carried_over(cls, weights: Sequence[float]) -> "Belief":
        """Return what is left of last evening's weights.

        Raises
        ------
        ValueError
            If these are not the weights of as many candidates as there are.
        """
        if not all(type(each) in {float, int} for each in weights):  # nor true, nor "1"
            raise ValueError("the weights of a belief are numbers")
        kept = np.asarray(weights, dtype=np.float64)
        if kept.shape != candidates().prior.shape:
            raise ValueError(
                f"a belief has {candidates().prior.size} weights, not {kept.size}"
            )
        if not ((kept >= 0).all() and (kept <= 1).all() and kept.sum() > 0):
            raise ValueError("the weights of a belief are shares, not all of them 0")
        moved = (kept / kept.sum()) @ _movement()
        return cls((1 - FADE) * moved + FADE * candidates().prior)

    @property
    def weights(self) -> Floats:
        """Share of belief in each candidate; adds up to 1."""
        raised = np.exp(self._log_weight - self._log_weight.max())
        return np.asarray(raised / raised.sum())

    @property
    def is_informative(self) -> bool:
        """Whether enough breaths were measured tonight to expect a size of swing."""
        return self._count >= INFORMATIVE_COUNT

    def expected_swing_ms(self, rate_per_min: float) -> float:
        """Return the swing, peak to trough, that is expected once settled at a rate."""
        size_ms = np.abs(self._filters.level) * _swing_at(rate_per_min)
        return float(2 * self.weights @ size_ms)

    def take(self, answer_ms: complex, swing: Floats, period_s: float) -> None:
        """Weigh the candidates by one answer.

        Parameters
        ----------
        answer_ms : complex, milliseconds
            As `coreg.exercises.pacing.response.response_ms` gives it; not `UNKNOWN`.
        swing : ndarray, shape (n,)
            What `Memory.breathe` returned for that breath.
        period_s : float, seconds
            Length of the breath.
        """
        noise_ms2 = self._noise.variance_ms2(answer_ms)
        self._filters.drift_for(period_s)
        surprise, variance = self._filters.foretold(answer_ms, swing, noise_ms2)
        heard = _log_density(surprise, variance) + math.log(1 - SILENT_SHARE)
        level_ms2 = np.abs(self._filters.level) ** 2
        unheard = _log_density(
            np.full(swing.size, answer_ms), 2 * noise_ms2 + SILENT_SPREAD * level_ms2
        )
        likelihood = np.logaddexp(heard, unheard + math.log(SILENT_SHARE))
        self._log_weight = self._log_weight + likelihood
        self._log_weight -= self._log_weight.max()
        told = np.exp(heard - likelihood)
        self._filters.correct(surprise, told * swing / variance, swing)
        self._count += 1


class _Filters:
    """A Kalman filter of level and drift for each candidate."""

    __slots__ = ("_covariance", "_drift", "_drift_variance", "_variance", "level")

    def __init__(self, count: int) -> None:
        self.level: Complexes = np.zeros(count, dtype=np.complex128)
        self._drift: Complexes = np.zeros(count, dtype=np.complex128)
        self._variance: Floats = np.full(count, LEVEL_SD_MS**2)
        self._drift_variance: Floats = np.zeros(count)
        self._covariance: Floats = np.zeros(count)

    def drift_for(self, period_s: float) -> None:
        """Let level and drift wander for the length of a breath."""
        stays = math.exp(-period_s / DRIFT_S)
        level_ms2 = np.abs(self.level) ** 2
        self._drift = self._drift * stays
        self._covariance = self._covariance * stays
        grown = (1 - stays**2) * DRIFT_SD**2 * level_ms2
        self._drift_variance = stays**2 * self._drift_variance + grown
        self._variance = self._variance + LEVEL_WALK**2 * period_s * level_ms2

    def foretold(
        self, answer_ms: complex, swing: Floats, noise_ms2: float
    ) -> tuple[Complexes, Floats]:
        """Return by how much the answer differs, and the variance of that."""
        both = self._variance + 2 * self._covariance + self._drift_variance
        return answer_ms - swing * (
            self.level + self._drift
        ), swing**2 * both + noise_ms2

    def correct(self, surprise: Complexes, trust: Floats, swing: Floats) -> None:
        """Learn from the surprise; `trust` is the swing over the variance."""
        own = self._variance + self._covariance
        drifting = self._covariance + self._drift_variance
        self.level = self.level + trust * own * surprise
        self._drift = self._drift + trust * drifting * surprise
        self._variance = self._variance - trust * swing * own**2
        self._covariance = self._covariance - trust * swing * own * drifting
        self._drift_variance = self._drift_variance - trust * swing * drifting**2


class _Noise:
    """The variance of an answer, learned from how neighbouring answers differ."""

    __slots__ = ("_count", "_last_ms", "_sum_ms2")

    def __init__(self) -> None:
        self._count = NOISE_PRIOR_COUNT
        self._sum_ms2 = NOISE_PRIOR_COUNT * NOISE_SD_MS**2
        self._last_ms: complex | None = None

    def variance_ms2(self, answer_ms: complex) -> float:
        """Take one answer and return the variance as it is known by now."""
        if self._last_ms is not None:
            usual_ms2 = self._sum_ms2 / self._count
            seen_ms2 = abs(answer_ms - self._last_ms) ** 2 / 2
            self._sum_ms2 += NOISE_INFLATION * min(
                seen_ms2, LARGEST_SURPRISE * usual_ms2
            )
            self._count += 1
        self._last_ms = answer_ms
        return self._sum_ms2 / self._count


def _log_density(away: Complexes, variance: Floats) -> Floats:
    """Return the complex normal density's logarithm, but for a constant."""
    return np.asarray(-(np.abs(away) ** 2) / variance - np.log(variance))


def _swing_at(rate_per_min: float) -> Floats:
    rate = min(max(rate_per_min, ALL_PER_MIN[0]), ALL_PER_MIN[-1])
    place = (rate - ALL_PER_MIN[0]) / STEP_PER_MIN
    below = min(int(place), ALL_PER_MIN.size - 2)
    swing = candidates().swing
    share = place - below
    return np.asarray((1 - share) * swing[:, below] + share * swing[:, below + 1])


@cache
def _movement() -> Floats:
    """Return where belief in each candidate may have moved by the next evening.

    A resonance moves by about `MOVE_PER_MIN`; width, floor and comfort stay.
    """
    all_of_them = candidates()
    movement = np.eye(all_of_them.prior.size)
    rates = all_of_them.resonance_per_min
    resonant = np.flatnonzero(np.isfinite(rates))
    places, which = np.unique(rates[resonant], return_inverse=True)
    away = (places[:, None] - places[None, :]) / MOVE_PER_MIN
    step = np.exp(-(away**2) / 2)
    step /= step.sum(axis=1, keepdims=True)
    # Candidates come in the same order of shapes within each resonance.
    per_place = resonant.size // places.size
    kind = np.arange(resonant.size) % per_place
    alike = kind[:, None] == kind[None, :]
    movement[np.ix_(resonant, resonant)] = step[which][:, which] * alike
    return movement
