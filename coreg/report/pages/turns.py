"""The therapist's sheet of heart levels: by part, and by what each did in it."""

from itertools import groupby

from coreg.exercises.blocks import Role
from coreg.findings.summary import SessionSummary
from coreg.findings.turns import (
    HeartLevel,
    RoleLevel,
    levels_by_block,
    levels_by_role,
    reference_of,
)
from coreg.report.page import Numbers, Section, lines
from coreg.report.tables import Table
from coreg.report.words import session as general, turns as words
from coreg.report.words.numbers import NONE
from coreg.words import say

_TAKEN_IN_TURN = frozenset(
    {Role.SPEAKS, Role.LISTENS, Role.CARED_FOR, Role.CARES, Role.CHOOSES, Role.STAYS}
)


def levels_sheet(summary: SessionSummary) -> tuple[Section, ...]:
    """Return the sheet of a practice in which the two take turns, else nothing.

    Elsewhere both do the same, and the table of HRV has the rates part by part. Nothing
    of it is of a couple's page.
    """
    if not any(each.role in _TAKEN_IN_TURN for each in levels_by_role(summary)):
        return ()
    return (
        Numbers(heading=say("report.turns.heading"), table=parts_table(summary)),
        Numbers(heading=say("report.turns.by_role"), table=roles_table(summary)),
        lines(
            say("report.turns.reading"),
            say("report.turns.read"),
            say("report.turns.not_why"),
            say("report.turns.talk"),
        ),
    )


def parts_table(summary: SessionSummary) -> Table:
    """Return every heart's level and change, a row a part."""
    rows, remarks = [], []
    by_part = groupby(levels_by_block(summary), key=lambda each: each.phase.number)
    for _, each_heart in by_part:
        found = list(each_heart)
        figures = [
            text
            for each in found
            for text in (words.role(each.role), *_figures(each.level))
        ]
        rows.append((general.name(found[0].phase.name), *figures))
        why = (
            why for each in found for why in words.why_none(each.level, each.partner)
        )
        remarks.append(" · ".join(why))
    return Table(
        caption=words.caption(reference_of(summary)),
        columns=words.columns("part", summary.shown, reference_of(summary)),
        owners=(None, *(each for each in summary.shown for _ in range(3))),
        rows=tuple(rows),
        remarks=tuple(remarks) if any(remarks) else (),
    )


def roles_table(summary: SessionSummary) -> Table:
    """Return every heart's level and change, a row for what its wearer did."""
    found = {(each.partner, each.role): each for each in levels_by_role(summary)}
    roles = [role for role in Role if any(role is known for _, known in found)]
    return Table(
        caption=say("report.turns.by_role_caption"),
        columns=words.columns("role", summary.shown, reference_of(summary)),
        owners=(None, *(each for each in summary.shown for _ in range(2))),
        rows=tuple(
            (
                words.role(role),
                *(
                    text
                    for partner in summary.shown
                    for text in _of_role(found.get((partner, role)))
                ),
            )
            for role in roles
        ),
        remarks=(),
    )


def _of_role(found: RoleLevel | None) -> tuple[str, str]:
    return (NONE, NONE) if found is None else _figures(found.level)


def _figures(level: HeartLevel) -> tuple[str, str]:
    return words.level(level), words.change(level)
