"""Two corrections of the same heartbeats as a picture: where they differ, and how."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from coreg.analysis.corrections import EditedBeats
from coreg.facts.arrays import Flags, Floats
from coreg.facts.events import Partner
from coreg.findings.compared import (
    DELETED,
    INSERTED_BEFORE,
    KEPT,
    LEFT_OUT,
    Compared,
)
from coreg.report.charts.frame import height_in
from coreg.report.charts.key import KeyMark, draw_key
from coreg.report.charts.theme import (
    HAIRLINE,
    INK,
    MARKS,
    QUIET,
    bare,
    fitting,
    wrapped,
)
from coreg.report.words import compared as words
from coreg.words import say

LINE = MARKS[Partner.B].line
FLAG = MARKS[Partner.A].line
_WIDTH_IN, _TACHOGRAM_IN, _ROWS_IN = 8.27, 2.6, 0.95
_LEFT_IN, _RIGHT_IN = 0.95, 0.4
_TITLE_PT, _LINE_PT, _LINE_IN, _TOP_IN = 16.0, 8.5, 0.19, 0.5
_TITLE_IN, _BETWEEN_IN, _KEY_IN, _FOOT_IN = 0.6, 0.75, 0.45, 0.6
_AROUND: Final = 0.1  # of what is counted, above and below: artefacts are far off

# As in the beat editor: a cross is left out, a diamond ectopic.
_SHAPES: Final = {
    KEPT: "o",
    LEFT_OUT: "x",
    "ectopic": "D",
    DELETED: "v",
    INSERTED_BEFORE: "^",
}


def compared_sheet(of: EditedBeats, found: Compared) -> Figure:
    """Draw all intervals with the places where two differ, and what each took them for.

    `of` are the beats as cleaning left them.
    """
    room_in = _WIDTH_IN - _LEFT_IN - _RIGHT_IN
    told = [
        line
        for each in (words.heading(found), *words.whose(found))
        for line in wrapped(each, room_in, _LINE_PT)
    ]
    head_in = _TOP_IN + _LINE_IN * len(told) + _TITLE_IN
    high_in = head_in + _TACHOGRAM_IN + _BETWEEN_IN + _KEY_IN + _ROWS_IN + _FOOT_IN
    figure = Figure(figsize=(_WIDTH_IN, high_in))
    at_in = high_in - _TOP_IN
    left = _LEFT_IN / _WIDTH_IN
    title = fitting(say("report.compared.title"), room_in, _TITLE_PT)
    figure.text(left, at_in / high_in, title, fontsize=_TITLE_PT, color=INK)
    for line in told:
        at_in -= _LINE_IN
        figure.text(left, at_in / high_in, line, fontsize=_LINE_PT, color=QUIET)
    wide = room_in / _WIDTH_IN
    rows_at = (left, _FOOT_IN / high_in, wide, _ROWS_IN / high_in)
    above_in = _FOOT_IN + _ROWS_IN + _KEY_IN + _BETWEEN_IN
    all_at = (left, above_in / high_in, wide, _TACHOGRAM_IN / high_in)
    tachogram = figure.add_axes(all_at)
    _draw_tachogram(tachogram, of, found)
    _draw_rows(figure.add_axes(rows_at, sharex=tachogram), found)
    return figure


def _title(axes: Axes, text: str, *, pad_in: float = 0.1) -> None:
    y = 1 + pad_in / height_in(axes)
    axes.text(
        0, y, text, transform=axes.transAxes, fontsize=10.5, color=INK, va="bottom"
    )


def _draw_tachogram(axes: Axes, of: EditedBeats, found: Compared) -> None:
    _title(axes, _places(found))
    bare(axes)
    t_min = np.array([beat.t_s for beat in of.beats]) / 60
    rr_ms = np.array([beat.rr_ms for beat in of.beats])
    counts = np.array([beat.counts for beat in of.beats], dtype=np.bool_)
    axes.plot(t_min, np.where(counts, rr_ms, np.nan), color=LINE, linewidth=0.8)
    low, high = _reach_ms(rr_ms, counts)
    for each in found.differences:
        from_min, to_min = each.from_s / 60, each.to_s / 60
        axes.axvspan(from_min, to_min, color=FLAG, alpha=0.45, linewidth=1.2, zorder=0)
    axes.set(ylim=(low, high), ylabel=say("report.recording.rr_axis"))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda at, _: f"{at:g}"))
    axes.margins(x=0.01)


def _places(found: Compared) -> str:
    n = len(found.differences)
    if not n:
        return say("report.compared.no_differences")
    return say("report.compared.differences", n=n)


def _reach_ms(rr_ms: Floats, counts: Flags) -> tuple[float, float]:
    """Return between which intervals nearly all that count lie, with some room."""
    of = rr_ms[counts] if counts.any() else rr_ms
    low, high = np.quantile(of, [0.002, 0.998])
    room = max(40.0, _AROUND * float(high - low))
    return float(low) - room, float(high) + room


def _draw_rows(axes: Axes, found: Compared) -> None:
    """Draw what either took each place for, one row for each of the two."""
    _title(axes, say("report.compared.rows"), pad_in=_KEY_IN - 0.1)
    bare(axes)
    used = []
    for row, which in ((1, "first"), (0, "second")):
        axes.axhline(row, color=HAIRLINE, linewidth=0.8, zorder=0)
        for what, shape in _SHAPES.items():
            at_min = [
                (each.from_s + each.to_s) / 120
                for each in found.differences
                if getattr(each, which) == what
            ]
            if not at_min:
                continue
            used.append(what)
            _mark(axes, at_min, [row] * len(at_min), shape)
    marks = [
        KeyMark(words.taken_for(what), shape, LINE if what == KEPT else FLAG)
        for what, shape in _SHAPES.items()
        if what in used
    ]
    draw_key(axes, marks, above_in=0.12)
    names = (say("report.compared.second"), say("report.compared.first"))
    axes.set(ylim=(-0.6, 1.6), xlabel=say("report.recording.time_axis"))
    axes.set_yticks([0, 1], names)
    axes.tick_params(axis="y", length=0)


def _mark(axes: Axes, x: Sequence[float], y: Sequence[float], shape: str) -> None:
    axes.plot(
        x,
        y,
        linestyle="none",
        marker=shape,
        markersize=5,
        color=FLAG if shape != _SHAPES[KEPT] else LINE,
        clip_on=False,
    )
