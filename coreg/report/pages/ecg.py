"""The therapist's sheet of straps beside their own ECG, where one was sent."""

from collections.abc import Callable

from coreg.facts.events import Partner
from coreg.findings.ecg_beside import EcgTold, Figures, told_of
from coreg.findings.ecg_strips import strips_of
from coreg.findings.measures import HEART_MEASURES
from coreg.findings.summary import SessionSummary
from coreg.report.charts.ecg import strips_chart
from coreg.report.page import Line, Lines, Numbers, Section
from coreg.report.pages.research import column_of
from coreg.report.tables import Table, table
from coreg.report.words import ecg as words
from coreg.report.words.numbers import figure
from coreg.words import say


def ecg_sheets(summary: SessionSummary) -> tuple[tuple[Section, ...], ...]:
    """Return the sheet, or none where no strap sent its ECG."""
    told = [each for each in map(_told(summary), summary.ecg) if each is not None]
    if not told:
        return ()
    strips = strips_of(summary, summary.ecg_shown)
    notes = tuple(
        line
        for partner, each in strips.items()
        for line in words.more(each, summary.called[partner])
    )
    sections: list[Section] = [_lines(summary, told)]
    if strips:
        sections.append(strips_chart(summary, strips, notes))
    sections.append(
        Numbers(heading=say("report.ecg.alone"), table=_alone(summary, told))
    )
    return (tuple(sections),)


def _told(summary: SessionSummary) -> Callable[[Partner], EcgTold | None]:
    return lambda partner: told_of(summary, partner)


def _lines(summary: SessionSummary, told: list[EcgTold]) -> Lines:
    return Lines(
        heading=say("report.ecg.heading"),
        lines=tuple(
            Line(partner=each.partner, called=summary.called[each.partner], text=text)
            for each in told
            for text in words.sentences(each, summary.called[each.partner])
        ),
    )


def _alone(summary: SessionSummary, told: list[EcgTold]) -> Table:
    """Return figures of the whole practice by the strap, and by the ECG alone."""
    columns = (
        say("report.ecg.source"),
        say("report.ecg.intervals"),
        *(column_of(each) for each in HEART_MEASURES),
    )

    return table(
        say("report.ecg.alone_caption"),
        columns,
        (
            _row(summary.called[each.partner], source, figures)
            for each in told
            for source, figures in (("strap", each.strap), ("ecg", each.alone))
        ),
    )


def _row(name: str, source: str, of: Figures) -> tuple[str, ...]:
    whose = say("report.ecg.by", heart=name, source=say(f"report.ecg.{source}"))
    figures = (figure(each.of(of.hrv), each.digits) for each in HEART_MEASURES)
    return whose, str(of.counted), *figures
