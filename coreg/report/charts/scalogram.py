"""Wavelet coherence as a picture: at which pace, and when, two hearts were alike."""

import math

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import BoundaryNorm, ListedColormap

from coreg.analysis.wavelet import WaveletCoherence
from coreg.facts.events import Source
from coreg.findings.over_time import HIGHEST_HZ
from coreg.findings.summary import SessionSummary
from coreg.report.charts.frame import draw_frame, minutes
from coreg.report.charts.theme import ALIKE, QUIET
from coreg.report.tables import Table, table
from coreg.report.words import together as words
from coreg.report.words.numbers import figure
from coreg.words import say

_EDGES = (0.0, 0.25, 0.5, 0.75, 1.0)
_BAND = 0.9, 1.1
_TICKS_PER_MIN = (1, 2, 5, 10, 20)
_MOST_COLUMNS = 300


def draw_scalogram(axes: Axes, summary: SessionSummary, of: WaveletCoherence) -> None:
    """Draw what exceeds chance; pale near edges, the pacer's own band hatched."""
    draw_frame(axes, summary)
    every = max(1, of.t_s.size // _MOST_COLUMNS)
    t_min = minutes(summary, summary.start_s + of.t_s[::every])
    per_min = 60 * of.hz
    beyond = of.coherence > of.chance[:, np.newaxis]
    for shown, alpha in ((beyond & ~of.near_edge, 1.0), (beyond & of.near_edge, 0.35)):
        axes.contourf(
            t_min,
            per_min,
            np.ma.masked_where(~shown, of.coherence)[:, ::every],
            levels=_EDGES,
            cmap=ListedColormap(list(ALIKE)),
            norm=BoundaryNorm(_EDGES, len(ALIKE)),
            corner_mask=False,
            alpha=alpha,
        )
    _hatch_pace(axes, summary)
    axes.set_yscale("log")
    axes.set_ylim(per_min[0], per_min[-1])
    axes.set_yticks(_TICKS_PER_MIN, [f"{tick}" for tick in _TICKS_PER_MIN])
    axes.set_yticks([], minor=True)
    axes.set_ylabel(say("report.together.scalogram_axis"))


def _hatch_pace(axes: Axes, summary: SessionSummary) -> None:
    pace = summary.pace
    if summary.opened.couple.source is Source.RECORDINGS:
        return
    t_s = np.column_stack((pace.start_s, pace.end_s)).ravel()
    rate = np.repeat(pace.breaths_per_min, 2)
    apart = np.flatnonzero(pace.start_s[1:] > pace.end_s[:-1] + 0.01)
    at = 2 * (apart + 1)
    t_min = np.insert(minutes(summary, t_s), at, np.nan)
    rate = np.insert(rate, at, np.nan)
    axes.fill_between(
        t_min,
        _BAND[0] * rate,
        _BAND[1] * rate,
        facecolor="none",
        edgecolor=QUIET,
        linewidth=0.5,
        hatch="//////",
        gid="pacer",
    )


def scalogram_table(of: WaveletCoherence) -> Table:
    """Return the share of time above chance and the mean, octave by octave."""
    rows = []
    for low in (1.0, 2.0, 4.0, 8.0, 16.0):
        inside = (60 * of.hz >= low) & (60 * of.hz < 2 * low)
        clear = ~of.near_edge[inside]
        coherence = of.coherence[inside]
        beyond = coherence > of.chance[inside, np.newaxis]
        known = bool(clear.any())
        rows.append(
            (
                say(
                    "report.together.octave",
                    low=figure(low, 0),
                    high=figure(min(2 * low, 60 * HIGHEST_HZ), 0),
                ),
                figure(float(beyond[clear].mean()) if known else math.nan, 2),
                figure(float(coherence[clear].mean()) if known else math.nan, 2),
            )
        )
    return table(
        say("report.together.scalogram_table"),
        words.columns("scalogram", "cycles", "share", "mean"),
        rows,
    )
