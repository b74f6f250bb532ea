"""The page over evenings: own ratings, own rest and pace, then a sentence of both."""

from coreg.analysis.pooling import EVENINGS_FOR_AN_ANSWER
from coreg.findings.evenings import Evenings
from coreg.findings.summary import LETTERS
from coreg.report.charts.evenings import pace_chart, ratings_over_evenings, rest_chart
from coreg.report.page import Lines, Page, Reader, Section, lines
from coreg.report.words import couple, evenings as words, session as general


def evenings_page(of: Evenings) -> Page:
    """Return the page over evenings of one partner."""
    last = of.evenings[-1].opened
    sections: tuple[Section, ...] = (
        ratings_over_evenings(of),
        rest_chart(of),
        pace_chart(of),
        _together(of),
    )
    story = (
        words.how_many(len(of.evenings)),
        words.LEFT_OUT if of.left_out else "",
        words.unread(of.unread),
    )
    titles = (words.TITLE, of.partner.value, general.tag(last))
    ends = (of.evenings[0], of.evenings[-1])
    days = dict.fromkeys(general.day(each.opened, each.zone) for each in ends)
    return Page(
        reader=Reader.COUPLE,
        title=words.TITLE,
        tag=general.tag(last),
        when=" – ".join(days),
        document_title=" · ".join(filter(None, titles)),
        story=(" ".join(filter(None, story)),),
        limitation=words.NOT_A_MEASURE,
        sheets=(sections,),
        provenance=couple.straps(last, {of.partner: LETTERS[of.partner]}),
    )


def _together(of: Evenings) -> Lines:
    """Return what may be said over all evenings, or from when on there is more."""
    last = of.evenings[-1].opened
    breathing, free_after = (
        (each.answer, each.pooled.evenings) for each in (of.breathing, of.free_after)
    )
    most = max(breathing[1], free_after[1])
    if most < EVENINGS_FOR_AN_ANSWER:
        return lines(words.POOLED, words.not_yet(most, EVENINGS_FOR_AN_ANSWER, last))
    told = words.moved_together(breathing, free_after, last)
    return lines(words.POOLED, *told, couple.NOT_ABOUT_YOU)
