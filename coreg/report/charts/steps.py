"""Near and space of each step, as their owner said it: two dots, never one."""

from collections.abc import Sequence

from matplotlib.axes import Axes

from coreg.findings.steps import Step
from coreg.report.charts.frame import LABEL_PT
from coreg.report.charts.own_ratings import said
from coreg.report.charts.theme import HAIRLINE, INK, PAPER, QUIET, bare
from coreg.report.page import Chart, Width, nothing_above, rows
from coreg.report.tables import table
from coreg.words import say

_ROW_IN = 0.34
_LEFT, _RIGHT = 0.2, 0.9
_MOST = 10
_APART = 0.17
"""How far above and below its line each dot is: equal ones do not hide each other."""


def steps_chart(steps: Sequence[Step]) -> Chart:
    """Return the two dots of each step; nothing joins them, for they are two wishes."""
    told = [
        (say("report.steps.step", n=each.number), said(each.near), said(each.space))
        for each in steps
    ]
    alt = (
        say("report.steps.alt", step=step, near=near, space=space)
        for step, near, space in told
    )
    return Chart(
        name="steps",
        heading=say("report.steps.heading"),
        caption=say("report.steps.caption"),
        alt=" ".join(alt),
        rows_in=rows(_ROW_IN * (len(steps) + 1)),
        gives=0.0,
        above_in=nothing_above,
        foot_in=0.08,
        draw=lambda axes: _draw(axes[0], steps),
        key=None,
        table=table(
            say("report.steps.table"),
            (
                say("report.steps.step_column"),
                say("report.steps.near"),
                say("report.steps.space"),
            ),
            told,
        ),
        notes=(say("report.steps.said"),),
        width=Width.FULL,
    )


def _draw(axes: Axes, steps: Sequence[Step]) -> None:
    bare(axes)
    axes.spines["bottom"].set_visible(False)
    axes.set(xticks=[], yticks=[], xlim=(0, 1), ylim=(len(steps) + 1, 0))
    for row, each in enumerate(steps):
        y = row + 0.5
        axes.plot((_LEFT, _RIGHT), (y, y), color=HAIRLINE, linewidth=1.0, zorder=1)
        _label(axes, 0.0, y, say("report.steps.step", n=each.number), "left")
        for value, fill, up in ((each.near, INK, -1), (each.space, PAPER, 1)):
            if value is not None:
                axes.plot(
                    [_LEFT + (_RIGHT - _LEFT) * value / _MOST],
                    [y + up * _APART],
                    marker="o",
                    markersize=6.0,
                    markeredgecolor=INK,
                    markeredgewidth=1.1,
                    color=fill,
                    linestyle="none",
                    zorder=3,
                )
    for x, value in ((_LEFT, 0), (_RIGHT, _MOST)):
        _label(axes, x, len(steps) + 0.5, f"{value}", "center")


def _label(axes: Axes, x: float, y: float, text: str, side: str) -> None:
    axes.text(x, y, text, ha=side, va="center_baseline", fontsize=LABEL_PT, color=QUIET)
