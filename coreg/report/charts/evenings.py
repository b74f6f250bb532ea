"""Charts over evenings: own ratings, own rest and pace.

Small multiples over the same evenings; nothing between partners, no streak, no goal.
"""

import datetime as dt
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from coreg.facts.arrays import Floats
from coreg.facts.events import Opened
from coreg.findings.evenings import EveningFigures, Evenings, usual_range
from coreg.findings.own_rating import OwnRating
from coreg.report.charts.frame import LABEL_PT
from coreg.report.charts.own_ratings import (
    SCALES,
    along,
    draw_before_and_after,
    last_of,
    said,
)
from coreg.report.charts.theme import CHANCE, MARKS, QUIET, bare
from coreg.report.page import (
    Chart,
    Draw,
    Lines,
    Width,
    lines,
    nothing_above,
    rows,
)
from coreg.report.tables import Table, table
from coreg.report.words import (
    evenings as words,
    session as general,
)
from coreg.report.words.numbers import figure
from coreg.words import say

_ROW_IN, _FOOT_IN, _FOREST_ROW_IN = 0.6, 0.3, 0.42
_MOST_TICKS = 12
_FEWEST_MARKS = 2  # one mark alone on a chart says no more than a sentence


class Dated(Protocol):
    """An evening that has a day."""

    @property
    def opened(self) -> Opened:
        """How it began."""
        ...

    @property
    def zone(self) -> dt.tzinfo:
        """Where its day is told."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Rated:
    """What somebody said before and after each of some evenings, and how it is told."""

    names: tuple[str, ...]
    ratings: tuple[Sequence[OwnRating], ...]
    heading: str
    said: str
    none: str


def _rows(
    of: Evenings, cells: Callable[[EveningFigures], tuple[str, ...]]
) -> Sequence[tuple[str, ...]]:
    return [
        (name, *cells(each))
        for name, each in zip(evening_names(of.evenings), of.evenings, strict=True)
    ]


def evening_names(evenings: Sequence[Dated]) -> list[str]:
    """Return what each evening is called: its number and its day."""
    return [
        words.evening_name(number, general.day(each.opened, each.zone))
        for number, each in enumerate(evenings, start=1)
    ]


def frame_evenings(axes: Axes, count: int) -> None:
    """Give each evening its place and its number."""
    bare(axes)
    axes.set_xlim(0.5, count + 0.5)
    every = max(1, math.ceil(count / _MOST_TICKS))
    ticks = range(1, count + 1, every)
    axes.set_xticks(list(ticks), [f"{tick}" for tick in ticks])


# --- own ratings --------------------------------------------------------------


def ratings_over_evenings(of: Evenings) -> Chart | Lines:
    """Return what this partner said before and after, evening by evening."""
    return ratings_over(
        Rated(
            names=tuple(evening_names(of.evenings)),
            ratings=tuple(each.ratings for each in of.evenings),
            heading=say("report.evenings.own_ratings"),
            said=say("report.evenings.own_ratings_said"),
            none=say("report.evenings.no_ratings", n=len(of.evenings)),
        )
    )


def ratings_over(of: Rated) -> Chart | Lines:
    """Return ratings before and after, evening by evening, or that there are none."""
    every = [rating for ratings in of.ratings for rating in ratings]
    if not every:
        return lines(of.heading, of.none)
    turned = words.turned_round(every)
    columns = words.ratings_over_columns()
    given = [
        (name, *_ratings_of(ratings))
        for name, ratings in zip(of.names, of.ratings, strict=True)
    ]
    return Chart(
        name="ratings",
        heading=of.heading,
        caption=" ".join((say("report.evenings.own_ratings_caption"), *turned)),
        alt=alt_of(of.heading, columns, given),
        rows_in=rows(*(_ROW_IN,) * len(SCALES)),
        gives=1.0,
        above_in=nothing_above,
        foot_in=_FOOT_IN,
        draw=lambda axes: _draw_ratings(axes, of),
        key=None,
        table=table(
            words.rating_table(every),
            columns,
            given,
        ),
        notes=(of.said,),
        width=Width.FULL,
    )


def _ratings_of(ratings: Sequence[OwnRating]) -> tuple[str, ...]:
    return tuple(
        said(last_of(ratings, at, name))
        for name in SCALES
        for at in (words.BEFORE, words.AFTER)
    )


def alt_of(
    heading: str, columns: Sequence[str], rows: Sequence[tuple[str, ...]]
) -> str:
    """Say every value of a table but its names: on paper there is no table."""
    values = list(zip(*rows, strict=True))[1:]
    told = map(words.told, columns[1:], values)
    return " ".join((heading + ".", *told))


def _draw_ratings(rows: Sequence[Axes], of: Rated) -> None:
    for axes, name in zip(rows, SCALES, strict=True):
        frame_evenings(axes, len(of.ratings))
        axes.set_ylim(-0.22, 1.22)
        axes.set_yticks([])
        axes.text(
            -0.015,
            0.5,
            words.rating_name(name),
            transform=axes.transAxes,
            ha="right",
            va="center",
            fontsize=LABEL_PT,
            color=QUIET,
        )
        for number, ratings in enumerate(of.ratings, start=1):
            _draw_rating(axes, number, name, ratings)
        if axes is not rows[-1]:
            axes.tick_params(labelbottom=False, bottom=False)


def _draw_rating(
    axes: Axes, number: int, name: str, ratings: Sequence[OwnRating]
) -> None:
    given = (last_of(ratings, at, name) for at in (words.BEFORE, words.AFTER))
    places = [None if v is None else (float(number), along(name, v)) for v in given]
    draw_before_and_after(axes, places)


# --- own rest and pace --------------------------------------------------------


def rest_chart(of: Evenings) -> Chart | Lines:
    """Return how much this heart varied at rest, beside its usual range; no number."""
    values = np.array([evening.ln_rmssd for evening in of.evenings])
    known = values[np.isfinite(values)]
    if known.size < _FEWEST_MARKS:
        none = "report.evenings.rest_one" if known.size else "report.evenings.no_rest"
        return lines(say("report.evenings.rest"), say(none))
    is_usual_known = math.isfinite(usual_range(values)[0])
    usual = (say("report.evenings.usual"),) if is_usual_known else ()
    caption = " ".join((say("report.evenings.rest_caption"), *usual))
    middle, reach = _extent(values)

    def draw(axes: Sequence[Axes]) -> None:
        if is_usual_known:
            axes[0].axhspan(*usual_range(values), color=CHANCE, linewidth=0, zorder=0)
        _draw_small(axes[0], of, values)
        at = (middle - 0.8 * reach, middle + 0.8 * reach)
        axes[0].set_yticks(
            at, (say("report.evenings.rest_less"), say("report.evenings.rest_more"))
        )

    shares = ((values - middle) / reach).tolist()
    rows = zip(evening_names(of.evenings), map(words.varied, shares), strict=True)
    return _small(
        "rest",
        say("report.evenings.rest"),
        say("report.evenings.rest_said"),
        caption,
        draw,
        table(
            say("report.evenings.rest_said"),
            (say("report.evenings.evening"), say("report.evenings.rest_column")),
            tuple(rows),
        ),
        Width.HALF,
    )


def pace_chart(of: Evenings) -> Chart | Lines:
    """Return the shared pace over the evenings."""
    values = np.array([evening.breaths_per_min for evening in of.evenings])
    known = values[np.isfinite(values)]
    if not known.size:
        return lines(say("report.evenings.pace"), say("report.evenings.no_pace"))
    if known.size < _FEWEST_MARKS:
        one = say("report.evenings.pace_one", pace=figure(float(known[0]), 1))
        return lines(say("report.evenings.pace"), one)

    def draw(axes: Sequence[Axes]) -> None:
        _draw_small(axes[0], of, values)
        axes[0].yaxis.set_major_locator(MaxNLocator(3))
        axes[0].set_ylabel(say("report.session.pace_axis"))

    rows = _rows(of, lambda each: (figure(each.breaths_per_min, 1),))
    return _small(
        "pace",
        say("report.evenings.pace"),
        say("report.evenings.pace_said"),
        say("report.evenings.pace_caption"),
        draw,
        table(
            say("report.evenings.pace_said"),
            (say("report.evenings.evening"), say("report.pace.rate_axis")),
            rows,
        ),
        Width.HALF,
    )


def minutes_chart(of: Evenings) -> Chart | Lines | None:
    """Return how long both sat together; nothing where no evening kept it."""
    values = np.array([evening.sat_s for evening in of.evenings]) / 60
    known = values[np.isfinite(values)]
    if not known.size:
        return None
    if known.size < _FEWEST_MARKS:
        one = say("report.evenings.minutes_one", n=round(float(known[0])))
        return lines(say("report.evenings.minutes"), one)

    def draw(axes: Sequence[Axes]) -> None:
        _draw_small(axes[0], of, values)
        axes[0].set_ylim(0, 1.15 * max(float(np.nanmax(values)), 1.0))
        axes[0].yaxis.set_major_locator(MaxNLocator(3, integer=True))
        axes[0].set_ylabel(say("report.evenings.minutes_axis"))

    return _small(
        "minutes",
        say("report.evenings.minutes"),
        say("report.evenings.minutes_said"),
        say("report.evenings.pace_caption"),
        draw,
        table(
            say("report.evenings.minutes_said"),
            (say("report.evenings.evening"), say("report.evenings.minutes")),
            _rows(of, lambda each: (figure(each.sat_s / 60, 0),)),
        ),
        Width.FULL,
    )


def _small(
    name: str,
    heading: str,
    said: str,
    caption: str,
    draw: Draw,
    numbers: Table,
    width: Width,
) -> Chart:
    return Chart(
        name=name,
        heading=heading,
        caption=caption,
        alt=alt_of(heading, numbers.columns, numbers.rows),
        rows_in=rows(1.2),
        gives=1.0,
        above_in=nothing_above,
        foot_in=_FOOT_IN,
        draw=draw,
        key=None,
        table=numbers,
        notes=(said,),
        width=width,
    )


def _extent(values: Floats) -> tuple[float, float]:
    """Return the middle of what is known, and how far a chart goes from it."""
    known = values[np.isfinite(values)]
    return float(np.median(known)), max(float(np.ptp(known)), 0.5)


def _draw_small(axes: Axes, of: Evenings, values: Floats) -> None:
    """Draw one value an evening, of which some are known."""
    frame_evenings(axes, len(of.evenings))
    mark = MARKS[of.partner]
    axes.plot(
        np.arange(1, values.size + 1),
        values,
        color=mark.line,
        marker=mark.marker,
        markersize=4.0,
        linestyle="none",
        markeredgewidth=0,
    )
    middle, reach = _extent(values)
    axes.set_ylim(middle - reach, middle + reach)
