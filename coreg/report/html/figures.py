"""A page's charts one by one, as figures for a screen of any width."""

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from coreg.report.page import Chart

WIDE_IN, NARROW_IN = 5.8, 2.8
"""Drawn at these widths, letters have a readable size on a desk and on a phone."""

LEFT_IN, RIGHT_IN = 0.72, 0.36
_KEY_IN, _KEY_ROOM_IN = 2.1, 0.36


def chart_figure(chart: Chart, width_in: float, stretch: float = 1.0) -> Figure:
    """Draw one chart, its rows one below the other; call it within `theme.style()`.

    Its rows are stretched as wanted; what names them keeps its size.
    """
    height_in = figure_height_in(chart, width_in, stretch)
    figure = Figure(figsize=(width_in, height_in), facecolor="none")
    axes, at_in = [], height_in - _above_in(chart, width_in)
    for row_in in _rows_in(chart, width_in):
        at_in -= stretch * row_in
        axes.append(_axes(figure, at_in, stretch * row_in))
    chart.draw(axes)
    if chart.key is not None:
        chart.key(_key(figure))
    return figure


def figure_height_in(chart: Chart, width_in: float, stretch: float = 1.0) -> float:
    """Return how high a chart's figure is, without drawing it."""
    rows_in = stretch * sum(_rows_in(chart, width_in))
    return chart.foot_in + rows_in + _above_in(chart, width_in)


def _rows_in(chart: Chart, width_in: float) -> tuple[float, ...]:
    return chart.rows_in(width_in - LEFT_IN - RIGHT_IN)


def _above_in(chart: Chart, width_in: float) -> float:
    key_in = _KEY_ROOM_IN if chart.key is not None else 0.0
    return chart.above_in(width_in - LEFT_IN - RIGHT_IN) + 0.06 + key_in


def _axes(figure: Figure, at_in: float, height_in: float) -> Axes:
    """Return axes over the column, so far above the figure's lower edge."""
    wide_in, high_in = figure.get_size_inches()
    return figure.add_axes(
        (
            LEFT_IN / wide_in,
            at_in / high_in,
            1 - (LEFT_IN + RIGHT_IN) / wide_in,
            height_in / high_in,
        )
    )


def _key(figure: Figure) -> Axes:
    wide_in, high_in = figure.get_size_inches()
    return figure.add_axes(
        (
            1 - (RIGHT_IN + _KEY_IN) / wide_in,
            1 - 0.28 / high_in,
            _KEY_IN / wide_in,
            0.08 / high_in,
        )
    )
