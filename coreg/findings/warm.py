"""How alike two hearts were after a warm practice, beside before it, in one sitting.

For a therapist and for research, never for a couple: it would be a mark for warmth.

Strategy.

1. A plan says itself that it is warm. Only free time counts: unpaced, not talked in.
   *Before* is the longest such stretch before anybody speaks, *after* the first one
   when nobody does any more, with no paced breath in between.
2. Both are cut to the same length, each to its last seconds: a longer stretch finds
   more likeness by being longer, and what a change does to hearts fades at its start.
3. Each has its likeness beyond chance: Fisher's z at the best lag less the mean of its
   own surrogates, as in `pooled`. One evening's difference says nothing.
4. Over evenings: signed ranks, exact, from six evenings on (`analysis.shift`). Two
   equally long free stretches of one sitting could be exchanged where the warm part
   between them did nothing, also where the two are alike all evening.
"""

import math
from collections import Counter
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np

from coreg.analysis.session_regressors import Pacer
from coreg.analysis.shift import UNKNOWN, Shift, paired_shift
from coreg.analysis.synchrony import LEAST_SHARED_S, TRIM_S, Phase, synchrony
from coreg.analysis.synchrony_channels import ComparedHeart
from coreg.errors import NotReleased
from coreg.exercises.blocks import meaning_of
from coreg.exercises.plan import Plan, readable_plan
from coreg.facts.events import Partner
from coreg.findings.chance import SURROGATES
from coreg.findings.summary import SessionSummary
from coreg.findings.timeline import Span
from coreg.findings.together import (
    Doing,
    Stretch,
    compared_heart,
    seed_of,
    shown_pacer,
    stretches_of,
    unquiet_of,
    why_not,
)
from coreg.words import wrong_and_do

FEWEST_EVENINGS: Final = 6
"""Signed ranks of five cannot reach .05, whatever they are."""
LEAST_S: Final = LEAST_SHARED_S + 2 * TRIM_S


class Unanswered(StrEnum):
    """Why an evening cannot say whether hearts were more alike afterwards."""

    NOT_WARM = "not warm"
    NOT_COMPARED = "hearts that cannot be compared"
    NO_BEFORE = "no free time before"
    NO_AFTER = "no free time after"
    TOO_SHORT = "too short"
    TOO_LITTLE_DATA = "too little data"
    NOT_QUIET = "free time that may not have been quiet"


@dataclass(frozen=True, slots=True, kw_only=True)
class WarmEvening:
    """Likeness beyond chance before and after, in Fisher's z.

    `seconds` of each were looked at. NaN and 0 where `unanswered` says why.
    """

    before_z: float
    after_z: float
    seconds: float
    unanswered: Unanswered | None

    @property
    def change_z(self) -> float:
        """How much more alike they were afterwards."""
        return self.after_z - self.before_z


@dataclass(frozen=True, slots=True, kw_only=True)
class WarmOver:
    """All warm evenings of one couple.

    `change_z` is unknown with fewer than `FEWEST_EVENINGS` that can say something.
    """

    change_z: Shift
    evenings: int
    unanswered: Mapping[Unanswered, int]


def warm_of(summary: SessionSummary, *, surrogates: int = SURROGATES) -> WarmEvening:
    """Compare the free time after the warm part of one evening with that before it."""
    plan = readable_plan(summary.opened.practice.plan_toml)
    if plan is None or not plan.is_warm:
        return _unanswered(Unanswered.NOT_WARM)
    pacer = shown_pacer(summary)
    before, after = _free_beside(summary, pacer)
    if before is None:
        return _unanswered(Unanswered.NO_BEFORE)
    if after is None:
        return _unanswered(Unanswered.NO_AFTER)
    if why_not(summary, stretches_of(summary, pacer)) is not None:
        return _unanswered(Unanswered.NOT_COMPARED)
    if unquiet_of(summary):
        return _unanswered(Unanswered.NOT_QUIET)
    return before_and_after(
        compared_heart(summary.a),
        compared_heart(summary.b),
        (before, after),
        pacer,
        surrogates=surrogates,
        seed=seed_of(summary.opened) + 3,
    )


def before_and_after(
    a: ComparedHeart,
    b: ComparedHeart,
    free: tuple[Span, Span],
    pacer: Pacer,
    *,
    surrogates: int,
    seed: int,
) -> WarmEvening:
    """Compare two free stretches of two hearts, each cut to its last seconds."""
    seconds = math.floor(min(each.end_s - each.start_s for each in free))
    if seconds < LEAST_S:
        return _unanswered(Unanswered.TOO_SHORT)
    phases = [
        Phase(name=name, start_s=each.end_s - seconds, end_s=each.end_s)
        for name, each in zip(("before", "after"), free, strict=True)
    ]
    found = synchrony(
        a, b, phases=phases, pacer=pacer, surrogates=surrogates, seed=seed
    )
    if any(phase.missing is not None for phase in found.per_phase):
        return _unanswered(Unanswered.TOO_LITTLE_DATA)
    before_z, after_z = (
        phase.hr.statistic - float(phase.hr.null.mean()) for phase in found.per_phase
    )
    return WarmEvening(
        before_z=before_z, after_z=after_z, seconds=seconds, unanswered=None
    )


def warm_over(evenings: Sequence[WarmEvening], agreed: Container[Partner]) -> WarmOver:
    """Pool the warm evenings of one couple; others are left out.

    Raises
    ------
    NotReleased
        Unless both agreed.
    """
    if not all(partner in agreed for partner in Partner):
        raise NotReleased(*wrong_and_do("errors.measure.warm"))
    warm = [each for each in evenings if each.unanswered is not Unanswered.NOT_WARM]
    changes_z = np.array(
        [each.change_z for each in warm if each.unanswered is None], dtype=np.float64
    )
    few = changes_z.size < FEWEST_EVENINGS
    return WarmOver(
        change_z=UNKNOWN if few else paired_shift(changes_z),
        evenings=int(changes_z.size),
        unanswered=Counter(
            each.unanswered for each in warm if each.unanswered is not None
        ),
    )


def planned(plan: Plan) -> Unanswered | None:
    """Return why a plan as it is written can never say it; None where it can."""
    if not plan.is_warm:
        return Unanswered.NOT_WARM
    spoken = [n for n, block in enumerate(plan.blocks) if block.means.is_spoken]
    if not spoken:
        return Unanswered.NO_BEFORE
    free = [
        (number, block.length_s)
        for number, block in enumerate(plan.blocks)
        if block.means.is_compared and not block.means.is_led
    ]
    before_s = [length_s for number, length_s in free if number < spoken[0]]
    after_s = [length_s for number, length_s in free if number > spoken[-1]]
    if not before_s:
        return Unanswered.NO_BEFORE
    if not after_s:
        return Unanswered.NO_AFTER
    return Unanswered.TOO_SHORT if min(max(before_s), after_s[0]) < LEAST_S else None


def _free_beside(
    summary: SessionSummary, pacer: Pacer
) -> tuple[Span | None, Span | None]:
    spoken = [each for each in summary.phases if meaning_of(each.kind).is_spoken]
    if not spoken:
        return None, None
    from_s, to_s = spoken[0].start_s, spoken[-1].end_s
    stretches = stretches_of(summary, pacer)
    before = [
        each for each in stretches if each.end_s <= from_s and each.doing is Doing.FREE
    ]
    follows = [each for each in stretches if each.start_s >= to_s]
    longest = max(before, key=lambda each: each.end_s - each.start_s, default=None)
    # Paced breath in between would be what any change is after.
    first = follows[0] if follows and follows[0].doing is Doing.FREE else None
    return _span(longest), _span(first)


def _span(of: Stretch | None) -> Span | None:
    return None if of is None else Span(start_s=of.start_s, end_s=of.end_s)


def _unanswered(why: Unanswered) -> WarmEvening:
    return WarmEvening(before_z=math.nan, after_z=math.nan, seconds=0, unanswered=why)
