"""One recording as a picture: tachogram with what was set aside, spectrum, Poincaré."""

import math
from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from coreg.analysis.corrections import REJECTED
from coreg.analysis.spectrum import HF, LF, VLF
from coreg.facts.events import BeatLabel, Partner
from coreg.findings.recording import RecordingFigures
from coreg.report.charts.frame import LABEL_PT, width_in
from coreg.report.charts.key import KeyMark, draw_key
from coreg.report.charts.theme import (
    HAIRLINE,
    INK,
    MARKS,
    QUIET,
    SAND,
    bare,
    fitting,
    wrapped,
)
from coreg.report.words import recording as words
from coreg.sensors.recordings.recording import MARKED
from coreg.words import say

LINE = MARKS[Partner.B].line
FLAG = MARKS[Partner.A].line
_WIDTH_IN, _CHARTS_IN = 8.27, 6.1
_LEFT, _RIGHT = 0.115, 0.955
_TITLE_PT, _TITLE_LINE_IN, _TITLE_LINES = 16.0, 0.3, 2
_LINE_PT, _LINE_IN, _TOP_IN = 8.5, 0.19, 0.45
_FOOT_PT, _FOOT_LINE_IN = 7.5, 0.17
_BANDS = (("VLF", VLF), ("LF", LF), ("HF", HF))
_LEAST_POWER = 1e-4
"""Of the highest: what is below it is no part of the picture."""

# As in the beat editor: up is too long, down too short, a cross is by hand.
_SHAPES: dict[str, str] = {
    BeatLabel.MISSED: "^",
    BeatLabel.EXTRA: "v",
    BeatLabel.ECTOPIC: "D",
    BeatLabel.LONG: "^",
    BeatLabel.SHORT: "v",
    BeatLabel.GAP: "s",
    REJECTED: "x",
    MARKED: "x",
}


def recording_sheet(figures: RecordingFigures, by_hand: Sequence[str] = ()) -> Figure:
    """Draw the three pictures of one recording; axes carry names and units.

    `by_hand` says what somebody corrected in it, and what to know of that.
    """
    room_in = (_RIGHT - _LEFT) * _WIDTH_IN
    title = _title_lines(figures.name, room_in)
    told = [
        line
        for each in (_line(figures), *by_hand)
        for line in wrapped(each, room_in, _LINE_PT)
    ]
    foot = _foot_lines(figures)
    head_in = _TOP_IN + _TITLE_LINE_IN * (len(title) - 1) + _LINE_IN * (len(told) + 1)
    foot_in = _FOOT_LINE_IN * len(foot)
    high_in = head_in + _CHARTS_IN + foot_in
    figure = Figure(figsize=(_WIDTH_IN, high_in))
    grid = figure.add_gridspec(
        2,
        2,
        left=_LEFT,
        right=_RIGHT,
        top=(foot_in + _CHARTS_IN - 0.6) / high_in,
        bottom=(foot_in + 0.55) / high_in,
        hspace=0.6,
        wspace=0.3,
    )
    at_in = high_in - _TOP_IN
    for line in title:
        figure.text(_LEFT, at_in / high_in, line, fontsize=_TITLE_PT, color=INK)
        at_in -= _TITLE_LINE_IN
    at_in += _TITLE_LINE_IN - 0.08
    for line in told:
        at_in -= _LINE_IN
        figure.text(_LEFT, at_in / high_in, line, fontsize=_LINE_PT, color=QUIET)
    for number, line in enumerate(foot):
        y = (foot_in - _FOOT_LINE_IN * number) / high_in
        figure.text(_LEFT, y, line, fontsize=_FOOT_PT, color=QUIET, va="center")
    heading = "tachogram_by_hand" if by_hand else "tachogram"
    _draw_tachogram(figure.add_subplot(grid[0, :]), figures, heading)
    _draw_spectrum(figure.add_subplot(grid[1, 0]), figures)
    _draw_poincare(figure.add_subplot(grid[1, 1]), figures)
    return figure


def _title_lines(name: str, room_in: float) -> list[str]:
    """Return a recording's name on few lines, its end left out where it is longer."""
    lines = wrapped(name, room_in, _TITLE_PT)
    kept, rest = lines[: _TITLE_LINES - 1], lines[_TITLE_LINES - 1 :]
    return [
        fitting(each, room_in, _TITLE_PT) for each in [*kept, " ".join(rest)] if each
    ]


def _foot_lines(figures: RecordingFigures) -> list[str]:
    """Return the cautions that belong to the figures, as wide as the pictures."""
    room_in = (_RIGHT - _LEFT) * _WIDTH_IN
    return [
        line
        for caution in (
            *words.untrue_lines(figures.over_counted_s),
            *words.irregular_lines(figures.irregular_s),
            *words.caution_lines(figures.hrv.cautions),
        )
        for line in wrapped(caution, room_in, _FOOT_PT)
    ]


def _line(figures: RecordingFigures) -> str:
    return words.summary_line(
        kind=figures.kind, intervals=len(figures.labels), labels=figures.label_counts
    )


def _title(axes: Axes, text: str) -> None:
    axes.set_title(text, loc="left", fontsize=10.5, color=INK, pad=22)


def _draw_tachogram(axes: Axes, figures: RecordingFigures, heading: str) -> None:
    _title(axes, say(f"report.recording.{heading}"))
    bare(axes)
    t_min = figures.t_s / 60
    axes.plot(t_min, figures.nn_ms, color=LINE, linewidth=0.8)
    labels = np.array(figures.labels)
    aside = np.isnan(figures.nn_ms)
    shown = []
    for label, shape in _SHAPES.items():
        of_label = aside & (labels == str(label))
        if not of_label.any():
            continue
        shown.append((label, shape))
        axes.plot(
            t_min[of_label],
            figures.rr_ms[of_label],
            linestyle="none",
            marker=shape,
            markersize=4.5,
            color=FLAG,
            gid=f"set aside {label}",
        )
    marks = [KeyMark(words.label(label), shape, FLAG) for label, shape in shown]
    draw_key(axes, marks, above_in=0.14)
    axes.set(
        xlabel=say("report.recording.time_axis"), ylabel=say("report.recording.rr_axis")
    )
    axes.margins(x=0.01)


def _draw_spectrum(axes: Axes, figures: RecordingFigures) -> None:
    _title(axes, say("report.recording.spectrum"))
    bare(axes)
    axes.set(
        xlabel=say("report.recording.frequency_axis"),
        ylabel=say("report.recording.power_axis"),
    )
    spectrum = figures.spectrum
    if spectrum is None:
        _note(axes, say("report.recording.no_spectrum"))
        return
    shown = (spectrum.frequency_hz <= HF.high_hz) & (spectrum.frequency_hz > 0)
    power = spectrum.power_ms2_per_hz[shown]
    highest = float(power.max(initial=0.0))
    if not highest:
        _note(axes, say("report.recording.no_spectrum"))
        return
    lowest = max(float(power.min()), _LEAST_POWER * highest)
    axes.plot(spectrum.frequency_hz[shown], power, color=LINE, lw=0.9)
    axes.set_xlim(0, HF.high_hz)
    # By tens: slow waves are hundreds of times the breath's, else a flat line.
    low, high = math.floor(math.log10(lowest)), math.ceil(math.log10(highest))
    axes.set_yscale("log")
    axes.set_ylim(10.0**low, 10.0**high)
    every = range(low, high + 1)
    axes.set_yticks(
        [10.0**each for each in every], [words.power(each) for each in every]
    )
    axes.set_yticks([], minor=True)
    for name, band in _BANDS:
        axes.axvline(band.high_hz, color=HAIRLINE, linewidth=0.8)
        axes.text(
            (band.low_hz + band.high_hz) / 2,
            1.02,
            name,
            transform=axes.get_xaxis_transform(),
            ha="center",
            va="bottom",
            fontsize=LABEL_PT,
            color=QUIET,
        )


def _draw_poincare(axes: Axes, figures: RecordingFigures) -> None:
    _title(axes, say("report.recording.poincare"))
    bare(axes)
    axes.set(
        xlabel=say("report.recording.nn_axis"),
        ylabel=say("report.recording.next_nn_axis"),
    )
    here, after = figures.nn_ms[:-1], figures.nn_ms[1:]
    both = np.isfinite(here) & np.isfinite(after)
    if not both.any():
        _note(axes, say("report.recording.no_neighbours"))
        return
    low = min(here[both].min(), after[both].min()) - 20
    high = max(here[both].max(), after[both].max()) + 20
    axes.plot((low, high), (low, high), color=SAND, linewidth=1.2, zorder=0)
    axes.plot(here[both], after[both], ".", color=LINE, markersize=2.6, alpha=0.35)
    axes.set(xlim=(low, high), ylim=(low, high), aspect="equal", anchor="W")
    axes.locator_params(nbins=5)


def _note(axes: Axes, text: str) -> None:
    axes.set(xticks=[], yticks=[])
    room_in = width_in(axes)
    axes.text(
        0.0,
        0.5,
        "\n".join(wrapped(text, room_in, LABEL_PT)),
        transform=axes.transAxes,
        fontsize=LABEL_PT,
        color=QUIET,
        va="center",
    )
