"""What all charts of a session share: time, the phases' names, the shade of pauses."""

from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes

from coreg.facts.arrays import Floats
from coreg.findings.summary import SessionSummary
from coreg.report.charts.theme import HAIRLINE, INK, QUIET, SAND, bare, text_width_in
from coreg.report.words import session as words
from coreg.report.words.numbers import clock

LABEL_PT = 7.5
PHASE_ROW_IN = 0.15
_TICK_STEPS_S = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Name:
    """A phase's name above the chart: its middle and its row."""

    text: str
    x_in: float
    row: int


def minutes(summary: SessionSummary, t_s: Floats) -> Floats:
    """Return session times as minutes since the practice began."""
    return (t_s - summary.start_s) / 60


def draw_frame(axes: Axes, summary: SessionSummary) -> None:
    """Set the time axis, the phases' borders, and the shade of pauses."""
    draw_unmarked_frame(axes, summary)
    for pause in summary.pauses:
        axes.axvspan(
            (pause.start_s - summary.start_s) / 60,
            (pause.end_s - summary.start_s) / 60,
            color=SAND,
            linewidth=0,
            zorder=0,
            gid="pause",
        )


def draw_unmarked_frame(axes: Axes, summary: SessionSummary) -> None:
    """Set the time axis and the phases' borders, and mark nothing."""
    length_min = max((summary.end_s - summary.start_s) / 60, 1 / 60)
    axes.set_xlim(0, length_min)
    _time_ticks(axes, length_min)
    bare(axes)
    for phase in summary.phases[1:]:
        axes.axvline(
            (phase.start_s - summary.start_s) / 60, color=HAIRLINE, linewidth=0.8
        )


def _time_ticks(axes: Axes, length_min: float) -> None:
    """Put ticks at round times, as many as the width has room for."""
    room = max(2, int(width_in(axes) / 0.55))
    step_s = next(
        (step for step in _TICK_STEPS_S if length_min * 60 / step <= room),
        _TICK_STEPS_S[-1] * int(np.ceil(length_min * 60 / room / _TICK_STEPS_S[-1])),
    )
    ticks_s = np.arange(0, length_min * 60 + 1e-6, step_s)
    axes.set_xticks(ticks_s / 60, [_tick_label(tick, step_s) for tick in ticks_s])


def _tick_label(tick_s: float, step_s: float) -> str:
    """Return a tick's text: minutes where steps are whole minutes."""
    if step_s % 60 == 0:
        return "0" if tick_s == 0 else f"{tick_s / 60:.0f} min"
    return clock(tick_s) if tick_s >= 60 else f"{tick_s:.0f} s"


def width_in(axes: Axes) -> float:
    """Return how wide axes are on their figure."""
    figure = axes.get_figure(root=True)
    assert figure is not None  # noqa: S101 - axes here are always on a figure
    return float(axes.get_position().width * figure.get_figwidth())


def height_in(axes: Axes) -> float:
    """Return how high axes are on their figure."""
    figure = axes.get_figure(root=True)
    assert figure is not None  # noqa: S101 - axes here are always on a figure
    return float(axes.get_position().height * figure.get_figheight())


def phase_rows(summary: SessionSummary, width: float) -> int:
    """Return how many rows the phases' names take above a chart of this width."""
    return max((name.row + 1 for name in _names(summary, width)), default=0)


def draw_phase_names(axes: Axes, summary: SessionSummary) -> None:
    """Name the phases above a chart, in more rows where they are short."""
    width, height = width_in(axes), height_in(axes)
    for name in _names(summary, width):
        axes.text(
            name.x_in / width,
            1 + (0.05 + PHASE_ROW_IN * name.row) / height,
            name.text,
            transform=axes.transAxes,
            ha="center",
            va="bottom",
            fontsize=LABEL_PT,
            color=QUIET,
        )


def _names(summary: SessionSummary, width: float) -> list[_Name]:
    """Place each name over its phase, in the lowest row with room."""
    length_s = max(summary.end_s - summary.start_s, 1.0)
    taken_in: list[float] = []
    names: list[_Name] = []
    for phase in summary.phases:
        text = words.name(phase.name)
        half = text_width_in(text, LABEL_PT) / 2
        middle_s = (phase.start_s + phase.end_s) / 2 - summary.start_s
        x_in = float(
            np.clip(middle_s / length_s * width, half, max(half, width - half))
        )
        row = next(
            (row for row, end in enumerate(taken_in) if x_in - half > end + 0.08),
            len(taken_in),
        )
        taken_in[row:] = [x_in + half, *taken_in[row + 1 :]]
        names.append(_Name(text=text, x_in=x_in, row=row))
    return names


def draw_pause_names(axes: Axes, summary: SessionSummary) -> None:
    """Write "pause" at the foot of each shade that is wide enough to be its own."""
    length_min = axes.get_xlim()[1]
    last_end_in = -np.inf
    for pause in summary.pauses:
        middle = ((pause.start_s + pause.end_s) / 2 - summary.start_s) / 60
        half_in = text_width_in(words.PAUSE, LABEL_PT) / 2
        x_in = middle / length_min * width_in(axes)
        if x_in - half_in < last_end_in:
            continue
        last_end_in = x_in + half_in
        axes.text(
            middle,
            0.03,
            words.PAUSE,
            transform=axes.get_xaxis_transform(),
            ha="center",
            va="bottom",
            fontsize=LABEL_PT,
            color=QUIET,
        )


def draw_note(axes: Axes, text: str, *, height: float) -> None:
    """Say inside a chart why something is not there."""
    axes.text(
        0.5,
        height,
        text,
        transform=axes.transAxes,
        ha="center",
        va="bottom",
        fontsize=LABEL_PT,
        color=INK,
    )
