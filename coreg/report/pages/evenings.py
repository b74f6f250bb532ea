"""The page over evenings: own ratings, own rest and pace, then the pooled answer."""

from coreg.findings.evenings import Evenings
from coreg.findings.summary import LETTERS
from coreg.report.charts.evenings import (
    pace_chart,
    pooled_sections,
    ratings_over_evenings,
    rest_chart,
)
from coreg.report.page import Page, Section
from coreg.report.words import evenings as words, session as general


def evenings_page(of: Evenings) -> Page:
    """Return the page over evenings of one partner."""
    last = of.evenings[-1].opened
    sections: tuple[Section, ...] = (
        ratings_over_evenings(of),
        rest_chart(of),
        pace_chart(of),
        *pooled_sections(of),
    )
    story = (
        words.how_many(len(of.evenings)),
        words.left_out(of.left_out),
        words.unread(of.unread),
    )
    titles = (words.TITLE, of.partner.value, general.tag(last))
    ends = (of.evenings[0], of.evenings[-1])
    days = dict.fromkeys(general.day(each.opened, each.zone) for each in ends)
    return Page(
        title=words.TITLE,
        tag=general.tag(last),
        when=" – ".join(days),
        document_title=" · ".join(filter(None, titles)),
        story=(" ".join(filter(None, story)),),
        limitation=words.NOT_A_MEASURE,
        sheets=(sections,),
        provenance=general.provenance(last, LETTERS),
    )
