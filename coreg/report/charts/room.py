"""Charts of several evenings for a therapist: levels by turn, care, and the dots.

One heart a chart: nothing of one is drawn beside the other's.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Final, TypeGuard

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from coreg.exercises.blocks import Role
from coreg.facts.events import Partner
from coreg.findings.care import Care, Until
from coreg.findings.room import RoomEvening, RoomEvenings
from coreg.findings.steps import Step, has_dots
from coreg.findings.turns import RoleLevel
from coreg.findings.warm import WarmEvening
from coreg.report.charts.evenings import (
    Rated,
    alt_of,
    evening_names,
    frame_evenings,
    ratings_over,
)
from coreg.report.charts.frame import LABEL_PT
from coreg.report.charts.own_ratings import draw_before_and_after, said
from coreg.report.charts.theme import HAIRLINE, INK, MARKS, PAPER, QUIET, bare
from coreg.report.page import Chart, Lines, Width, lines, nothing_above, rows
from coreg.report.tables import table
from coreg.report.words import room as words, turns as turn_words
from coreg.report.words.numbers import NONE, figure
from coreg.words import say

_ROW_IN, _CARE_IN, _DOTS_IN, _FOOT_IN = 0.75, 1.3, 1.2, 0.3
_LEAST_REACH_BPM: Final = 5.0
_MOST = 10  # of a scale


def levels_over(of: RoomEvenings, partner: Partner) -> Chart | Lines:
    """Return one heart's change in each turn, evening by evening, with its ±."""
    heading = say("report.room.levels", heart=partner.value)
    found = [_levels(evening, partner) for evening in of.evenings]
    roles = [role for role in Role if any(role in each for each in found)]
    if not roles:
        return lines(heading, say("report.room.no_levels"))
    columns = (
        say("report.evenings.evening"),
        *(
            say(f"report.room.{what}", does=turn_words.role(role))
            for role in roles
            for what in ("level", "change")
        ),
    )
    told = [
        (name, *(text for role in roles for text in _figures(each.get(role))))
        for name, each in zip(evening_names(of.evenings), found, strict=True)
    ]
    return Chart(
        name=f"levels-{partner.value}",
        heading=heading,
        caption=say("report.room.levels_caption"),
        alt=alt_of(heading, columns, told),
        rows_in=rows(*(_ROW_IN,) * len(roles)),
        gives=1.0,
        above_in=nothing_above,
        foot_in=_FOOT_IN,
        draw=lambda axes: _draw_levels(axes, partner, roles, found),
        key=None,
        table=table(say("report.room.levels_table"), columns, told),
        notes=(say("report.room.levels_floor"),),
        width=Width.FULL,
    )


def _levels(evening: RoomEvening, partner: Partner) -> Mapping[Role, RoleLevel]:
    return {each.role: each for each in evening.turns if each.partner is partner}


def _figures(found: RoleLevel | None) -> tuple[str, str]:
    if found is None:
        return NONE, NONE
    return turn_words.level(found.level), turn_words.change(found.level)


def _draw_levels(
    axes: Sequence[Axes],
    partner: Partner,
    roles: Sequence[Role],
    found: Sequence[Mapping[Role, RoleLevel]],
) -> None:
    reach_bpm = _reach_bpm(found)
    for row, role in zip(axes, roles, strict=True):
        frame_evenings(row, len(found))
        row.axhline(0.0, color=HAIRLINE, linewidth=1.0, zorder=0)
        row.set_ylim(-reach_bpm, reach_bpm)
        row.yaxis.set_major_locator(MaxNLocator(3, integer=True))
        _name(row, turn_words.role(role))
        for number, each in enumerate(found, start=1):
            if role in each:
                _draw_level(row, partner, number, each[role])
        if row is not axes[-1]:
            row.tick_params(labelbottom=False, bottom=False)


def _reach_bpm(found: Sequence[Mapping[Role, RoleLevel]]) -> float:
    far = [
        abs(each.level.change_bpm) + each.level.half_width_bpm
        for levels in found
        for each in levels.values()
        if math.isfinite(each.level.half_width_bpm)
    ]
    return 1.05 * max([_LEAST_REACH_BPM, *far])


def _draw_level(axes: Axes, partner: Partner, number: int, found: RoleLevel) -> None:
    """Draw a change in its ±: filled beyond it, hollow where waves alone would do."""
    level, mark = found.level, MARKS[partner]
    if level.change_silent is not None:
        return
    axes.errorbar(
        [number],
        [level.change_bpm],
        yerr=[level.half_width_bpm],
        color=mark.line,
        marker=mark.marker,
        markersize=4.5,
        markerfacecolor=mark.line if level.is_beyond_waves else PAPER,
        markeredgecolor=mark.line,
        elinewidth=0.9,
        linestyle="none",
    )


def _name(axes: Axes, text: str) -> None:
    axes.text(
        0.005,
        0.96,
        text,
        transform=axes.transAxes,
        ha="left",
        va="top",
        fontsize=LABEL_PT,
        color=QUIET,
    )


# --- what each said -------------------------------------------------------------


def ratings_in_room(of: RoomEvenings, partner: Partner) -> Chart | Lines:
    """Return what one said before and after, or that their passcode opens it."""
    heading = say("report.room.ratings", heart=partner.value)
    if of.is_real and partner not in of.opened_by:
        return lines(heading, say("report.room.needs_passcode", heart=partner.value))
    return ratings_over(
        Rated(
            names=tuple(evening_names(of.evenings)),
            ratings=tuple(each.ratings.get(partner, ()) for each in of.evenings),
            heading=heading,
            said=say("report.room.ratings_said", heart=partner.value),
            none=say("report.room.no_ratings"),
        )
    )


def dots_over(of: RoomEvenings, partner: Partner) -> Chart | None:
    """Return near and space of each step, evening by evening; None without a dot."""
    found = [
        (number, name, each.steps[partner])
        for number, (name, each) in enumerate(
            zip(evening_names(of.evenings), of.evenings, strict=True), start=1
        )
        if has_dots(each.steps.get(partner, ()))
    ]
    if not found:
        return None
    heading = say("report.room.dots", heart=partner.value)
    told = [
        (
            say("report.room.step", evening=name, n=step.number),
            said(step.near),
            said(step.space),
        )
        for _, name, steps in found
        for step in steps
    ]
    columns = (
        say("report.steps.step_column"),
        say("report.steps.near"),
        say("report.steps.space"),
    )
    return Chart(
        name=f"dots-{partner.value}",
        heading=heading,
        caption=say("report.room.dots_caption"),
        alt=" ".join(
            say("report.steps.alt", step=step, near=near, space=space)
            for step, near, space in told
        ),
        rows_in=rows(_DOTS_IN),
        gives=1.0,
        above_in=nothing_above,
        foot_in=_FOOT_IN,
        draw=lambda axes: _draw_dots(axes[0], [(n, steps) for n, _, steps in found]),
        key=None,
        table=table(say("report.room.dots_table"), columns, told),
        notes=(say("report.room.dots_said"),),
        width=Width.FULL,
    )


def _draw_dots(axes: Axes, found: Sequence[tuple[int, Sequence[Step]]]) -> None:
    bare(axes)
    begins, middles = 0.0, []
    for _, steps in found:
        for step in steps:
            at = begins + step.number
            # Side by side: equal ones do not hide each other.
            for value, fill, aside in ((step.near, INK, -1), (step.space, PAPER, 1)):
                if value is not None:
                    axes.plot(
                        [at + 0.12 * aside],
                        [value],
                        marker="o",
                        markersize=5.0,
                        markeredgecolor=INK,
                        markeredgewidth=1.0,
                        color=fill,
                        linestyle="none",
                    )
        middles.append(begins + (len(steps) + 1) / 2)
        begins += len(steps) + 1
        axes.axvline(begins, color=HAIRLINE, linewidth=0.8, zorder=0)
    axes.set_xlim(0.0, begins)
    axes.set_xticks(middles, [f"{number}" for number, _ in found])
    axes.set_ylim(-0.6, _MOST + 0.6)
    axes.set_yticks([0, _MOST // 2, _MOST])


# --- care ----------------------------------------------------------------------


def care_chart(of: RoomEvenings) -> Chart | Lines:
    """Return how long care took each time: a dot where it helped, else at least."""
    heading = say("report.room.care")
    told = [
        (name, each)
        for name, evening in zip(evening_names(of.evenings), of.evenings, strict=True)
        for each in evening.care
    ]
    if not told or of.care is None:
        return lines(heading, say("report.room.no_care"), say("report.room.care_floor"))
    columns = (
        say("report.evenings.evening"),
        say("report.room.care_column"),
        say("report.room.care_until"),
    )
    cells = [
        (name, words.lasted(each), say(f"report.room.until.{each.until.name.lower()}"))
        for name, each in told
    ]
    return Chart(
        name="care",
        heading=heading,
        caption=say("report.room.care_caption"),
        alt=alt_of(heading, columns, cells),
        rows_in=rows(_CARE_IN),
        gives=1.0,
        above_in=nothing_above,
        foot_in=_FOOT_IN,
        draw=lambda axes: _draw_care(axes[0], [each.care for each in of.evenings]),
        key=None,
        table=table(say("report.room.care_table"), columns, cells),
        notes=(
            words.care_over(of.care),
            say("report.room.care_floor"),
            say("report.room.care_limits"),
        ),
        width=Width.FULL,
    )


def _draw_care(axes: Axes, evenings: Sequence[Sequence[Care]]) -> None:
    frame_evenings(axes, len(evenings))
    longest = max(each.seconds for care in evenings for each in care) / 60
    for number, care in enumerate(evenings, start=1):
        places = number + 0.2 * (np.arange(len(care)) - (len(care) - 1) / 2)
        for at, each in zip(places.tolist(), care, strict=True):
            helped = each.until is Until.HELPED
            axes.plot(
                [at],
                [each.seconds / 60],
                marker="o" if helped else "^",
                markersize=5.0,
                markeredgecolor=INK,
                markeredgewidth=1.0,
                color=INK if helped else PAPER,
                linestyle="none",
            )
    axes.set_ylim(0.0, 1.2 * max(longest, 1.0))
    axes.yaxis.set_major_locator(MaxNLocator(3))
    axes.set_ylabel(say("report.room.minutes_axis"))


# --- after something warm --------------------------------------------------------


def warm_chart(of: RoomEvenings) -> Chart | Lines:
    """Return likeness before and after each warm practice, or why there is none."""
    heading = say("report.room.warm")
    found = [each.warm for each in of.evenings]
    known = [(n, each) for n, each in enumerate(found) if _is_known(each)]
    notes = () if of.warm is None else words.warm_over(of.warm)
    if not known:
        none = say("report.room.no_warm")
        return lines(heading, none, *notes, say("report.room.warm_floor"))
    columns = (
        say("report.evenings.evening"),
        say("report.evenings.before"),
        say("report.evenings.after"),
    )
    names = evening_names(of.evenings)
    told = [
        (names[n], figure(each.before_z, 2), figure(each.after_z, 2))
        for n, each in known
    ]
    return Chart(
        name="warm",
        heading=heading,
        caption=say("report.room.warm_caption"),
        alt=alt_of(heading, columns, told),
        rows_in=rows(_CARE_IN),
        gives=1.0,
        above_in=nothing_above,
        foot_in=_FOOT_IN,
        draw=lambda axes: _draw_warm(axes[0], len(found), known),
        key=None,
        table=table(say("report.room.warm_table"), columns, told),
        notes=(
            *notes,
            say("report.room.warm_floor"),
            say("report.room.warm_limits"),
        ),
        width=Width.FULL,
    )


def _is_known(each: WarmEvening | None) -> TypeGuard[WarmEvening]:
    return each is not None and each.unanswered is None


def _draw_warm(
    axes: Axes, count: int, known: Sequence[tuple[int, WarmEvening]]
) -> None:
    frame_evenings(axes, count)
    axes.axhline(0.0, color=HAIRLINE, linewidth=1.0, zorder=0)
    for n, each in known:
        places = [(n + 1 - 0.1, each.before_z), (n + 1 + 0.1, each.after_z)]
        draw_before_and_after(axes, places)
    axes.margins(y=0.25)
    axes.yaxis.set_major_locator(MaxNLocator(3))
    axes.set_ylabel(say("report.room.warm_axis"))
