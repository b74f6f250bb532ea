"""The charts one by one, as figures for a page of any width."""

from collections.abc import Callable

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from coreg.analysis.crosscorrelation import LagSurface
from coreg.report.charts import SWINGS_KEY_IN, draw_hearts, draw_swings
from coreg.report.frame import PHASE_ROW_IN, draw_phase_names, phase_rows
from coreg.report.summary import SessionSummary
from coreg.report.surface import draw_key, draw_surface

WIDE_IN, NARROW_IN = 6.8, 3.2
"""Drawn at these widths, letters have a readable size on a desk and on a phone."""

_LEFT_IN, _RIGHT_IN, _BOTTOM_IN = 0.45, 0.5, 0.3
_KEY_IN = 1.6
_ROW_IN, _SWINGS_IN, _SURFACE_IN = 1.05, 1.4, 1.5


def hearts_figure(summary: SessionSummary, width_in: float) -> Figure:
    """Draw both heart rates."""
    names_in = 0.1 + PHASE_ROW_IN * phase_rows(summary, width_in - _LEFT_IN - _RIGHT_IN)
    figure = _figure(width_in, 2 * _ROW_IN + names_in)
    upper = _axes(figure, _ROW_IN, at_in=_ROW_IN)
    lower = _axes(figure, _ROW_IN)
    draw_hearts((upper, lower), summary)
    draw_phase_names(upper, summary)
    return figure


def swings_figure(summary: SessionSummary, width_in: float) -> Figure:
    """Draw how far the hearts swing with each breath, and the pace."""
    figure = _figure(width_in, _SWINGS_IN + SWINGS_KEY_IN)
    draw_swings(_axes(figure, _SWINGS_IN), summary)
    return figure


def surface_figure(surface: LagSurface) -> Callable[[SessionSummary, float], Figure]:
    """Return how to draw this surface, to be called as the other figures are."""

    def draw(summary: SessionSummary, width_in: float) -> Figure:
        figure = _figure(width_in, _SURFACE_IN + 0.45)
        draw_surface(_axes(figure, _SURFACE_IN), summary, surface)
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


def _figure(width_in: float, above_foot_in: float) -> Figure:
    return Figure(figsize=(width_in, _BOTTOM_IN + above_foot_in), facecolor="none")


def _axes(figure: Figure, chart_in: float, *, at_in: float = 0.0) -> Axes:
    """Return axes over the column, so far above the room for the time's labels."""
    width_in, height_in = figure.get_size_inches()
    return figure.add_axes(
        (
            _LEFT_IN / width_in,
            (_BOTTOM_IN + at_in) / height_in,
            1 - (_LEFT_IN + _RIGHT_IN) / width_in,
            chart_in / height_in,
        )
    )
