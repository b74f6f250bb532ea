"""Line charts of a session: both hearts, and how far they swing with the breath.

Each `draw_` fills axes that somebody else has placed, so that the printed sheet and the
web page share one drawing. Time runs in minutes since the practice began.
"""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from coreg.facts.arrays import Floats
from coreg.facts.events import Partner
from coreg.findings.heart import HeartFigures, slow_hr_bpm
from coreg.findings.rows import calm_around_mean
from coreg.findings.summary import SessionSummary
from coreg.findings.timeline import PacedBreaths
from coreg.report.charts.frame import (
    draw_frame,
    draw_note,
    draw_pause_names,
    draw_unmarked_frame,
    height_in,
    minutes,
    width_in,
)
from coreg.report.charts.owner import draw_mark, name_rows
from coreg.report.charts.theme import HAIRLINE, MARKS, QUIET, bare
from coreg.report.words import couple as couple_words, session as words

Rows = tuple[Axes, Axes]

LEAST_SPAN_BPM = 12.0
"""A row shows at least so much, so that a steady heart looks steady."""

_AROUND = 1.15
"""How far a row reaches beyond the farthest of both hearts."""

SWINGS_KEY_IN = 0.2
"""How much room the names of the lines take above the chart of swings."""


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
            axes.set_yticks(at, (couple_words.SLOWER, couple_words.FASTER))
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
    rows[-1].set_ylabel(words.HR_AXIS, y=len(rows) / 2)  # the middle of all rows


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


def draw_swings(axes: Axes, summary: SessionSummary) -> Axes | None:
    """Draw RSA per breath, and on a right scale the pace that was offered.

    Returns the right scale's axes, None where no pace was offered.
    """
    draw_frame(axes, summary)
    for heart in summary.hearts:
        mark = MARKS[heart.partner]
        t_min, rsa_bpm = _swing_line(summary, heart)
        axes.plot(
            t_min,
            rsa_bpm,
            color=mark.line,
            linewidth=1.0,
            marker=mark.marker,
            markersize=2.6 if mark.marker == "o" else 2.2,
            markeredgewidth=0,
            gid=f"swing {heart.partner}",
        )
    highest_bpm = _highest(summary)
    axes.set_ylim(0, max(6.0, 1.12 * highest_bpm))
    if highest_bpm:
        _draw_swings_key(axes, summary.shown)
    else:
        draw_note(axes, words.NO_SWINGS, height=0.08)
    axes.yaxis.set_major_locator(MaxNLocator(3, integer=True))
    axes.set_ylabel(words.HR_AXIS)
    return _draw_pace(axes, summary)


def _draw_swings_key(axes: Axes, partners: tuple[Partner, ...]) -> None:
    """Name both lines above the chart: where they end, others may go on."""
    if len(partners) == 1:
        return
    for partner, from_right_in in zip(reversed(partners), (0.18, 0.55), strict=False):
        x_in, y_in = width_in(axes) - from_right_in, height_in(axes) + 0.1
        draw_mark(axes, partner, partner.value, (x_in, y_in))


def _swing_line(summary: SessionSummary, heart: HeartFigures) -> tuple[Floats, Floats]:
    """Return the middle of each breath and its RSA, with NaN where one is missing."""
    swings = heart.swings
    middle_s = swings.start_s + swings.period_s / 2
    apart = np.flatnonzero(
        swings.start_s[1:] > swings.start_s[:-1] + swings.period_s[:-1] + 1.0
    )
    t_min = np.insert(minutes(summary, middle_s), apart + 1, np.nan)
    return t_min, np.insert(swings.rsa_bpm, apart + 1, np.nan)


def _highest(summary: SessionSummary) -> float:
    every = np.concatenate([heart.swings.rsa_bpm for heart in summary.hearts])
    return float(np.nanmax(every)) if np.isfinite(every).any() else 0.0


def _draw_pace(axes: Axes, summary: SessionSummary) -> Axes | None:
    pace = summary.pace
    if not pace.start_s.size:
        return None
    right = axes.twinx()
    bare(right)
    t_min, breaths_per_min = pace_line(summary, pace)
    right.plot(
        t_min,
        breaths_per_min,
        color=QUIET,
        linewidth=1.0,
        linestyle=(0, (1, 2)),
        gid="pace",
    )
    right.set_ylim(0, max(8.0, 1.2 * float(pace.breaths_per_min.max())))
    right.yaxis.set_major_locator(MaxNLocator(3, integer=True))
    right.tick_params(right=False)
    right.set_ylabel(words.PACE_AXIS)
    return right


def pace_line(summary: SessionSummary, pace: PacedBreaths) -> tuple[Floats, Floats]:
    """Return the pace as a line of steps, NaN where the pacer was silent."""
    gap_after = np.append(pace.start_s[1:] > pace.end_s[:-1] + 0.01, True)
    t_s = np.column_stack((pace.start_s, pace.end_s, pace.end_s))
    rate = np.repeat(pace.breaths_per_min[:, np.newaxis], 3, axis=1)
    rate[gap_after, 2] = np.nan
    return minutes(summary, t_s.ravel()), rate.ravel()
