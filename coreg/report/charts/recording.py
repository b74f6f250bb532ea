"""One recording as a picture: tachogram with labels, spectrum, Poincaré plot."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from coreg.analysis.spectrum import HF, LF, VLF
from coreg.facts.events import Partner
from coreg.findings.recording import RecordingFigures
from coreg.report.charts.theme import HAIRLINE, INK, MARKS, QUIET, SAND, bare, wrapped
from coreg.report.words import recording as words

LINE = MARKS[Partner.B].line
FLAG = MARKS[Partner.A].line
_WIDTH_IN, _CHARTS_IN = 8.27, 6.6
_LEFT, _RIGHT = 0.1, 0.95
_FOOT_PT, _FOOT_LINE_IN = 7.5, 0.17
_BANDS = (("VLF", VLF), ("LF", LF), ("HF", HF))


def recording_sheet(figures: RecordingFigures) -> Figure:
    """Draw the three pictures of one recording; axes carry names and units."""
    foot = _foot_lines(figures)
    foot_in = _FOOT_LINE_IN * len(foot)
    height_in = _CHARTS_IN + foot_in
    figure = Figure(figsize=(_WIDTH_IN, height_in))

    def at(chart_share: float) -> float:
        """Return where this share of the height above the foot is on the figure."""
        return (foot_in + chart_share * _CHARTS_IN) / height_in

    grid = figure.add_gridspec(
        2,
        2,
        left=_LEFT,
        right=_RIGHT,
        top=at(0.83),
        bottom=at(0.09),
        hspace=0.55,
        wspace=0.3,
    )
    figure.text(_LEFT, at(0.945), figures.name, fontsize=16, color=INK)
    figure.text(_LEFT, at(0.91), _line(figures), fontsize=8, color=QUIET, va="top")
    for number, line in enumerate(foot):
        y = (foot_in - _FOOT_LINE_IN * number) / height_in
        figure.text(_LEFT, y, line, fontsize=_FOOT_PT, color=QUIET, va="center")
    _draw_tachogram(figure.add_subplot(grid[0, :]), figures)
    _draw_spectrum(figure.add_subplot(grid[1, 0]), figures)
    _draw_poincare(figure.add_subplot(grid[1, 1]), figures)
    return figure


def _foot_lines(figures: RecordingFigures) -> list[str]:
    """Return the cautions that belong to the figures, as wide as the pictures."""
    width_in = (_RIGHT - _LEFT) * _WIDTH_IN
    return [
        line
        for caution in (
            *words.untrue_lines(figures.over_counted_s),
            *words.caution_lines(figures.hrv.cautions),
        )
        for line in wrapped(caution, width_in, _FOOT_PT)
    ]


def _line(figures: RecordingFigures) -> str:
    return words.summary_line(
        kind=figures.kind, intervals=len(figures.labels), labels=figures.label_counts
    )


def _title(axes: Axes, text: str) -> None:
    axes.set_title(text, loc="left", fontsize=10, color=INK, pad=14)


def _draw_tachogram(axes: Axes, figures: RecordingFigures) -> None:
    _title(axes, words.TACHOGRAM)
    bare(axes)
    t_min = figures.t_s / 60
    axes.plot(t_min, figures.nn_ms, color=LINE, linewidth=0.8)
    rejected = np.isnan(figures.nn_ms)
    axes.plot(
        t_min[rejected],
        figures.rr_ms[rejected],
        linestyle="none",
        marker="x",
        markersize=4,
        color=FLAG,
    )
    if np.count_nonzero(rejected) <= words.MOST_NAMED_FLAGS:
        for at in np.flatnonzero(rejected):
            axes.annotate(
                figures.labels[at],
                (t_min[at], figures.rr_ms[at]),
                xytext=(4, 3),
                textcoords="offset points",
                fontsize=6.5,
                color=MARKS[Partner.A].text,
            )
    axes.set(xlabel="time (min)", ylabel="RR interval (ms)")
    axes.margins(x=0.01)


def _draw_spectrum(axes: Axes, figures: RecordingFigures) -> None:
    _title(axes, words.SPECTRUM)
    bare(axes)
    axes.set(xlabel="frequency (Hz)", ylabel="power density (ms²/Hz)")
    spectrum = figures.spectrum
    if spectrum is None:
        _note(axes, words.NO_SPECTRUM)
        return
    shown = spectrum.frequency_hz <= HF.high_hz
    axes.plot(
        spectrum.frequency_hz[shown],
        spectrum.power_ms2_per_hz[shown],
        color=LINE,
        lw=0.9,
    )
    axes.set_xlim(0, HF.high_hz)
    axes.set_ylim(bottom=0)
    for name, band in _BANDS:
        axes.axvline(band.high_hz, color=HAIRLINE, linewidth=0.8)
        middle = (band.low_hz + band.high_hz) / 2
        axes.text(
            middle,
            1.0,
            name,
            transform=axes.get_xaxis_transform(),
            ha="center",
            va="bottom",
            fontsize=7,
            color=QUIET,
        )


def _draw_poincare(axes: Axes, figures: RecordingFigures) -> None:
    _title(axes, words.POINCARE)
    bare(axes)
    axes.set(xlabel="NN interval (ms)", ylabel="next NN interval (ms)")
    here, after = figures.nn_ms[:-1], figures.nn_ms[1:]
    both = np.isfinite(here) & np.isfinite(after)
    if not both.any():
        _note(axes, words.NO_NEIGHBOURS)
        return
    low = min(here[both].min(), after[both].min()) - 20
    high = max(here[both].max(), after[both].max()) + 20
    axes.plot((low, high), (low, high), color=SAND, linewidth=1.2, zorder=0)
    axes.plot(here[both], after[both], ".", color=LINE, markersize=3, alpha=0.6)
    axes.set(xlim=(low, high), ylim=(low, high), aspect="equal", anchor="W")


def _note(axes: Axes, text: str) -> None:
    axes.set(xticks=[], yticks=[])
    axes.text(
        0.0, 0.5, text, transform=axes.transAxes, fontsize=8, color=QUIET, va="center"
    )
