"""The charts one by one, as figures for a page of any width."""

from collections.abc import Callable

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from coreg.analysis.crosscorrelation import LagSurface
from coreg.report.charts import draw_hearts, draw_swings
from coreg.report.frame import PHASE_ROW_IN, draw_phase_names, phase_rows
from coreg.report.summary import SessionSummary
from coreg.report.surface import draw_key, draw_surface

WIDE_IN, NARROW_IN = 6.8, 3.5
"""Drawn at these widths, letters have a readable size on a desk and on a phone."""

_LEFT_IN, _RIGHT_IN, _BOTTOM_IN = 0.45, 0.5, 0.3
_KEY_IN = 1.6


def hearts_figure(summary: SessionSummary, width_in: float) -> Figure:
    """Draw both heart rates."""
    names_in = 0.1 + PHASE_ROW_IN * phase_rows(summary, width_in - _LEFT_IN - _RIGHT_IN)
    figure, axes = _figure(width_in, chart_in=1.9, top_in=names_in)
    draw_hearts(axes, summary)
    draw_phase_names(axes, summary)
    return figure


def swings_figure(summary: SessionSummary, width_in: float) -> Figure:
    """Draw how far the hearts swing with each breath, and the pace."""
    figure, axes = _figure(width_in, chart_in=1.4, top_in=0.1)
    draw_swings(axes, summary)
    return figure


def surface_figure(surface: LagSurface) -> Callable[[SessionSummary, float], Figure]:
    """Return how to draw this surface, to be called as the other figures are."""

    def draw(summary: SessionSummary, width_in: float) -> Figure:
        figure, axes = _figure(width_in, chart_in=1.5, top_in=0.45)
        draw_surface(axes, summary, surface)
        height_in = float(figure.get_figheight())
        key = figure.add_axes(
            (
                1 - (_RIGHT_IN + _KEY_IN) / width_in,
                1 - 0.28 / height_in,
                _KEY_IN / width_in,
                0.08 / height_in,
            )
        )
        draw_key(key)
        return figure

    return draw


def _figure(width_in: float, *, chart_in: float, top_in: float) -> tuple[Figure, Axes]:
    height_in = _BOTTOM_IN + chart_in + top_in
    figure = Figure(figsize=(width_in, height_in), facecolor="none")
    axes = figure.add_axes(
        (
            _LEFT_IN / width_in,
            _BOTTOM_IN / height_in,
            1 - (_LEFT_IN + _RIGHT_IN) / width_in,
            chart_in / height_in,
        )
    )
    return figure, axes
