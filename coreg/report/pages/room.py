"""The therapist's page over evenings: one sheet a heart, then what is of both.

Each figure stands with its floor, and where it is not there, why. Nothing of it is
drawn for a couple, and of who did not agree to it there is nothing on it.
"""

from coreg.facts.events import Partner
from coreg.findings.room import RoomEvenings
from coreg.report.charts.room import (
    care_chart,
    dots_over,
    levels_over,
    ratings_in_room,
    warm_chart,
)
from coreg.report.page import Page, Reader, Section, lines
from coreg.report.words import evenings as words, session as general
from coreg.words import say


def room_page(of: RoomEvenings) -> Page:
    """Return the page over evenings for a therapist."""
    last = of.evenings[-1].opened
    ends = (of.evenings[0], of.evenings[-1])
    days = dict.fromkeys(general.day(each.opened, each.zone) for each in ends)
    story = (
        words.how_many(len(of.evenings)),
        say("report.evenings.left_out") if of.left_out else "",
        words.unread(of.unread),
        say("report.room.agreed") if of.is_real else "",
    )
    return Page(
        reader=Reader.THERAPIST,
        title=say("report.room.title"),
        tag=general.tag(last),
        when=" – ".join(days),
        document_title=" · ".join((say("report.room.title"), general.tag(last))),
        story=(" ".join(filter(None, story)),),
        limitation=say("report.session.limitation"),
        sheets=(
            *(_of_one(of, partner) for partner in Partner if partner in of.shown),
            _of_both(of),
        ),
        provenance=general.provenance(last, {}),
    )


def _of_one(of: RoomEvenings, partner: Partner) -> tuple[Section, ...]:
    dots = dots_over(of, partner)
    return (
        ratings_in_room(of, partner),
        levels_over(of, partner),
        *((dots,) if dots is not None else ()),
    )


def _of_both(of: RoomEvenings) -> tuple[Section, ...]:
    reading = lines(
        say("report.turns.reading"),
        say("report.turns.read"),
        say("report.turns.not_why"),
        say("report.room.not_for_them"),
    )
    if of.care is None:
        return lines(say("report.room.both"), say("report.room.takes_both")), reading
    return care_chart(of), warm_chart(of), reading
