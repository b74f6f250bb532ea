"""Line charts of a session: both hearts, and how far they swing with the breath.

Each `draw_` fills axes that somebody else has placed, so that the printed sheet and the
web page share one drawing. Time runs in minutes since the practice began.
"""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from coreg.events import Partner
from coreg.report import words
from coreg.report.frame import (
    LABEL_PT,
    draw_frame,
    draw_note,
    draw_pause_names,
    height_in,
    minutes,
    width_in,
)
from coreg.report.heart import Heart
from coreg.report.look import MARKS, POINTS_PER_INCH, QUIET, bare
from coreg.report.summary import SessionSummary
from coreg.report.timeline import Pace

Floats = NDArray[np.float64]


def draw_hearts(axes: Axes, summary: SessionSummary) -> None:
    """Draw both heart rates; NaN stays blank."""
    draw_frame(axes, summary)
    ends: list[tuple[Partner, float, float]] = []
    for heart in summary.hearts:
        mark = MARKS[heart.partner]
        axes.plot(
            minutes(summary, summary.grid_s),
            heart.hr_bpm,
            color=mark.line,
            linewidth=0.8,
            solid_joinstyle="round",
            gid=f"heart {heart.partner}",
        )
        known = np.flatnonzero(np.isfinite(heart.hr_bpm))
        if known.size:
            last = heart.hr_bpm[known[-40:]].mean()
            end_min = float(minutes(summary, summary.grid_s[known[-1:]])[0])
            ends.append((heart.partner, end_min, float(last)))
    _pad_y(axes, least_span=12.0, foot=0.12 if len(ends) == 2 else 0.3)
    _end_labels(axes, ends)
    _missing(axes, summary)
    axes.yaxis.set_major_locator(MaxNLocator(4, integer=True))
    axes.set_ylabel(words.HR_AXIS)
    draw_pause_names(axes, summary)


def draw_swings(axes: Axes, summary: SessionSummary) -> Axes | None:
    """Draw RSA per breath, and on a right scale the pace that was offered.

    Returns the right scale's axes, None where no pace was offered.
    """
    draw_frame(axes, summary)
    ends: list[tuple[Partner, float, float]] = []
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
        known = np.flatnonzero(np.isfinite(rsa_bpm))
        if known.size:
            last = rsa_bpm[known[-6:]].mean()
            ends.append((heart.partner, float(t_min[known[-1]]), float(last)))
    axes.set_ylim(0, max(6.0, 1.12 * _highest(summary)))
    if not ends:
        draw_note(axes, words.NO_SWINGS, height=0.08)
    axes.yaxis.set_major_locator(MaxNLocator(3, integer=True))
    axes.set_ylabel(words.HR_AXIS)
    right = _draw_pace(axes, summary)
    _end_labels(axes, ends)
    return right


def _swing_line(summary: SessionSummary, heart: Heart) -> tuple[Floats, Floats]:
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


def pace_line(summary: SessionSummary, pace: Pace) -> tuple[Floats, Floats]:
    """Return the pace as a line of steps, NaN where the pacer was silent."""
    gap_after = np.append(pace.start_s[1:] > pace.end_s[:-1] + 0.01, True)
    t_s = np.column_stack((pace.start_s, pace.end_s, pace.end_s))
    rate = np.repeat(pace.breaths_per_min[:, np.newaxis], 3, axis=1)
    rate[gap_after, 2] = np.nan
    return minutes(summary, t_s.ravel()), rate.ravel()


def _pad_y(axes: Axes, *, least_span: float, foot: float) -> None:
    """Leave the lines room, and a steady heart its steadiness."""
    lines = [np.asarray(line.get_ydata(), dtype=np.float64) for line in axes.lines]
    rates = [line[np.isfinite(line)] for line in lines if line.size > 2]
    known = np.concatenate(rates) if rates else np.empty(0)
    low, high = (known.min(), known.max()) if known.size else (50.0, 90.0)
    missing = max(0.0, least_span - (high - low)) / 2
    low, high = low - missing, high + missing
    axes.set_ylim(low - foot * (high - low), high + 0.06 * (high - low))


def _end_labels(axes: Axes, ends: list[tuple[Partner, float, float]]) -> None:
    """Put each partner's shape and letter at the line's end, never overlapping."""
    low, high = axes.get_ylim()
    apart = 0.17 / height_in(axes) * (high - low)
    if len(ends) == 2 and abs(ends[0][2] - ends[1][2]) < apart:
        middle = (ends[0][2] + ends[1][2]) / 2
        up = 1 if ends[0][2] >= ends[1][2] else -1
        ends = [
            (ends[0][0], ends[0][1], middle + up * apart / 2),
            (ends[1][0], ends[1][1], middle - up * apart / 2),
        ]
    for partner, x, y in ends:
        mark = MARKS[partner]
        axes.annotate(
            partner.value,
            (x, y),
            xytext=(13, 0),
            textcoords="offset points",
            va="center_baseline",
            fontsize=LABEL_PT + 1,
            color=mark.text,
            annotation_clip=False,
        )
        _shape(axes, partner, x, y)


def _shape(axes: Axes, partner: Partner, x: float, y: float) -> None:
    mark = MARKS[partner]
    offset_min = 7.5 / POINTS_PER_INCH / width_in(axes) * axes.get_xlim()[1]
    axes.plot(
        [x + offset_min],
        [y],
        marker=mark.marker,
        markersize=5.5 if mark.marker == "o" else 4.6,
        markeredgewidth=0,
        color=mark.line,
        linestyle="none",
        clip_on=False,
        zorder=5,
    )


def _missing(axes: Axes, summary: SessionSummary) -> None:
    silent = [h.partner for h in summary.hearts if not np.isfinite(h.hr_bpm).any()]
    notes = [words.nothing_heard(partner) for partner in silent]
    if notes:
        draw_note(axes, "; ".join(notes), height=0.12)
