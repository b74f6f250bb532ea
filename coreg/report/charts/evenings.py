"""Charts over evenings: own ratings, own rest and pace, and the pooled answer.

Small multiples over the same evenings; nothing between partners, no streak, no goal.
"""

import math
from collections.abc import Callable, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from coreg.analysis.pooling import EVENINGS_FOR_AN_ANSWER
from coreg.facts.arrays import Floats
from coreg.findings.evenings import EveningFigures, Evenings, PooledAnswer, usual_range
from coreg.report.charts.frame import LABEL_PT, draw_note, width_in
from coreg.report.charts.own_ratings import SCALES, along, last_of, said
from coreg.report.charts.theme import CHANCE, HAIRLINE, INK, MARKS, PAPER, QUIET, bare
from coreg.report.page import (
    Chart,
    Draw,
    Lines,
    Section,
    Width,
    lines,
    nothing_above,
)
from coreg.report.tables import Table, table
from coreg.report.words import (
    evenings as words,
    session as general,
    together as together_words,
)
from coreg.report.words.numbers import figure

_ROW_IN, _FOOT_IN, _FOREST_ROW_IN = 0.6, 0.3, 0.42
_MOST_TICKS = 12


def _rows(
    of: Evenings, cells: Callable[[EveningFigures], tuple[str, ...]]
) -> Sequence[tuple[str, ...]]:
    return [
        (words.evening_name(number, general.day(each.opened, each.zone)), *cells(each))
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
        notes=(),
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
    """Return ln RMSSD at rest over the evenings, beside its usual range."""
    values = np.array([evening.ln_rmssd for evening in of.evenings])
    is_usual_known = math.isfinite(usual_range(values)[0])
    caption = f"{words.REST_CAPTION} {words.USUAL if is_usual_known else ''}".rstrip()

    def draw(axes: Sequence[Axes]) -> None:
        if is_usual_known:
            axes[0].axhspan(*usual_range(values), color=CHANCE, linewidth=0, zorder=0)
        _draw_small(axes[0], of, values, words.NO_REST)
        axes[0].set_ylabel(words.REST_AXIS)

    return _small(of, "rest", words.REST, caption, draw)


def pace_chart(of: Evenings) -> Chart:
    """Return the shared pace over the evenings."""
    values = np.array([evening.breaths_per_min for evening in of.evenings])

    def draw(axes: Sequence[Axes]) -> None:
        _draw_small(axes[0], of, values, words.NO_PACE)
        axes[0].set_ylabel(general.PACE_AXIS)

    return _small(of, "pace", words.PACE, words.PACE_CAPTION, draw)


def _small(of: Evenings, name: str, heading: str, caption: str, draw: Draw) -> Chart:
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
        table=table(
            caption,
            words.REST_COLUMNS,
            _rows(
                of,
                lambda each: (
                    figure(each.ln_rmssd, 2),
                    figure(each.breaths_per_min, 1),
                ),
            ),
        ),
        notes=(),
        width=Width.HALF,
    )


def _draw_small(axes: Axes, of: Evenings, values: Floats, none: str) -> None:
    _frame(axes, of)
    known = values[np.isfinite(values)]
    if not known.size:
        axes.set_yticks([])
        draw_note(axes, none, height=0.4)
        return
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
    middle, reach = float(np.median(known)), max(float(np.ptp(known)), 0.5)
    axes.set_ylim(middle - reach, middle + reach)
    axes.yaxis.set_major_locator(MaxNLocator(3))


# --- both, pooled -------------------------------------------------------------


def pooled_sections(of: Evenings) -> tuple[Section, ...]:
    """Return the pooled answer, or from when on there is one."""
    kinds = ((words.FREE_AFTER, of.free_after), (words.BREATHING, of.breathing))
    most = max(each.pooled.evenings for _, each in kinds)
    if most < EVENINGS_FOR_AN_ANSWER:
        return (_not_yet(of, most),)
    caption = words.pooled_caption(of.evenings[-1].opened)
    told = tuple(
        words.pooled(where, each.answer, each.pooled.evenings)
        for where, each in kinds
        if each.pooled.evenings >= EVENINGS_FOR_AN_ANSWER
    )
    return (
        Chart(
            name="pooled",
            heading=words.POOLED,
            caption=caption,
            alt=" ".join(told),
            rows_in=(_FOREST_ROW_IN * len(kinds),),
            gives=0.0,
            above_in=nothing_above,
            foot_in=0.44,
            draw=lambda axes: _draw_forest(axes[0], kinds),
            key=None,
            table=_pooled_table(caption, kinds),
            notes=(*told, together_words.NOT_ABOUT_YOU),
            width=Width.FULL,
        ),
    )


def _not_yet(of: Evenings, most: int) -> Lines:
    last = of.evenings[-1].opened
    told = words.not_yet(most, EVENINGS_FOR_AN_ANSWER, last)
    return lines(words.POOLED, told)


def _pooled_table(caption: str, kinds: tuple[tuple[str, PooledAnswer], ...]) -> Table:
    return table(
        caption,
        words.POOLED_COLUMNS,
        (
            (
                where,
                f"{each.pooled.evenings}",
                figure(each.pooled.excess_z, 3),
                figure(each.pooled.low_z, 3),
                figure(each.pooled.high_z, 3),
                together_words.probability(each.p_holm),
            )
            for where, each in kinds
        ),
    )


def _draw_forest(axes: Axes, kinds: tuple[tuple[str, PooledAnswer], ...]) -> None:
    """Draw each interval, its mean, and the evenings it comes from."""
    bare(axes)
    axes.set(yticks=[], ylim=(len(kinds), 0), xlabel=words.POOLED_AXIS)
    axes.axvline(0, color=QUIET, linewidth=0.8)
    reach = 0.05
    for row, (where, each) in enumerate(kinds):
        height, of = row + 0.68, each.pooled
        ends = [*each.single_z.tolist(), of.low_z, of.high_z]
        reach = max([reach, *(abs(end) for end in ends if math.isfinite(end))])
        axes.plot(
            each.single_z,
            np.full(each.single_z.size, height),
            linestyle="none",
            marker="|",
            markersize=7,
            color=QUIET,
        )
        axes.plot((of.low_z, of.high_z), (height, height), color=INK, linewidth=1.6)
        told = each.answer is not each.answer.OPEN
        axes.plot(
            [of.excess_z],
            [height],
            marker="o",
            markersize=6.5,
            markeredgecolor=INK,
            color=INK if told else PAPER,
            linestyle="none",
        )
        axes.text(
            0.0,
            row + 0.3,
            where,
            transform=axes.get_yaxis_transform(),
            fontsize=LABEL_PT,
            color=INK,
            va="center",
            bbox={"facecolor": PAPER, "edgecolor": "none", "pad": 1.5},
        )
    axes.set_xlim(-1.1 * reach, 1.1 * reach)
    axes.xaxis.set_major_locator(MaxNLocator(max(3, int(width_in(axes) / 0.7))))
    axes.spines["bottom"].set_color(HAIRLINE)
