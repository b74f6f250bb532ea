"""Charts over evenings: own ratings, own rest and pace.

Small multiples over the same evenings; nothing between partners, no streak, no goal.
"""

import math
from collections.abc import Callable, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from coreg.facts.arrays import Floats
from coreg.findings.evenings import EveningFigures, Evenings, usual_range
from coreg.report.charts.frame import LABEL_PT, draw_note
from coreg.report.charts.own_ratings import SCALES, along, last_of, said
from coreg.report.charts.theme import CHANCE, INK, MARKS, PAPER, QUIET, bare
from coreg.report.page import (
    Chart,
    Draw,
    Lines,
    Width,
    lines,
    nothing_above,
)
from coreg.report.tables import Table, table
from coreg.report.words import (
    evenings as words,
    session as general,
)
from coreg.report.words.numbers import figure

_ROW_IN, _FOOT_IN, _FOREST_ROW_IN = 0.6, 0.3, 0.42
_MOST_TICKS = 12


def _rows(
    of: Evenings, cells: Callable[[EveningFigures], tuple[str, ...]]
) -> Sequence[tuple[str, ...]]:
    return [
        (name, *cells(each)) for name, each in zip(_names(of), of.evenings, strict=True)
    ]


def _names(of: Evenings) -> list[str]:
    return [
        words.evening_name(number, general.day(each.opened, each.zone))
        for number, each in enumerate(of.evenings, start=1)
    ]


def _frame(axes: Axes, of: Evenings) -> None:
    count = len(of.evenings)
    bare(axes)
    axes.set_xlim(0.5, count + 0.5)
    every = max(1, math.ceil(count / _MOST_TICKS))
    ticks = range(1, count + 1, every)
    axes.set_xticks(list(ticks), [f"{tick}" for tick in ticks])


# --- own ratings --------------------------------------------------------------


def ratings_over_evenings(of: Evenings) -> Chart | Lines:
    """Return what this partner said before and after, evening by evening."""
    if not any(evening.ratings for evening in of.evenings):
        return lines(words.OWN_RATINGS, words.NO_RATINGS)
    return Chart(
        name="ratings",
        heading=words.OWN_RATINGS,
        caption=words.OWN_RATINGS_CAPTION,
        alt=words.EVENINGS_ALT,
        rows_in=(_ROW_IN,) * len(SCALES),
        gives=1.0,
        above_in=nothing_above,
        foot_in=_FOOT_IN,
        draw=lambda axes: _draw_ratings(axes, of),
        key=None,
        table=table(
            words.RATING_TABLE,
            words.RATINGS_OVER_COLUMNS,
            _rows(
                of,
                lambda evening: tuple(
                    said(last_of(evening.ratings, at, name))
                    for name in SCALES
                    for at in (words.BEFORE, words.AFTER)
                ),
            ),
        ),
        notes=(words.OWN_RATINGS_SAID,),
        width=Width.FULL,
    )


def _draw_ratings(rows: Sequence[Axes], of: Evenings) -> None:
    for axes, name in zip(rows, SCALES, strict=True):
        _frame(axes, of)
        axes.set_ylim(-0.22, 1.22)
        axes.set_yticks([])
        axes.text(
            -0.01,
            0.5,
            words.RATING_NAMES[name],
            transform=axes.transAxes,
            ha="right",
            va="center",
            rotation=90,
            fontsize=LABEL_PT,
            color=QUIET,
        )
        for number, evening in enumerate(of.evenings, start=1):
            _draw_rating(axes, number, name, evening)
        if axes is not rows[-1]:
            axes.tick_params(labelbottom=False, bottom=False)


def _draw_rating(axes: Axes, number: int, name: str, evening: EveningFigures) -> None:
    before, after = (
        last_of(evening.ratings, at, name) for at in (words.BEFORE, words.AFTER)
    )
    heights = [along(name, v) for v in (before, after) if v is not None]
    axes.plot([number] * len(heights), heights, color=QUIET, linewidth=0.8, zorder=1)
    for value, fill, size in ((before, PAPER, 6.0), (after, INK, 4.8)):
        if value is not None:
            axes.plot(
                [number],
                [along(name, value)],
                marker="o",
                markersize=size,
                markeredgecolor=INK,
                color=fill,
                linestyle="none",
            )


# --- own rest and pace --------------------------------------------------------


def rest_chart(of: Evenings) -> Chart:
    """Return how much this heart varied at rest, beside its usual range; no number."""
    values = np.array([evening.ln_rmssd for evening in of.evenings])
    is_usual_known = math.isfinite(usual_range(values)[0])
    caption = f"{words.REST_CAPTION} {words.USUAL if is_usual_known else ''}".rstrip()
    middle, reach = _extent(values)

    def draw(axes: Sequence[Axes]) -> None:
        if is_usual_known:
            axes[0].axhspan(*usual_range(values), color=CHANCE, linewidth=0, zorder=0)
        if _draw_small(axes[0], of, values, words.NO_REST):
            at = (middle - 0.8 * reach, middle + 0.8 * reach)
            axes[0].set_yticks(at, (words.REST_LESS, words.REST_MORE))

    shares = ((values - middle) / reach).tolist()
    rows = zip(_names(of), map(words.varied, shares), strict=True)
    return _small(
        "rest",
        words.REST,
        words.REST_SAID,
        caption,
        draw,
        table(words.REST_SAID, words.REST_COLUMNS, rows),
    )


def pace_chart(of: Evenings) -> Chart:
    """Return the shared pace over the evenings."""
    values = np.array([evening.breaths_per_min for evening in of.evenings])

    def draw(axes: Sequence[Axes]) -> None:
        if _draw_small(axes[0], of, values, words.NO_PACE):
            axes[0].yaxis.set_major_locator(MaxNLocator(3))
        axes[0].set_ylabel(general.PACE_AXIS)

    rows = _rows(of, lambda each: (figure(each.breaths_per_min, 1),))
    return _small(
        "pace",
        words.PACE,
        words.PACE_SAID,
        words.PACE_CAPTION,
        draw,
        table(words.PACE_SAID, words.PACE_COLUMNS, rows),
    )


def _small(
    name: str, heading: str, said: str, caption: str, draw: Draw, numbers: Table
) -> Chart:
    return Chart(
        name=name,
        heading=heading,
        caption=caption,
        alt=words.EVENINGS_ALT,
        rows_in=(1.2,),
        gives=1.0,
        above_in=nothing_above,
        foot_in=_FOOT_IN,
        draw=draw,
        key=None,
        table=numbers,
        notes=(said,),
        width=Width.HALF,
    )


def _extent(values: Floats) -> tuple[float, float]:
    """Return the middle of what is known, and how far a chart goes from it."""
    known = values[np.isfinite(values)]
    if not known.size:
        return math.nan, math.nan
    return float(np.median(known)), max(float(np.ptp(known)), 0.5)


def _draw_small(axes: Axes, of: Evenings, values: Floats, none: str) -> bool:
    """Draw one value an evening; return whether there was any."""
    _frame(axes, of)
    if not np.isfinite(values).any():
        axes.set_yticks([])
        draw_note(axes, none, height=0.4)
        return False
    mark = MARKS[of.partner]
    axes.plot(
        np.arange(1, values.size + 1),
        values,
        color=mark.line,
        marker=mark.marker,
        markersize=4.0,
        linewidth=0.9,
        markeredgewidth=0,
    )
    middle, reach = _extent(values)
    axes.set_ylim(middle - reach, middle + reach)
    return True
