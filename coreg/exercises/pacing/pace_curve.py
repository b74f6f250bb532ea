"""What an evening of several paces shows: a curve a heart, and one pace for both.

The same belief that leads a couple live (`coreg.exercises.pacing.belief`) is given the
same answers, breath by breath, from the whole record. It weighs candidate curves and
never fits one, so what it does not know stays wide; and it is made more cautious here
than live, for it is shown to people (`CAUTION`). The choice for two is the pacer's own
(`coreg.exercises.pacing.policy`): the smaller of both swings, each relative to its
best.

Beside the belief stands what was measured, a point a pace, with an error that counts
for neighbouring breaths being alike.
"""

import cmath
import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from coreg.exercises.pacing.belief import MEMORY_S, Belief, RateMemory
from coreg.exercises.pacing.curves import GUIDED_PER_MIN, candidates
from coreg.exercises.pacing.fairness import expected_worth
from coreg.exercises.pacing.policy import SIX_PER_MIN, Believed
from coreg.exercises.pacing.response import plausible, response_ms
from coreg.exercises.pacing.shared_pacer import MEASURED_BELOW_PER_MIN
from coreg.facts.arrays import Floats

LIKELY: Final = 0.8
"""Share of belief within the band of a curve."""

ALIKE: Final = 0.05
"""Two rates whose worth to two people differs by less are called alike."""

FEWEST_BREATHS: Final = 6
_POINT_WIDTH_PER_MIN: Final = 0.25
# Neighbouring breaths are alike: ordinary errors of a mean are 1.5 to 2 times too small
# (simulated hearts; docs/pacing.md).
_ERROR_INFLATION: Final = 1.75

CAUTION: Final = 1 / _ERROR_INFLATION**2
"""How much each breath counts in what is shown.

Errors 1.75 times too small are those of three times as many breaths as there are, so
the likelihood of the answers is taken to this power. On simulated couples
(`benchmarks/found_pace.py 200 80`) the range that is said then holds the rate of the
widest swing in .85 of hearts, without in .65; and the choice for two is better by it:
regret .043, without .051. Where a curve is of no kind that is believed in, it holds in
.68 to .76.
"""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Answers:
    """How one heart answered every breath, and what is believed of it for that.

    `rate_per_min` and `answer_ms` have one entry a breath; `answer_ms` is complex as
    of `response_ms`, `UNKNOWN` where it could not be measured. `weights`, shape (n,),
    are the belief in each candidate; they add up to 1.
    """

    rate_per_min: Floats
    answer_ms: NDArray[np.complex128]
    weights: Floats


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Curve:
    """Belief about one heart's swing, relative to its best in the guided range.

    Each shape (26,), at each of `GUIDED_PER_MIN`: the mean, and the band that holds
    `LIKELY` of the belief at that rate. The rate of the widest swing lies between
    `best_low_per_min` and `best_high_per_min` with as much belief.
    """

    mean: Floats
    low: Floats
    high: Floats
    best_low_per_min: float
    best_high_per_min: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Points:
    """Swings that were measured, on the scale of a curve: a point a pace, shape (k,).

    `error` is one standard error.
    """

    rate_per_min: Floats
    relative: Floats
    error: Floats
    breaths: NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Shared:
    """What each rate is worth to the partner it suits less, and the choice for both.

    From `low_per_min` to `high_per_min` every rate is `ALIKE` to the choice.
    """

    worth: Floats
    choice_per_min: float
    low_per_min: float
    high_per_min: float

    def worth_at(self, rate_per_min: float) -> float:
        """Return the worth of a guided rate."""
        return float(np.interp(rate_per_min, GUIDED_PER_MIN, self.worth))

    @property
    def worth_of_choice(self) -> float:
        """The worth of the choice."""
        return self.worth_at(self.choice_per_min)

    @property
    def worth_of_six(self) -> float:
        """The worth of six a minute, where everybody starts."""
        return self.worth_at(SIX_PER_MIN)


def answers(t_s: Floats, nn_ms: Floats, start_s: Floats, period_s: Floats) -> Answers:
    """Return how one heart answered these breaths.

    Parameters
    ----------
    t_s : ndarray, shape (n,), seconds
        Beat times, ascending.
    nn_ms : ndarray, shape (n,), milliseconds
        The interval that ended with each beat; NaN where cleaning rejected one.
    start_s, period_s : ndarray, shape (k,), seconds
        Every breath that was guided, in order.

    Examples
    --------
    >>> t_s = np.arange(0.0, 200.0)
    >>> nn_ms = 1000 + 40 * np.cos(2 * np.pi * (t_s - 0.5) / 10)
    >>> heard = answers(t_s, nn_ms, np.arange(20.0, 160.0, 10.0), np.full(14, 10.0))
    >>> round(float(np.abs(heard.answer_ms).mean()))
    39
    """
    belief, memory = Belief.of_anybody(), RateMemory()
    kept_t_s, kept_ms = plausible(t_s, nn_ms)
    rates_per_min = 60 / period_s
    heard = np.full(start_s.size, complex(math.nan, math.nan))
    out_s = math.inf
    breaths = zip(start_s.tolist(), period_s.tolist(), rates_per_min, strict=True)
    for number, (begins_s, lasts_s, rate) in enumerate(breaths):
        if begins_s - out_s > MEMORY_S:
            memory = RateMemory()  # a pause, or a rest: the body forgot the pace
        out_s = begins_s + lasts_s
        swing = memory.breathe(float(rate))
        if rate > MEASURED_BELOW_PER_MIN:
            continue
        heard[number] = response_ms(kept_t_s, kept_ms, begins_s, lasts_s)
        if not cmath.isnan(heard[number]):
            belief.take(complex(heard[number]), swing, lasts_s)
    return Answers(
        rate_per_min=rates_per_min, answer_ms=heard, weights=_cautious(belief.weights)
    )


def curve(weights: Floats) -> Curve:
    """Return a belief as a curve with its band; `weights` as of `Answers`.

    Examples
    --------
    >>> nothing_known = curve(candidates().prior)
    >>> float(nothing_known.low.min()) < 0.5 < float(nothing_known.high.min())
    True
    """
    guided = candidates().guided
    edges = ((1 - LIKELY) / 2, (1 + LIKELY) / 2)
    low, high = (_quantile(guided, weights, edge) for edge in edges)
    best_per_min = GUIDED_PER_MIN[guided.argmax(axis=1)][:, np.newaxis]
    slowest, fastest = (_quantile(best_per_min, weights, edge) for edge in edges)
    return Curve(
        mean=np.asarray(weights @ guided),
        low=low,
        high=high,
        best_low_per_min=float(slowest[0]),
        best_high_per_min=float(fastest[0]),
    )


def points(heard: Answers, believed: Curve) -> Points:
    """Return what was measured at each pace, on the scale of the curve.

    A pace is a quarter of a breath wide and counts from `FEWEST_BREATHS` on. The scale
    is the one at which the points lie nearest to the curve, each by its breaths: only
    their shape can be compared, for what a heart could do at best was not measured.
    """
    measured = ~np.isnan(heard.answer_ms)
    place = np.round(heard.rate_per_min / _POINT_WIDTH_PER_MIN)
    rows = []
    for each in np.unique(place[measured]):
        within = measured & (place == each)
        if within.sum() >= FEWEST_BREATHS:
            rate = float(heard.rate_per_min[within].mean())
            rows.append((rate, *_mean_size(heard.answer_ms[within]), within.sum()))
    table = np.array(rows, dtype=np.float64).reshape(-1, 4)
    rates_per_min, size_ms, error_ms, breaths = table.T
    expected = np.interp(rates_per_min, GUIDED_PER_MIN, believed.mean)
    squares = float((breaths * size_ms**2).sum())
    scale = float((breaths * size_ms * expected).sum()) / squares if squares else 0.0
    return Points(
        rate_per_min=rates_per_min,
        relative=scale * size_ms,
        error=scale * error_ms,
        breaths=breaths.astype(np.int64),
    )


def shared(weights_a: Floats, weights_b: Floats) -> Shared:
    """Return what each rate is worth to two people, and the choice for both.

    Examples
    --------
    >>> nobody_known = shared(candidates().prior, candidates().prior)
    >>> nobody_known.low_per_min <= nobody_known.choice_per_min
    True
    """
    believed = Believed(weights_a=weights_a, weights_b=weights_b)
    worth = expected_worth(weights_a, weights_b)
    choice = believed.best_per_min
    place = int(np.argmin(np.abs(GUIDED_PER_MIN - choice)))
    as_good = worth >= worth[place] - ALIKE
    low, high = place, place
    while low > 0 and as_good[low - 1]:
        low -= 1
    while high < worth.size - 1 and as_good[high + 1]:
        high += 1
    return Shared(
        worth=worth,
        choice_per_min=choice,
        low_per_min=float(GUIDED_PER_MIN[low]),
        high_per_min=float(GUIDED_PER_MIN[high]),
    )


def _cautious(weights: Floats) -> Floats:
    """Return a belief to which each answer counted less."""
    tempered = candidates().prior ** (1 - CAUTION) * weights**CAUTION
    return np.asarray(tempered / tempered.sum())


def _quantile(values: Floats, weights: Floats, share: float) -> Floats:
    """Return the weighted quantile of each column."""
    order = np.argsort(values, axis=0)
    reached = np.cumsum(weights[order], axis=0)
    at = np.minimum((reached < share).sum(axis=0), values.shape[0] - 1)
    columns = np.arange(values.shape[1])
    return np.asarray(values[order[at, columns], columns])


def _mean_size(answer_ms: NDArray[np.complex128]) -> tuple[float, float]:
    """Return the size of the mean answer and its standard error.

    The mean is complex, so what keeps no step with the pacer cancels; the error is that
    of the part along the mean.
    """
    mean = answer_ms.mean()
    along_ms = (answer_ms * np.conj(mean) / abs(mean)).real if mean else answer_ms.real
    error_ms = along_ms.std(ddof=1) / math.sqrt(answer_ms.size)
    return 2 * abs(mean), 2 * _ERROR_INFLATION * float(error_ms)
