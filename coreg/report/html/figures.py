"""A page's charts one by one, as figures for a screen of any width."""

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from coreg.report.page import Chart

WIDE_IN, NARROW_IN = 6.8, 3.2
"""Drawn at these widths, letters have a readable size on a desk and on a phone."""

_LEFT_IN, _RIGHT_IN = 0.56, 0.45
_KEY_IN, _KEY_ROOM_IN = 1.6, 0.45


def chart_figure(chart: Chart, width_in: float) -> Figure:
    """Draw one chart, its rows one below the other; call it within `theme.style()`."""
    above_in = chart.above_in(width_in - _LEFT_IN - _RIGHT_IN) + 0.06
    if chart.key is not None:
        above_in += _KEY_ROOM_IN
    height_in = chart.foot_in + sum(chart.rows_in) + above_in
    figure = Figure(figsize=(width_in, height_in), facecolor="none")
    axes, at_in = [], height_in - above_in
    for row_in in chart.rows_in:
        at_in -= row_in
        axes.append(_axes(figure, at_in, row_in))
    chart.draw(axes)
    if chart.key is not None:
        chart.key(_key(figure))
    return figure


def _axes(figure: Figure, at_in: float, height_in: float) -> Axes:
    """Return axes over the column, so far above the figure's lower edge."""
    wide_in, high_in = figure.get_size_inches()
    return figure.add_axes(
        (
            _LEFT_IN / wide_in,
            at_in / high_in,
            1 - (_LEFT_IN + _RIGHT_IN) / wide_in,
            height_in / high_in,
        )
    )


def _key(figure: Figure) -> Axes:
    wide_in, high_in = figure.get_size_inches()
    return figure.add_axes(
        (
            1 - (_RIGHT_IN + _KEY_IN) / wide_in,
            1 - 0.28 / high_in,
            _KEY_IN / wide_in,
            0.08 / high_in,
        )
    )
