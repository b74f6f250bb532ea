"""The pace that a couple looked for: each heart's curve, and the choice for both.

Only of a session whose plan says so (`measured = ["curve"]`) and in which people
breathed with the pace.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from coreg.base.bounds import BadText, toml_of
from coreg.exercises.pacing.pace_curve import (
    Answers,
    Curve,
    Points,
    Shared,
    answers,
    curve,
    points,
    shared,
)
from coreg.facts.events import Partner, Source
from coreg.findings.heart import HeartFigures
from coreg.findings.summary import SessionSummary
from coreg.findings.timeline import PacedBreaths

FEWEST_PACES: Final = 3
LEAST_HIGHEST: Final = 1.15
"""Axes end here, relative to the best, or where the highest whisker does."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class HeartsPace:
    """One heart's curve, and what was measured of it."""

    curve: Curve
    points: Points

    @property
    def highest(self) -> float:
        """How high its chart has to be."""
        whiskers = self.points.relative + self.points.error
        return max(LEAST_HIGHEST, float(whiskers.max()) + 0.03)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FoundPace:
    """What an evening of several paces showed of those hearts that it did."""

    hearts: Mapping[Partner, HeartsPace]
    shared: Shared | None

    @property
    def highest(self) -> float:
        """How high the charts of all hearts have to be, to be one scale."""
        heights = (heart.highest for heart in self.hearts.values())
        return max(heights, default=LEAST_HIGHEST)


def found_pace(summary: SessionSummary) -> FoundPace | None:
    """Return what was found; None where no pace was looked for, or nobody breathed."""
    looked_for = _measures_a_curve(summary.opened.practice.plan_toml)
    if not looked_for or summary.opened.couple.source is Source.RECORDINGS:
        return None
    heard = {
        heart.partner: _answers(heart, summary.pace) for heart in (summary.a, summary.b)
    }
    curves = {partner: _curve(each) for partner, each in heard.items()}
    known = {
        partner: each
        for partner, each in curves.items()
        if each.points.rate_per_min.size >= FEWEST_PACES
    }
    both = len(known) == len(Partner)
    return FoundPace(
        hearts=known,
        shared=shared(heard[Partner.A].weights, heard[Partner.B].weights)
        if both
        else None,
    )


def _measures_a_curve(plan_toml: str) -> bool:
    """Return whether a plan measures one; an old or odd plan measures none."""
    try:
        blocks = toml_of(plan_toml).get("block")
    except BadText:
        return False
    measured = [
        block.get("measured")
        for block in (blocks if isinstance(blocks, list) else ())
        if isinstance(block, dict)
    ]
    return any(isinstance(each, list) and "curve" in each for each in measured)


def _answers(heart: HeartFigures, pace: PacedBreaths) -> Answers:
    period_s = 60 / pace.breaths_per_min
    whole = pace.end_s >= pace.start_s + period_s - 0.01  # the last may have been cut
    return answers(heart.beat_t_s, heart.nn_ms, pace.start_s[whole], period_s[whole])


def _curve(heard: Answers) -> HeartsPace:
    found = curve(heard.weights)
    return HeartsPace(curve=found, points=points(heard, found))
