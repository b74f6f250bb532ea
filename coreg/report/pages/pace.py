"""The found pace on a page: one's own curve, the choice for both, all of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes

from coreg.exercises.pacing.pace_curve import Shared
from coreg.facts.events import Partner
from coreg.findings.pace import FoundPace, HeartsPace, found_pace
from coreg.findings.summary import SessionSummary
from coreg.report.charts.pace import (
    curve_table,
    draw_choice,
    draw_curve,
    draw_shared,
    shared_table,
)
from coreg.report.page import Chart, Draw, Section, Width, lines, rows
from coreg.report.tables import Table
from coreg.report.words import pace as pace_words
from coreg.words import say

_FOOT_IN, _CURVE_IN, _SHARED_IN = 0.58, 1.7, 1.3
_LIMITS = (
    say("report.pace.can_tell"),
    say("report.pace.cannot_tell"),
    say("report.pace.twice"),
)
_COUPLE_LIMITS = (
    say("report.pace.couple_cannot_tell"),
    say("report.pace.couple_twice"),
)


def own_sections(mine: SessionSummary) -> tuple[Section, ...]:
    """Return one's own curve, or nothing if no pace was looked for."""
    found = found_pace(mine)
    if found is None:
        return ()
    (partner,) = mine.shown
    of = found.hearts.get(partner)
    if of is None:
        return (lines(say("report.pace.own"), say("report.pace.no_own")),)

    def draw(axes: Sequence[Axes]) -> None:
        draw_curve(axes[0], partner, of, of.highest)

    told = pace_words.own_best(of.curve)
    names = _Names(
        name="pace",
        heading=say("report.pace.own"),
        caption=say("report.pace.own_caption"),
        alt=pace_words.own_alt(of.curve, of.points),
        notes=(told, say("report.pace.own_can_tell"), *_COUPLE_LIMITS),
    )
    return (_curve(names, of, draw, Width.FULL),)


def shared_sections(summary: SessionSummary) -> tuple[Section, ...]:
    """Return the pace for both, to both; nothing where none was looked for."""
    found = found_pace(summary)
    if found is None:
        return ()
    if found.shared is None:
        return (lines(say("report.pace.shared"), say("report.pace.no_shared")),)
    told = pace_words.couple_choice(found.shared)
    names = _Names(
        name="pace",
        heading=say("report.pace.shared"),
        caption=say("report.pace.couple_shared_caption"),
        alt=pace_words.couple_shared_alt(found.shared),
        notes=(told, say("report.pace.both_can_tell"), *_COUPLE_LIMITS),
    )
    table = shared_table(say("report.pace.couple_table_shared"), found.shared)
    return (_choice(names, found.shared, table),)


def therapist_sheet(summary: SessionSummary) -> tuple[Section, ...]:
    """Return both curves and the choice; nothing where no pace was looked for."""
    found = found_pace(summary)
    if found is None:
        return ()
    curves = tuple(_one_of_both(partner, found) for partner in Partner)
    limits = lines(say("report.pace.limits"), *_LIMITS)
    return (*curves, _shared(found), limits)


def _one_of_both(partner: Partner, found: FoundPace) -> Section:
    of = found.hearts.get(partner)
    heading = pace_words.heart(partner)
    if of is None:
        return lines(heading, say("report.pace.no_curve"))

    def draw(axes: Sequence[Axes]) -> None:
        draw_curve(axes[0], partner, of, found.highest)
        if found.shared:
            draw_choice(axes[0], found.shared)

    names = _Names(
        name=f"pace-of-{partner}",
        heading=heading,
        caption=say("report.pace.each_caption"),
        alt=pace_words.each_alt(of.curve, of.points),
        notes=(pace_words.best(of.curve),),
    )
    return _curve(names, of, draw, Width.HALF)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Names:
    """What a chart is called, and what is said about it."""

    name: str
    heading: str
    caption: str
    alt: str
    notes: tuple[str, ...]


def _chart(
    names: _Names, table: Table, draw: Draw, *, height_in: float, width: Width
) -> Chart:
    return Chart(
        name=names.name,
        heading=names.heading,
        caption=names.caption,
        alt=names.alt,
        rows_in=rows(height_in),
        gives=0.5,
        above_in=lambda _: 0.25,
        foot_in=_FOOT_IN,
        draw=draw,
        key=None,
        table=table,
        notes=names.notes,
        width=width,
    )


def _curve(names: _Names, of: HeartsPace, draw: Draw, width: Width) -> Chart:
    return _chart(names, curve_table(of), draw, height_in=_CURVE_IN, width=width)


def _shared(found: FoundPace) -> Section:
    of = found.shared
    if of is None:
        return lines(say("report.pace.shared"), say("report.pace.no_shared"))
    names = _Names(
        name="pace",
        heading=say("report.pace.shared"),
        caption=say("report.pace.shared_caption"),
        alt=pace_words.shared_alt(of),
        notes=(pace_words.choice(of),),
    )
    return _choice(names, of, shared_table(say("report.pace.table_shared"), of))


def _choice(names: _Names, of: Shared, table: Table) -> Chart:
    def draw(axes: Sequence[Axes]) -> None:
        draw_shared(axes[0], of)

    return _chart(names, table, draw, height_in=_SHARED_IN, width=Width.FULL)
