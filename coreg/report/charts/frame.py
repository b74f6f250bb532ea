"""What all charts of a session share: time, the phases' names, the shade of pauses."""

from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes

from coreg.facts.arrays import Floats
from coreg.findings.summary import SessionSummary
from coreg.findings.timeline import Break, Span
from coreg.report.charts.theme import (
    HAIRLINE,
    INK,
    QUIET,
    SAND,
    bare,
    fitting,
    text_width_in,
    wrapped,
)
from coreg.report.words import session as words
from coreg.report.words.numbers import clock, figure
from coreg.words import say

LABEL_PT = 8.0
PHASE_ROW_IN = 0.16
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
        from_min, to_min = _within(summary, pause.start_s, pause.end_s)
        axes.axvspan(from_min, to_min, color=SAND, linewidth=0, zorder=0, gid="pause")


def draw_unmarked_frame(axes: Axes, summary: SessionSummary) -> None:
    """Set the time axis and the phases' borders, and mark nothing that anybody did.

    Where nothing was recorded is grey: that was nobody's doing.
    """
    length_min = max((summary.end_s - summary.start_s) / 60, 1 / 60)
    bare(axes)
    show_time(axes, 0.0, length_min)
    for each in summary.breaks:
        from_min, to_min = _within(summary, each.start_s, each.end_s)
        axes.axvspan(
            from_min, to_min, color=HAIRLINE, lw=0, zorder=0.5, gid="not recorded"
        )
    for phase in words.told_parts(summary)[1:]:
        axes.axvline(
            (phase.start_s - summary.start_s) / 60, color=HAIRLINE, linewidth=0.8
        )


def _within(
    summary: SessionSummary, start_s: float, end_s: float
) -> tuple[float, float]:
    """Return a stretch of the session in minutes since the practice began."""
    return (start_s - summary.start_s) / 60, (end_s - summary.start_s) / 60


def show_time(axes: Axes, from_min: float, to_min: float) -> None:
    """Show a stretch of the practice, with as many round times as there is room for."""
    axes.set_xlim(from_min, to_min)
    length_min = to_min - from_min
    room = max(2.0, width_in(axes) / 0.47)
    step_s = next(
        (step for step in _TICK_STEPS_S if length_min * 60 / step <= room),
        _TICK_STEPS_S[-1] * int(np.ceil(length_min * 60 / room / _TICK_STEPS_S[-1])),
    )
    first_s = step_s * np.ceil(from_min * 60 / step_s - 1e-6)
    ticks_s = np.arange(first_s, to_min * 60 + 1e-6, step_s)
    axes.set_xticks(ticks_s / 60, [_tick_label(tick, step_s) for tick in ticks_s])


def _tick_label(tick_s: float, step_s: float) -> str:
    """Return a tick's text: minutes where steps are whole minutes."""
    if step_s % 60 == 0:
        minutes = figure(tick_s / 60, 0)
        return "0" if tick_s == 0 else say("report.numbers.min", minutes=minutes)
    if tick_s >= 60:
        return clock(tick_s)
    return say("report.numbers.s", seconds=figure(tick_s, 0))


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
    for phase in words.told_parts(summary):
        text = fitting(words.name(phase.name), width, LABEL_PT)
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
    """Write "pause" at the foot of each shade that is wide enough to be its own.

    Where nothing was recorded it says so: that is not anybody's pause.
    """
    length_min = axes.get_xlim()[1]
    last_end_in = -np.inf
    for name, span in _shades(summary):
        middle = ((span.start_s + span.end_s) / 2 - summary.start_s) / 60
        half_in = text_width_in(name, LABEL_PT) / 2
        x_in = middle / length_min * width_in(axes)
        if x_in - half_in < last_end_in:
            continue
        last_end_in = x_in + half_in
        axes.text(
            middle,
            0.03,
            name,
            transform=axes.get_xaxis_transform(),
            ha="center",
            va="bottom",
            fontsize=LABEL_PT,
            color=QUIET,
        )


def _shades(summary: SessionSummary) -> list[tuple[str, Span | Break]]:
    """Return the shades that have a name, in their order."""
    breaks = [(say("report.session.not_recorded"), each) for each in summary.breaks]
    pauses = [
        (say("report.session.pause"), pause)
        for pause in summary.pauses
        if not any(pause.start_s <= b.start_s < pause.end_s for b in summary.breaks)
    ]
    return sorted([*breaks, *pauses], key=lambda shade: shade[1].start_s)


def draw_note(axes: Axes, text: str, *, height: float) -> None:
    """Say inside a chart why something is not there."""
    axes.text(
        0.5,
        height,
        "\n".join(wrapped(text, width_in(axes), LABEL_PT)),
        transform=axes.transAxes,
        ha="center",
        va="bottom",
        fontsize=LABEL_PT,
        color=INK,
    )
