"""Intervals one below another, in as many panels as there are questions.

Everything has its place in inches from the top, so that a label of any length moves no
other. No colour of a partner: what is drawn here is of both, or of couples.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import (
    FuncFormatter,
    LogLocator,
    MaxNLocator,
    NullFormatter,
    NullLocator,
)

from coreg.report.charts.theme import (
    CHANCE,
    CHANCE_MIDDLE,
    INK,
    PAPER,
    QUIET,
    style,
    text_width_in,
    wrapped,
)

_WIDTH_IN, _MARGIN_IN, _GAP_IN = 7.35, 0.3, 0.12
_WIDEST_LABEL_IN = 2.6
_ROW_IN, _AXIS_IN, _BELOW_IN = 0.34, 0.42, 0.22
_LINE_IN: Final = 0.165
_TITLE_PT, _TEXT_PT = 10.5, 8.0
_TITLE_IN: Final = 0.27
_BAND_HALF: Final = 0.38  # of a row
_FEWEST_NUMBERS: Final = 3  # on an axis: two do not say how it runs


class Scale(StrEnum):
    """How a panel's axis runs: by factors, where things vary by a factor."""

    PLAIN = "linear"
    FACTORS = "log"


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """A mark with its ends.

    `inner` are the ends of a thicker line within it, `null` those of what chance gives,
    and `beside` is said at the row's end.
    """

    label: str
    low: float
    middle: float
    high: float
    inner: tuple[float, float] | None = None
    null: tuple[float, float] | None = None
    beside: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """One question: `note` says how to read it; `zero` draws a line where nothing is.

    Where `title` is empty it goes on with the question of the panel above.
    """

    title: str
    x_label: str
    rows: Sequence[Interval]
    zero: bool
    note: str = ""
    scale: Scale = Scale.PLAIN


def intervals(panels: Sequence[Panel]) -> Figure:
    """Draw panels below one another, each on a scale of its own."""
    height_in = 2 * _MARGIN_IN + sum(_height_in(panel) for panel in panels)
    rows = [row for panel in panels for row in panel.rows]
    left_in = _MARGIN_IN + _GAP_IN + _widest_in(_label(row) for row in rows)
    right_in = _MARGIN_IN + _GAP_IN + _widest_in([row.beside] for row in rows)
    with style():
        figure = Figure(figsize=(_WIDTH_IN, height_in))
        top_in = _MARGIN_IN
        for panel in panels:
            head_in = _write_head(figure, panel, top_in)
            tall_in = _ROW_IN * len(panel.rows)
            axes = figure.add_axes(
                (
                    left_in / _WIDTH_IN,
                    1 - (top_in + head_in + tall_in) / height_in,
                    1 - (left_in + right_in) / _WIDTH_IN,
                    tall_in / height_in,
                )
            )
            _draw(axes, panel)
            top_in += _height_in(panel)
    return figure


def _label(row: Interval) -> list[str]:
    return wrapped(row.label, _WIDEST_LABEL_IN, _TEXT_PT)


def _widest_in(texts: Iterator[list[str]]) -> float:
    return max(
        (text_width_in(x, _TEXT_PT) for lines in texts for x in lines), default=0
    )


def _note(panel: Panel) -> list[str]:
    return wrapped(panel.note, _WIDTH_IN - 2 * _MARGIN_IN, _TEXT_PT)


def _head_in(panel: Panel) -> float:
    title_in = _TITLE_IN if panel.title else 0.0
    note = _note(panel)
    return title_in + _LINE_IN * len(note) + (_GAP_IN if note else 0.0)


def _height_in(panel: Panel) -> float:
    return _head_in(panel) + _ROW_IN * len(panel.rows) + _AXIS_IN + _BELOW_IN


def _write_head(figure: Figure, panel: Panel, top_in: float) -> float:
    """Write title and note, and return how much room they take."""
    height_in = float(figure.get_size_inches()[1])

    def write(text: str, at_in: float, size_pt: float, colour: str) -> None:
        x, y = _MARGIN_IN / _WIDTH_IN, 1 - at_in / height_in
        figure.text(x, y, text, va="top", fontsize=size_pt, color=colour)

    if panel.title:
        write(panel.title, top_in, _TITLE_PT, INK)
    below_in = top_in + (_TITLE_IN if panel.title else 0.0)
    for number, line in enumerate(_note(panel)):
        write(line, below_in + number * _LINE_IN, _TEXT_PT, QUIET)
    return _head_in(panel)


def _draw(axes: Axes, panel: Panel) -> None:
    axes.set_xscale(panel.scale.value)
    if panel.zero:
        axes.axvline(0.0, color=CHANCE_MIDDLE, linewidth=0.8)
    for at, row in enumerate(panel.rows):
        if row.null is not None:
            axes.fill_betweenx(
                [at - _BAND_HALF, at + _BAND_HALF], *row.null, color=CHANCE, linewidth=0
            )
        axes.plot([row.low, row.high], [at, at], color=QUIET, linewidth=1.2)
        if row.inner is not None:
            axes.plot(
                row.inner, [at, at], color=QUIET, linewidth=4.0, solid_capstyle="butt"
            )
        axes.plot(
            [row.middle],
            [at],
            marker="o",
            color=INK,
            markeredgecolor=PAPER,
            linestyle="none",
        )
        axes.text(
            *(1.0, at, f" {row.beside}" if row.beside else ""),
            transform=axes.get_yaxis_transform(),
            va="center",
            color=QUIET,
        )
    labels = ["\n".join(_label(row)) for row in panel.rows]
    axes.set_yticks(range(len(panel.rows)), labels)
    axes.set_ylim(len(panel.rows) - 0.5, -0.5)
    axes.spines["left"].set_visible(False)
    axes.set_xlabel(panel.x_label)
    _count(axes, panel.scale)


def _count(axes: Axes, scale: Scale) -> None:
    """Put few numbers on the axis, and plain ones where it runs by factors."""
    every = MaxNLocator(7, steps=[1, 2, 5, 10])
    if scale is Scale.PLAIN:
        axes.xaxis.set_major_locator(every)
        return
    low, high = axes.get_xlim()
    by_factors = LogLocator(subs=(1.0, 2.0, 5.0))
    shown = [x for x in by_factors.tick_values(low, high) if low <= x <= high]
    # Over less than a factor of ten there may be one such number, or none.
    axes.xaxis.set_major_locator(by_factors if len(shown) >= _FEWEST_NUMBERS else every)
    axes.xaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{x:g}"))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_minor_formatter(NullFormatter())
