"""The found pace on a page: one's own curve, the choice for both, all of it."""

from collections.abc import Sequence

from matplotlib.axes import Axes

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
from coreg.report.page import Chart, Draw, Section, Width, lines
from coreg.report.words import pace as pace_words

_FOOT_IN, _CURVE_IN, _SHARED_IN = 0.5, 1.7, 1.3
_LIMITS = (pace_words.CAN_TELL, pace_words.CANNOT_TELL, pace_words.TWICE)


def own_sections(mine: SessionSummary) -> tuple[Section, ...]:
    """Return one's own curve; nothing where no pace was looked for."""
    found = found_pace(mine)
    if found is None:
        return ()
    (partner,) = mine.shown
    of = found.hearts.get(partner)
    if of is None:
        return (lines(pace_words.OWN, pace_words.NO_OWN),)

    def draw(axes: Sequence[Axes]) -> None:
        draw_curve(axes[0], partner, of, of.highest)

    notes = (pace_words.best(of.curve), *_LIMITS)
    names = ("pace", pace_words.OWN, pace_words.OWN_CAPTION)
    return (_curve(names, of, draw, notes, Width.FULL),)


def shared_sections(summary: SessionSummary) -> tuple[Section, ...]:
    """Return the pace for both; nothing where none was looked for."""
    found = found_pace(summary)
    return () if found is None else _shared(found, _LIMITS)


def therapist_sheet(summary: SessionSummary) -> tuple[Section, ...]:
    """Return both curves and the choice; nothing where no pace was looked for."""
    found = found_pace(summary)
    if found is None:
        return ()
    curves = tuple(_one_of_both(partner, found) for partner in Partner)
    limits = lines(pace_words.LIMITS, *_LIMITS)
    return (*curves, *_shared(found, ()), limits)


def _one_of_both(partner: Partner, found: FoundPace) -> Section:
    of = found.hearts.get(partner)
    heading = pace_words.heart(partner)
    if of is None:
        return lines(heading, pace_words.NO_CURVE)

    def draw(axes: Sequence[Axes]) -> None:
        draw_curve(axes[0], partner, of, found.highest)
        if found.shared:
            draw_choice(axes[0], found.shared)

    notes = (pace_words.best(of.curve),)
    names = (f"pace-of-{partner}", heading, pace_words.EACH_CAPTION)
    return _curve(names, of, draw, notes, Width.HALF)


def _curve(
    names: tuple[str, str, str],
    of: HeartsPace,
    draw: Draw,
    notes: tuple[str, ...],
    width: Width,
) -> Chart:
    """Return the chart of one curve, by its name, heading and caption."""
    name, heading, caption = names
    return Chart(
        name=name,
        heading=heading,
        caption=caption,
        alt=pace_words.own_alt(of.curve, of.points),
        rows_in=(_CURVE_IN,),
        gives=0.5,
        above_in=lambda _: 0.25,
        foot_in=_FOOT_IN,
        draw=draw,
        key=None,
        table=curve_table(of),
        notes=notes,
        width=width,
    )


def _shared(found: FoundPace, limits: tuple[str, ...]) -> tuple[Section, ...]:
    of = found.shared
    if of is None:
        return (lines(pace_words.SHARED, pace_words.NO_SHARED),)
    return (
        Chart(
            name="pace",
            heading=pace_words.SHARED,
            caption=pace_words.SHARED_CAPTION,
            alt=pace_words.shared_alt(of),
            rows_in=(_SHARED_IN,),
            gives=0.5,
            above_in=lambda _: 0.25,
            foot_in=_FOOT_IN,
            draw=lambda axes: draw_shared(axes[0], of),
            key=None,
            table=shared_table(of),
            notes=(pace_words.choice(of), *limits),
            width=Width.FULL,
        ),
    )
