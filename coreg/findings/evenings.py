"""Several evenings of one partner in numbers: ratings, rest, and the pooled test.

Of two hearts together only those evenings count that both opened to one another, and
the pooled answer is given from six of them. Marked evenings (alcohol, medicine,
illness, poor sleep) are left out of everything, and the page says so.
"""

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from coreg.analysis.likeness import Likeness
from coreg.analysis.pooling import (
    EVENINGS_FOR_AN_ANSWER,
    PooledLikeness,
    pooled,
)
from coreg.analysis.surrogates import holm
from coreg.exercises.blocks import meaning_of
from coreg.facts.arrays import Floats
from coreg.facts.events import Opened, Partner
from coreg.findings.heart import HeartFigures
from coreg.findings.own_rating import OwnRating
from coreg.findings.summary import SessionSummary
from coreg.findings.together import BEYOND_CHANCE, Answer, Together

_PACE_OVER_S = 60.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class EveningFigures:
    """One evening of one partner, and the zone in which its day is told.

    `sat_s` is how long both sat together, NaN where nobody kept it. `breathing` and
    `free_after` are None unless both opened the evening and it could
    be compared.
    """

    opened: Opened
    zone: dt.tzinfo
    ratings: tuple[OwnRating, ...]
    ln_rmssd: float
    breaths_per_min: float
    sat_s: float
    breathing: Likeness | None
    free_after: Likeness | None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PooledAnswer:
    """What may be said over all evenings of one kind of time together."""

    pooled: PooledLikeness
    p_holm: float
    single_z: Floats
    answer: Answer


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Evenings:
    """The evenings of one partner, oldest first, and what was left out of them.

    `unread` are those that this version cannot open.
    """

    partner: Partner
    evenings: tuple[EveningFigures, ...]
    left_out: int
    unread: int
    free_after: PooledAnswer
    breathing: PooledAnswer


def evening(
    summary: SessionSummary,
    together: Together | None,
    partner: Partner,
    ratings: Sequence[OwnRating],
    sat_s: float = math.nan,
) -> EveningFigures:
    """Take one evening's figures; `together` is None where not both opened it."""
    heart = summary.a if partner is Partner.A else summary.b
    return EveningFigures(
        opened=summary.opened,
        zone=summary.zone,
        ratings=tuple(ratings),
        ln_rmssd=_ln_rmssd_at_rest(summary, heart),
        breaths_per_min=_last_pace(summary),
        sat_s=sat_s,
        breathing=together.breathing if together else None,
        free_after=together.free_after if together else None,
    )


def over_evenings(
    partner: Partner,
    evenings: Sequence[EveningFigures],
    *,
    left_out: int,
    unread: int = 0,
) -> Evenings:
    """Pool the evenings, oldest first."""
    kinds = [
        [each.free_after for each in evenings if each.free_after is not None],
        [each.breathing for each in evenings if each.breathing is not None],
    ]
    found = [pooled(kind) for kind in kinds]
    p_holm = holm([each.p for each in found])
    free_after, breathing = map(_answered, kinds, found, p_holm)
    return Evenings(
        partner=partner,
        evenings=tuple(evenings),
        left_out=left_out,
        unread=unread,
        free_after=free_after,
        breathing=breathing,
    )


def usual_range(values: Floats) -> tuple[float, float]:
    """Return the middle half of what is known, NaN with fewer than four.

    Examples
    --------
    >>> usual_range(np.array([1.0, 2.0, 3.0, 4.0, 5.0, np.nan]))
    (2.0, 4.0)
    """
    known = values[np.isfinite(values)]
    if known.size < 4:
        return math.nan, math.nan
    low, high = np.quantile(known, (0.25, 0.75))
    return float(low), float(high)


def _answered(
    kind: Sequence[Likeness], found: PooledLikeness, p_holm: float
) -> PooledAnswer:
    known = [each for each in kind if np.isfinite(each.statistic)]
    if found.evenings < EVENINGS_FOR_AN_ANSWER or not p_holm < BEYOND_CHANCE:
        answer = Answer.OPEN
    else:
        answer = Answer.ALIKE if found.sign > 0 else Answer.OPPOSITE
    return PooledAnswer(
        pooled=found,
        p_holm=p_holm,
        single_z=np.array([each.statistic - each.null.mean() for each in known]),
        answer=answer,
    )


def _ln_rmssd_at_rest(summary: SessionSummary, heart: HeartFigures) -> float:
    for phase, level in zip(summary.phases, heart.levels, strict=True):
        is_arrival = meaning_of(phase.kind).is_arrival
        if is_arrival and level.rmssd_ms > 0:  # nor of a constant, nor NaN
            return math.log(level.rmssd_ms)
    return math.nan


def _last_pace(summary: SessionSummary) -> float:
    pace = summary.pace
    if not pace.start_s.size:
        return math.nan
    late = pace.start_s > pace.end_s[-1] - _PACE_OVER_S
    return float(np.median(pace.breaths_per_min[late]))
