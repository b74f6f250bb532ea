"""The page over evenings: own ratings, own rest and pace, then a sentence of both."""

from coreg.analysis.pooling import EVENINGS_FOR_AN_ANSWER
from coreg.findings.evenings import Evenings
from coreg.findings.summary import LETTERS
from coreg.report.charts.evenings import (
    minutes_chart,
    pace_chart,
    ratings_over_evenings,
    rest_chart,
)
from coreg.report.page import Lines, Page, Reader, Section, lines
from coreg.report.words import couple, evenings as words, session as general
from coreg.words import say


def evenings_page(of: Evenings) -> Page:
    """Return the page over evenings of one partner."""
    last = of.evenings[-1].opened
    minutes = minutes_chart(of)
    sections: tuple[Section, ...] = (
        ratings_over_evenings(of),
        rest_chart(of),
        pace_chart(of),
        *((minutes,) if minutes else ()),
        _together(of),
    )
    story = (
        words.how_many(len(of.evenings)),
        say("report.evenings.left_out") if of.left_out else "",
        words.unread(of.unread),
    )
    titles = (say("report.evenings.title"), of.partner.value, general.tag(last))
    ends = (of.evenings[0], of.evenings[-1])
    days = dict.fromkeys(general.day(each.opened, each.zone) for each in ends)
    return Page(
        reader=Reader.COUPLE,
        title=say("report.evenings.title"),
        tag=general.tag(last),
        when=" – ".join(days),
        document_title=" · ".join(filter(None, titles)),
        story=(" ".join(filter(None, story)),),
        limitation=say("report.evenings.not_a_measure"),
        sheets=(sections,),
        provenance=couple.straps(last, {of.partner: LETTERS[of.partner]}),
    )


def _together(of: Evenings) -> Lines:
    """Return what may be said over all evenings, or from when on there is more."""
    last = of.evenings[-1].opened
    most = max(of.breathing.pooled.evenings, of.free_after.pooled.evenings)
    if most < EVENINGS_FOR_AN_ANSWER:
        return lines(
            say("report.evenings.pooled"), words.not_yet(EVENINGS_FOR_AN_ANSWER, last)
        )
    told = words.moved_together(of.breathing.answer, of.free_after.answer, last)
    return lines(
        say("report.evenings.pooled"), *told, say("report.couple.not_about_you")
    )
