"""The pace that a couple looked for: each heart's curve, and the choice for both.

Drawn only of a session whose plan says so (`measured = ["curve"]`) and in which people
breathed with the pace. An own page has its own curve, the joint page the choice alone,
the therapist's sheet both.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from matplotlib.axes import Axes

from coreg.events import Partner, Source
from coreg.exercises.curves import GUIDED_PER_MIN
from coreg.exercises.found import (
    Answers,
    Curve,
    Points,
    Shared,
    answers,
    curve,
    points,
    shared,
)
from coreg.exercises.policy import SIX_PER_MIN
from coreg.report import pace_words
from coreg.report.heart import Heart
from coreg.report.look import HAIRLINE, INK, MARKS, QUIET, SAND, bare
from coreg.report.numbers import figure
from coreg.report.summary import SessionSummary
from coreg.report.tables import Table, table
from coreg.report.timeline import Pace
from coreg.texts.bounds import BadText, toml_of

FEWEST_PACES: Final = 3
LEAST_HIGHEST: Final = 1.15
"""Axes end here, over the own best, or where the highest whisker does."""
_TICKS_PER_MIN: Final = (4.5, 5.0, 5.5, 6.0, 6.5, 7.0)
_LABEL_PT: Final = 7.5


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
    looked_for = _measures_a_curve(summary.opened.plan_toml)
    if not looked_for or summary.opened.source is Source.RECORDINGS:
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


def draw_curve(axes: Axes, partner: Partner, of: HeartsPace, highest: float) -> None:
    """Draw one heart's curve with its band, and the points on their whiskers."""
    draw_rates(axes, highest)
    mark = MARKS[partner]
    axes.fill_between(
        GUIDED_PER_MIN,
        of.curve.low,
        of.curve.high,
        color=mark.line,
        alpha=0.16,
        linewidth=0,
        gid=f"band {partner}",
    )
    axes.plot(
        GUIDED_PER_MIN,
        of.curve.mean,
        color=mark.line,
        linewidth=1.6,
        gid=f"curve {partner}",
    )
    axes.errorbar(
        of.points.rate_per_min,
        of.points.relative,
        yerr=of.points.error,
        color=mark.text,
        linestyle="none",
        linewidth=0.9,
        marker=mark.marker,
        markersize=4.6 if mark.marker == "o" else 3.9,
        markeredgewidth=0,
    )


def draw_shared(axes: Axes, of: Shared) -> None:
    """Draw what each pace is worth to both, the choice, and what is as good."""
    draw_rates(axes, LEAST_HIGHEST)
    draw_choice(axes, of)
    axes.plot(GUIDED_PER_MIN, of.worth, color=INK, linewidth=1.6, gid="worth")
    axes.plot(
        [of.choice_per_min],
        [of.worth_of_choice],
        color=INK,
        marker="o",
        markersize=5,
        markeredgewidth=0,
    )


def draw_choice(axes: Axes, of: Shared) -> None:
    """Mark the choice for both, and shade every pace that is as good."""
    _, highest = axes.get_ylim()
    axes.axvspan(
        of.low_per_min - 0.05,
        of.high_per_min + 0.05,
        color=SAND,
        linewidth=0,
        zorder=0,
        gid="as good",
    )
    axes.vlines(of.choice_per_min, 0, highest, color=INK, linewidth=0.9)
    axes.text(
        of.choice_per_min,
        highest + 0.03,
        pace_words.for_both(of),
        ha=_align(of.choice_per_min),
        va="bottom",
        fontsize=_LABEL_PT,
        color=INK,
    )


def draw_rates(axes: Axes, highest: float) -> None:
    """Set the axes of rate and share, with six as what everybody knows."""
    bare(axes)
    axes.set_xlim(4.35, 7.15)
    axes.set_ylim(0, highest)
    axes.set_xticks(
        _TICKS_PER_MIN,
        [f"{r:g}\n{pace_words.seconds_a_breath(r)}" for r in _TICKS_PER_MIN],
    )
    axes.set_yticks([0, 0.5, 1], ["0", pace_words.HALF, pace_words.BEST])
    for share in (0.5, 1.0):
        axes.axhline(share, color=HAIRLINE, linewidth=0.8, zorder=0)
    axes.vlines(
        SIX_PER_MIN, 0, 1, color=QUIET, linewidth=0.8, linestyle=(0, (1, 2)), zorder=0.5
    )
    axes.set_xlabel(pace_words.RATE_AXIS)


def curve_table(of: HeartsPace) -> Table:
    """Return the numbers behind one heart's curve."""
    found = of.curve
    rows = []
    for rate, relative, error, breaths in zip(
        of.points.rate_per_min,
        of.points.relative,
        of.points.error,
        of.points.breaths,
        strict=True,
    ):
        mean, low, high = (
            float(np.interp(rate, GUIDED_PER_MIN, line))
            for line in (found.mean, found.low, found.high)
        )
        rows.append(
            (
                figure(rate, 2),
                str(breaths),
                f"{figure(relative, 2)} ± {figure(error, 2)}",
                figure(mean, 2),
                f"{figure(low, 2)}–{figure(high, 2)}",
            )
        )
    columns = (
        pace_words.PACE,
        pace_words.BREATHS,
        pace_words.MEASURED,
        pace_words.LIKELY,
        pace_words.BAND,
    )
    return table(pace_words.TABLE_OWN, columns, rows)


def shared_table(of: Shared) -> Table:
    """Return the worth of every half breath."""
    return table(
        pace_words.TABLE_SHARED,
        (pace_words.PACE, pace_words.WORTH),
        ((figure(rate, 1), figure(of.worth_at(rate), 2)) for rate in _TICKS_PER_MIN),
    )


def _align(rate_per_min: float) -> str:
    if rate_per_min < 4.9:
        return "left"
    return "right" if rate_per_min > 6.6 else "center"


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


def _answers(heart: Heart, pace: Pace) -> Answers:
    period_s = 60 / pace.breaths_per_min
    whole = pace.end_s >= pace.start_s + period_s - 0.01  # the last may have been cut
    return answers(heart.beat_t_s, heart.rr_ms, pace.start_s[whole], period_s[whole])


def _curve(heard: Answers) -> HeartsPace:
    found = curve(heard.weights)
    return HeartsPace(curve=found, points=points(heard, found))
