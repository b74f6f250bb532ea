"""Strips of ECG around heartbeats that were set aside: a therapist's, nobody else's."""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
from matplotlib.axes import Axes

from coreg.facts.events import Partner
from coreg.findings.ecg_strips import Strip, Strips
from coreg.findings.summary import SessionSummary
from coreg.report.charts.frame import LABEL_PT, width_in
from coreg.report.charts.theme import (
    HAIRLINE,
    INK,
    MARKS,
    QUIET,
    SAND,
    fitting,
)
from coreg.report.page import Chart, Width, nothing_above, rows
from coreg.report.tables import table
from coreg.report.words import ecg as words
from coreg.report.words.numbers import clock, figure
from coreg.words import say

_ROW_IN: Final = 1.1
_SQUARE_S, _SQUARE_UV = 0.2, 500.0
_HEAD, _FOOT = 0.26, 0.06  # of a row: for what is said above the strip, and below
_LEAST_UV: Final = 1500.0
_BESIDE_IN: Final = 0.3  # beside the strip, where nothing else stands


def strips_chart(
    summary: SessionSummary, strips: Mapping[Partner, Strips], notes: tuple[str, ...]
) -> Chart:
    """Return the strips of all hearts, one below another, as one chart."""
    shown = [strip for each in strips.values() for strip in each.shown]

    def name_of(strip: Strip) -> str:
        return summary.called[strip.partner]

    def draw(every: Sequence[Axes]) -> None:
        for axes, strip in zip(every, shown, strict=True):
            draw_strip(
                axes, strip, words.heading(strip, name_of(strip), summary.start_s)
            )

    return Chart(
        name="ecg",
        heading=say("report.ecg.strips"),
        caption=say("report.ecg.caption"),
        alt=words.alt(shown, name_of, summary.start_s),
        rows_in=rows(*(_ROW_IN,) * len(shown)),
        gives=0.0,
        above_in=nothing_above,
        foot_in=0.1,
        draw=draw,
        key=None,
        table=table(
            say("report.ecg.table"),
            (
                say("report.session.time"),
                say("report.ecg.columns.whose"),
                say("report.ecg.columns.interval"),
                say("report.ecg.columns.why"),
            ),
            (
                (
                    clock(max(0.0, mark.when_s - summary.start_s)),
                    name_of(strip),
                    figure(1000 * (mark.end_s - mark.start_s), 0),
                    words.why(mark),
                )
                for strip in shown
                for mark in strip.marked
            ),
        ),
        notes=notes,
        width=Width.FULL,
    )


def draw_strip(axes: Axes, strip: Strip, title: str) -> None:
    """Draw a few seconds: squares, what was set aside, the ECG, the strap's beats."""
    uv = strip.uv - np.median(strip.uv)
    low, high = _limits_uv(uv)
    whole = (high - low) / (1 - _HEAD - _FOOT)
    axes.set(
        xlim=(strip.start_s, strip.end_s),
        ylim=(low - _FOOT * whole, high + _HEAD * whole),
    )
    axes.set_axis_off()
    edges_s = np.arange(strip.start_s, strip.end_s + 1e-6, _SQUARE_S)
    edges_uv = np.arange(low, high + 1e-6, _SQUARE_UV)
    axes.vlines(edges_s, low, high, color=HAIRLINE, linewidth=0.5, zorder=0.5)
    axes.hlines(
        edges_uv, strip.start_s, strip.end_s, color=HAIRLINE, linewidth=0.5, zorder=0.5
    )
    for mark in strip.marked:
        axes.fill_between(
            [mark.start_s, mark.end_s],
            low,
            high,
            color=SAND,
            linewidth=0,
            zorder=0,
            gid="set aside",
        )
    axes.plot(
        strip.t_s,
        np.clip(uv, low, high),
        color=INK,
        linewidth=0.9,
        solid_joinstyle="round",
        gid=f"ecg {strip.partner}",
    )
    own = MARKS[strip.partner]
    axes.plot(
        strip.reported_t_s,
        np.full(strip.reported_t_s.size, high),
        linestyle="none",
        marker=own.marker,
        markersize=3.6,
        color=own.line,
        clip_on=False,
        gid="reported",
    )
    room_in = width_in(axes) + _BESIDE_IN
    axes.text(
        0.0,
        1.0,
        fitting(title, room_in, LABEL_PT),
        transform=axes.transAxes,
        ha="left",
        va="top",
        fontsize=LABEL_PT,
        color=QUIET,
    )


def _limits_uv(
    uv: np.ndarray[tuple[int, ...], np.dtype[np.float64]],
) -> tuple[float, float]:
    """Return limits on whole squares that hold the beats, if not every jump."""
    low, high = (float(x) for x in np.quantile(uv, (0.002, 0.998)))
    low = _SQUARE_UV * np.floor(1.1 * low / _SQUARE_UV)
    high = _SQUARE_UV * np.ceil(1.1 * high / _SQUARE_UV)
    while high - low < _LEAST_UV:
        high += _SQUARE_UV
    return float(low), float(high)
