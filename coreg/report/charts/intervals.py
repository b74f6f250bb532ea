"""Intervals one below another, in as many panels as there are questions."""

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from coreg.report.charts.theme import CHANCE, INK, MARKS, QUIET, style

_ROW_IN, _PANEL_IN, _WIDTH_IN = 0.34, 1.15, 7.35


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """A mark with its ends.

    `inner` are the ends of a thicker line within it.
    """

    label: str
    low: float
    middle: float
    high: float
    inner: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """One question; `zero` draws a line where nothing is."""

    title: str
    x_label: str
    rows: Sequence[Interval]
    zero: bool


def intervals(panels: Sequence[Panel]) -> Figure:
    """Draw panels below one another, each on a scale of its own."""
    heights = [_PANEL_IN + _ROW_IN * len(panel.rows) for panel in panels]
    with style():
        figure = Figure(figsize=(_WIDTH_IN, sum(heights)), layout="constrained")
        every = figure.subplots(
            len(panels), 1, squeeze=False, height_ratios=heights
        ).ravel()
        for axes, panel in zip(every, panels, strict=True):
            _draw(axes, panel)
    return figure


def _draw(axes: Axes, panel: Panel) -> None:
    mark = next(iter(MARKS.values()))
    if panel.zero:
        axes.axvline(0.0, color=CHANCE, linewidth=1.5)
    for at, row in enumerate(panel.rows):
        axes.plot([row.low, row.high], [at, at], color=QUIET, linewidth=1.2)
        if row.inner is not None:
            axes.plot(row.inner, [at, at], color=mark.line, linewidth=4.0)
        axes.plot([row.middle], [at], marker="o", color=INK, linestyle="none")
    axes.set_yticks(range(len(panel.rows)), [row.label for row in panel.rows])
    axes.set_ylim(len(panel.rows) - 0.5, -0.5)
    axes.set_xlabel(panel.x_label)
    axes.set_title(panel.title, loc="left")
