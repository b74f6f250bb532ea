"""One partner's breath beside the pacer's, as their chest shows it.

Counts of breaths and no share of them: what cannot be told is as often a movement as a
breath, so nobody's share is known where much of it is missing.
"""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from coreg.analysis.breath_in_step import BreathInStep, known_from_s, steadiness
from coreg.facts.events import (
    BreathByHeart,
    BreathSeen,
    InStep,
    NoLongerMeasured,
    PacedBreathSeen,
    Partner,
    Stream,
)
from coreg.facts.packets import BY_HEART_EVERY_S
from coreg.findings.timeline import Facts, PacedBreaths, Span, of_partner

FEWEST_TOLD: Final = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class ChestBreath:
    """What a chest tells of the paced breaths of a practice.

    Of all `paced` breaths `followed` went along with the pacer, `own_way` at a rhythm
    of their own; the others cannot be told. Those after somebody took back that their
    chest is measured are none of them. `steadiness` (0 to 1) is how steadily those that
    followed kept their lag behind the pacer, NaN below `FEWEST_TOLD` of them. For
    `known_s` the rate of the breath was known, there with a `quality` of so much in the
    middle (NaN where it never was).
    """

    paced: int
    followed: int
    own_way: int
    steadiness: float
    known_s: float
    quality: float

    @property
    def untold(self) -> int:
        """How many paced breaths cannot be told."""
        return self.paced - self.told

    @property
    def told(self) -> int:
        """How many can."""
        return self.followed + self.own_way

    @property
    def is_told(self) -> bool:
        """Whether enough of them can be told to say anything."""
        return self.told >= FEWEST_TOLD


@dataclass(frozen=True, slots=True, kw_only=True)
class EcgBreath:
    """What an ECG tells of a breath, where the chest's movement was not recorded.

    Known for `known_s`; the median rate there and its `quality`, NaN where it never
    was.
    """

    known_s: float
    rate_per_min: float
    quality: float


def ecg_breath_of(partner: Partner, facts: Facts, session: Span) -> EcgBreath | None:
    """Gather what one ECG tells of the breath; None where it was not asked."""
    asked = [
        each
        for each in of_partner(facts, partner, BreathByHeart)
        if session.start_s <= each.t_s <= session.end_s
    ]
    if not asked:
        return None
    known = [each for each in asked if math.isfinite(each.rate_per_min)]
    rates, qualities = ([e.rate_per_min for e in known], [e.quality for e in known])
    return EcgBreath(
        known_s=BY_HEART_EVERY_S * len(known),
        rate_per_min=float(np.median(rates)) if known else math.nan,
        quality=float(np.median(qualities)) if known else math.nan,
    )


def chest_breath_of(
    partner: Partner, facts: Facts, session: Span, pace: PacedBreaths
) -> ChestBreath | None:
    """Gather what one chest tells; None where it was never seen."""
    seconds = [
        each
        for each in of_partner(facts, partner, BreathSeen)
        if session.start_s <= each.t_s <= session.end_s
    ]
    if not seconds:
        return None
    beside = of_partner(facts, partner, PacedBreathSeen)
    told = [each for each in beside if each.in_step is not InStep.UNTOLD]
    known = [each.quality for each in seconds if math.isfinite(each.rate_per_min)]
    with_it = [each for each in told if each.in_step is InStep.FOLLOWED]
    enough = len(with_it) >= FEWEST_TOLD
    return ChestBreath(
        paced=_paced(pace, _taken_back(partner, facts, seconds)),
        followed=len(with_it),
        own_way=sum(each.in_step is InStep.OWN_WAY for each in told),
        steadiness=steadiness(list(map(_measured, with_it))) if enough else math.nan,
        known_s=float(len(known)),
        quality=float(np.median(known)) if known else math.nan,
    )


def _taken_back(
    partner: Partner, facts: Facts, seconds: list[BreathSeen]
) -> list[Span]:
    """Return from when a chest was not to be measured, and until when if it was again.

    What is missing there was not to be known, and is no breath that can't be told.
    """
    spans = []
    for each in of_partner(facts, partner, NoLongerMeasured):
        if each.stream is Stream.ACCELERATION:
            again_s = (seen.t_s for seen in seconds if seen.t_s > each.t_s)
            spans.append(Span(start_s=each.t_s, end_s=next(again_s, math.inf)))
    return spans


def _paced(pace: PacedBreaths, taken_back: list[Span]) -> int:
    """Count the breaths of the pacer that a chest was to be held beside."""
    counts = np.ones(pace.start_s.size, dtype=bool)
    for at, (start_s, per_min) in enumerate(
        zip(pace.start_s.tolist(), pace.breaths_per_min.tolist(), strict=True)
    ):
        told_s = known_from_s(start_s, 60 / per_min)
        counts[at] = not any(
            s.start_s < told_s and start_s < s.end_s for s in taken_back
        )
    return int(counts.sum())


def _measured(seen: PacedBreathSeen) -> BreathInStep:
    x, y, z = seen.axis
    return BreathInStep(
        locked_share=seen.locked_share,
        other_share=seen.other_share,
        other_times=seen.other_times,
        lag_rad=seen.lag_rad,
        axis=(x, y, z),
        in_step=seen.in_step,
    )
