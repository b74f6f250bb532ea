"""Line charts of a session: both hearts, and how far they swing with the breath.

Each `draw_` fills axes that somebody else has placed, so that the printed sheet and the
web page share one drawing. Time runs in minutes since the practice began.
"""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from coreg.facts.arrays import Floats
from coreg.findings.heart import (
    HeartFigures,
    apart,
    slow_hr_bpm,
    slow_swing_bpm,
)
from coreg.findings.rows import calm_around_mean
from coreg.findings.summary import SessionSummary
from coreg.findings.timeline import PacedBreaths
from coreg.report.charts.frame import (
    LABEL_PT,
    draw_frame,
    draw_note,
    draw_pause_names,
    draw_unmarked_frame,
    minutes,
    show_time,
    width_in,
)
from coreg.report.charts.owner import name_rows
from coreg.report.charts.theme import HAIRLINE, MARKS, QUIET, text_width_in
from coreg.report.words import session as words
from coreg.report.words.numbers import round_figure
from coreg.words import say

Rows = tuple[Axes, Axes]

LEAST_SPAN_BPM = 12.0
"""A row shows at least so much, so that a steady heart looks steady."""

_AROUND = 1.15
"""How far a row reaches beyond the farthest of both hearts."""

_SAME_PACE, _KEPT_S = 0.05, 60.0
"""What is one pace (breaths a minute), and for how long it is worth its number."""


def draw_hearts(rows: Sequence[Axes], summary: SessionSummary) -> None:
    """Draw the hearts one below the other, to one scale; NaN stays blank.

    In one row, two hearts of about the same rate would be a braid that nobody reads.
    """
    for axes in rows:
        draw_frame(axes, summary)
    for axes, heart in zip(rows, summary.hearts, strict=True):
        _draw_heart(axes, summary, heart)
    _scale_rows(rows, summary, [heart.hr_bpm for heart in summary.hearts])
    draw_pause_names(rows[-1], summary)


def draw_calm_hearts(rows: Sequence[Axes], summary: SessionSummary) -> None:
    """Draw the hearts as means of two minutes, without a mark of any moment.

    Each around its own mean and without a number: nobody's is the higher one.
    """
    calm, reach_bpm = calm_around_mean(summary)
    for axes, heart, around_bpm in zip(rows, summary.hearts, calm, strict=True):
        draw_unmarked_frame(axes, summary)
        axes.set_ylim(-_AROUND * reach_bpm, _AROUND * reach_bpm)
        axes.axhline(0, color=HAIRLINE, linewidth=0.8, zorder=0)
        axes.plot(
            minutes(summary, summary.grid_s),
            around_bpm,
            color=MARKS[heart.partner].line,
            linewidth=2.0,
            solid_joinstyle="round",
            gid=f"calm heart {heart.partner}",
        )
        if np.isfinite(around_bpm).any():
            at = (-0.8 * reach_bpm, 0.8 * reach_bpm)
            axes.set_yticks(
                at, (say("report.couple.slower"), say("report.couple.faster"))
            )
        else:
            _miss(axes, summary, heart)
    _name_rows(rows, summary)


def _scale_rows(
    rows: Sequence[Axes], summary: SessionSummary, drawn: Sequence[Floats]
) -> None:
    """Give all rows one span, and each its ticks, its owner, or why it is empty."""
    limits = _row_limits(drawn)
    for axes, heart, hr_bpm, (low, high) in zip(
        rows, summary.hearts, drawn, limits, strict=True
    ):
        known = bool(np.isfinite(hr_bpm).any())
        axes.set_ylim(low, high)
        axes.set_yticks(_row_ticks(low, high))
        if not known:
            _miss(axes, summary, heart)
    _name_rows(rows, summary)
    rows[-1].set_ylabel(
        say("report.session.hr_axis"), y=len(rows) / 2
    )  # the middle of all rows


def _miss(axes: Axes, summary: SessionSummary, heart: HeartFigures) -> None:
    """Say in the place of a line why there is none."""
    axes.set_yticks([])
    name = summary.called[heart.partner]
    draw_note(axes, words.nothing_heard(name), height=0.42)


def _name_rows(rows: Sequence[Axes], summary: SessionSummary) -> None:
    """Give each row its owner, and time to the lowest alone."""
    if len(rows) > 1:  # one's own row needs no name
        name_rows(rows, [(p, summary.called[p]) for p in summary.shown])
    for upper in rows[:-1]:
        upper.tick_params(labelbottom=False, bottom=False)


def _draw_heart(axes: Axes, summary: SessionSummary, heart: HeartFigures) -> None:
    """Draw one heart beat by beat, thin, and its running median over it."""
    t_min, color = minutes(summary, summary.grid_s), MARKS[heart.partner].line
    for name, hr_bpm, width, alpha in (
        ("heart", heart.hr_bpm, 0.5, 0.55),
        ("slow heart", slow_hr_bpm(heart.hr_bpm), 1.5, 1.0),
    ):
        axes.plot(
            t_min,
            hr_bpm,
            color=color,
            linewidth=width,
            alpha=alpha,
            solid_joinstyle="round",
            gid=f"{name} {heart.partner}",
        )


def _row_limits(drawn: Sequence[Floats]) -> list[tuple[float, float]]:
    """Return each row's lowest and highest rate: apart in level, equal in span."""
    ranges = []
    for hr_bpm in drawn:
        known = hr_bpm[np.isfinite(hr_bpm)]
        ranges.append((known.min(), known.max()) if known.size else (60.0, 60.0))
    span = max(LEAST_SPAN_BPM, *(high - low for low, high in ranges))
    middles = [(low + high) / 2 for low, high in ranges]
    return [(middle - 0.62 * span, middle + 0.56 * span) for middle in middles]


def _row_ticks(low: float, high: float) -> list[float]:
    """Return round rates, none so near an edge that the other row's label is there."""
    edge = (high - low) / 10
    ticks = MaxNLocator(3, integer=True).tick_values(low + edge, high - edge)
    return [float(tick) for tick in ticks if low + edge < tick < high - edge]


def draw_swings(rows: Sequence[Axes], summary: SessionSummary) -> None:
    """Draw a dot a breath with their course over it, a row a heart; then the pace.

    Shown is the time in which there was a pace: the rest of the practice has no breath
    to draw. All hearts are to one scale; the pace has a row of its own, not a scale.
    """
    *of_hearts, of_pace = rows
    highest_bpm = max(6.0, 1.12 * _highest(summary))
    for axes, heart in zip(of_hearts, summary.hearts, strict=True):
        draw_frame(axes, summary)
        _draw_swing(axes, summary, heart)
        axes.set_ylim(0, highest_bpm)
        axes.yaxis.set_major_locator(MaxNLocator(3, integer=True, prune="upper"))
        axes.tick_params(labelbottom=False, bottom=False)
        if not np.isfinite(heart.swings.rsa_bpm).any():
            draw_note(axes, say("report.session.no_swings"), height=0.3)
    if len(of_hearts) > 1:
        name_rows(of_hearts, [(p, summary.called[p]) for p in summary.shown])
    of_hearts[-1].set_ylabel(say("report.session.hr_axis"), y=len(of_hearts) / 2)
    draw_frame(of_pace, summary)
    _draw_pace(of_pace, summary)
    for axes in rows:
        show_time(axes, *_paced_min(summary))


def _draw_swing(axes: Axes, summary: SessionSummary, heart: HeartFigures) -> None:
    mark, swings = MARKS[heart.partner], heart.swings
    middle_min = minutes(summary, swings.start_s + swings.period_s / 2)
    axes.plot(
        middle_min,
        swings.rsa_bpm,
        color=mark.line,
        alpha=0.5,
        linestyle="none",
        marker=mark.marker,
        markersize=3.0 if mark.marker == "o" else 2.6,
        markeredgewidth=0,
        gid=f"swing {heart.partner}",
    )
    slow_bpm = slow_swing_bpm(swings)
    for run in apart(swings):
        axes.plot(
            middle_min[run],
            slow_bpm[run],
            color=mark.line,
            linewidth=1.8,
            solid_joinstyle="round",
            gid=f"slow swing {heart.partner}",
        )


def _highest(summary: SessionSummary) -> float:
    every = np.concatenate([heart.swings.rsa_bpm for heart in summary.hearts])
    return float(np.nanmax(every)) if np.isfinite(every).any() else 0.0


def _paced_min(summary: SessionSummary) -> tuple[float, float]:
    """Return from when to when there was a pace, with a little air on both sides."""
    start_s, end_s = summary.pace.start_s[0], summary.pace.end_s[-1]
    air_s = 0.02 * (end_s - start_s)
    first, last = minutes(summary, np.array([start_s - air_s, end_s + air_s])).tolist()
    return float(first), float(last)


def _draw_pace(axes: Axes, summary: SessionSummary) -> None:
    """Draw the pace as steps, and write at each longer one what it is."""
    pace = summary.pace
    t_min, breaths_per_min = pace_line(summary, pace)
    axes.plot(t_min, breaths_per_min, color=QUIET, linewidth=1.4, gid="pace")
    low, high = float(pace.breaths_per_min.min()), float(pace.breaths_per_min.max())
    reach = max(high - low, 1.0)
    axes.set_ylim(low - 0.3 * reach, high + 1.1 * reach)
    axes.set_yticks([])
    axes.text(
        -0.015,
        0.5,
        say("report.session.pace_row"),
        transform=axes.transAxes,
        ha="right",
        va="center",
        fontsize=LABEL_PT,
        color=QUIET,
        linespacing=1.1,
    )
    from_min, to_min = _paced_min(summary)
    per_in = (to_min - from_min) / width_in(axes)
    taken_in = -np.inf
    for start_min, end_min, rate in _steps(summary, pace):
        text = round_figure(rate)
        half_in = text_width_in(text, LABEL_PT) / 2
        middle_in = ((start_min + end_min) / 2 - from_min) / per_in
        if middle_in - half_in < taken_in + 0.06:
            continue
        taken_in = middle_in + half_in
        axes.annotate(
            text,
            ((start_min + end_min) / 2, rate),
            xytext=(0, 3),
            textcoords="offset points",
            ha="center",
            va="bottom",
            fontsize=LABEL_PT,
            color=QUIET,
        )


def _steps(
    summary: SessionSummary, pace: PacedBreaths
) -> list[tuple[float, float, float]]:
    """Return the first breath and each pace that was kept for a while (min, min, rate).

    The longest come last where they are few, so that none is passed over for another.
    """
    edges = np.flatnonzero(np.abs(np.diff(pace.breaths_per_min)) > _SAME_PACE) + 1
    bounds = [0, *edges.tolist(), pace.start_s.size]
    told = []
    for first, after in pairwise(bounds):
        start_s, end_s = pace.start_s[first], pace.end_s[after - 1]
        if first == 0 or end_s - start_s >= _KEPT_S:
            span = minutes(summary, np.array([start_s, end_s])).tolist()
            told.append((span[0], span[1], float(pace.breaths_per_min[after - 1])))
    return told


def pace_line(summary: SessionSummary, pace: PacedBreaths) -> tuple[Floats, Floats]:
    """Return the pace as a line of steps, NaN where the pacer was silent."""
    gap_after = np.append(pace.start_s[1:] > pace.end_s[:-1] + 0.01, True)
    t_s = np.column_stack((pace.start_s, pace.end_s, pace.end_s))
    rate = np.repeat(pace.breaths_per_min[:, np.newaxis], 3, axis=1)
    rate[gap_after, 2] = np.nan
    return minutes(summary, t_s.ravel()), rate.ravel()
