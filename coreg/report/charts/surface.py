"""The windowed cross-correlation of both hearts, as a surface over time and shift."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import BoundaryNorm, ListedColormap

from coreg.analysis.crosscorrelation import LagSurface
from coreg.findings.summary import SessionSummary
from coreg.report.charts.frame import LABEL_PT, draw_frame, minutes
from coreg.report.charts.theme import ALIKE, INK, OPPOSITE, QUIET, STEPS, UNRELATED
from coreg.report.words.numbers import signed_s
from coreg.words import say

EDGES = np.concatenate(
    (np.linspace(-1, -0.2, STEPS + 1), np.linspace(0.2, 1, STEPS + 1))
)
"""Steps of colour, 0.1 each; nearer to 0 than 0.2 is one colour for "unrelated"."""

_LAG_TICKS_S = (-10, -5, 0, 5, 10)
_MOST_COLUMNS = 500
_EVERY_LAG = 2
"""Finer than this no eye resolves on paper, and a file only grows."""


def why_none(summary: SessionSummary) -> str:
    """Say why there is no surface."""
    if not summary.opened.straps.common_clock:
        return say("report.session.surface_no_clock")
    return say("report.session.surface_too_little")


def draw_surface(axes: Axes, summary: SessionSummary, surface: LagSurface) -> None:
    """Draw the surface with its line of no shift."""
    draw_frame(axes, summary)
    every = max(1, surface.t_s.size // _MOST_COLUMNS)
    t_s, r = surface.t_s[::every], surface.r[::_EVERY_LAG, ::every]
    if t_s.size > 1:
        colours, norm = _scale()
        axes.contourf(
            minutes(summary, summary.start_s + t_s),
            surface.lag_s[::_EVERY_LAG],
            np.ma.masked_invalid(r),
            levels=EDGES,
            cmap=colours,
            norm=norm,
            corner_mask=False,
        )
    axes.axhline(0, color=INK, linewidth=0.6)
    axes.set_ylim(surface.lag_s[0], surface.lag_s[-1])
    axes.set_yticks(_LAG_TICKS_S, [signed_s(lag) for lag in _LAG_TICKS_S])
    axes.set_ylabel(say("report.session.lag_axis"))


def draw_key(axes: Axes) -> None:
    """Draw the colour key: a bar of the surface's own steps, named at both ends."""
    colours, norm = _scale()
    axes.pcolormesh(
        EDGES,
        [0, 1],
        ((EDGES[:-1] + EDGES[1:]) / 2)[np.newaxis],
        cmap=colours,
        norm=norm,
    )
    axes.set_axis_off()
    for x, text, align in (
        (-1.0, say("report.session.opposite"), "left"),
        (0.0, say("report.session.unrelated"), "center"),
        (1.0, say("report.session.alike"), "right"),
    ):
        axes.text(x, 1.5, text, ha=align, va="bottom", fontsize=LABEL_PT, color=QUIET)


def _scale() -> tuple[ListedColormap, BoundaryNorm]:
    colours = ListedColormap([*OPPOSITE, UNRELATED, *ALIKE])
    return colours, BoundaryNorm(EDGES, colours.N)
