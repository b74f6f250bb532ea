"""The pace that a couple looked for: each heart's curve, and the choice for both.

Drawn only of a session whose plan says so (`measured = ["curve"]`) and in which people
breathed with the pace. An own page has its own curve, the joint page the choice alone,
the therapist's sheet both.
"""

from typing import Final

import numpy as np
from matplotlib.axes import Axes

from coreg.exercises.pacing.curves import GUIDED_PER_MIN
from coreg.exercises.pacing.pace_curve import (
    Shared,
)
from coreg.exercises.pacing.policy import SIX_PER_MIN
from coreg.facts.events import Partner
from coreg.findings.pace import LEAST_HIGHEST, HeartsPace
from coreg.report.charts.theme import HAIRLINE, INK, MARKS, QUIET, SAND, bare
from coreg.report.tables import Table, table
from coreg.report.words import pace as pace_words
from coreg.report.words.numbers import figure, round_figure
from coreg.words import say

_TICKS_PER_MIN: Final = (4.5, 5.0, 5.5, 6.0, 6.5, 7.0)
_LABEL_PT: Final = 8.0


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
        [
            f"{round_figure(r)}\n{pace_words.seconds_a_breath(r)}"
            for r in _TICKS_PER_MIN
        ],
    )
    axes.set_yticks(
        [0, 0.5, 1], ["0", say("report.pace.half"), say("report.pace.best")]
    )
    for share in (0.5, 1.0):
        axes.axhline(share, color=HAIRLINE, linewidth=0.8, zorder=0)
    axes.vlines(
        SIX_PER_MIN, 0, 1, color=QUIET, linewidth=0.8, linestyle=(0, (1, 2)), zorder=0.5
    )
    axes.set_xlabel(say("report.pace.rate_axis"))


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
        say("report.pace.pace"),
        say("report.pace.breaths"),
        say("report.pace.measured"),
        say("report.pace.likely"),
        say("report.pace.band"),
    )
    return table(say("report.pace.table_own"), columns, rows)


def shared_table(caption: str, of: Shared) -> Table:
    """Return the worth of every half breath."""
    return table(
        caption,
        (say("report.pace.pace"), say("report.pace.worth")),
        ((figure(rate, 1), figure(of.worth_at(rate), 2)) for rate in _TICKS_PER_MIN),
    )


def _align(rate_per_min: float) -> str:
    if rate_per_min < 4.9:
        return "left"
    return "right" if rate_per_min > 6.6 else "center"
