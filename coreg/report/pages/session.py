"""The pages of one session: the therapist's sheets, an own page, a joint page.

What each may hold is decided here and nowhere else.

* **Therapist**: everything, beat by beat, with figures, seeds and definitions.
* **Own**: one's own heart, own taps, pauses (whoever asked), own ratings. Nobody else.
* **Joint**: both hearts as means of two minutes, no mark, no name of who paused, rose
  or turned first; what one evening allows to say, in words. Nobody is earlier.
"""

from collections.abc import Sequence

from coreg.analysis.crosscorrelation import LagSurface
from coreg.facts.events import Partner, Source
from coreg.findings.measures import Practised
from coreg.findings.own_rating import OwnRating
from coreg.findings.research import followed, research
from coreg.findings.summary import SessionSummary, own
from coreg.findings.together import Together
from coreg.report.charts.own_ratings import ratings_chart
from coreg.report.charts.scalogram import coherence_of
from coreg.report.charts.session import (
    calm_hearts_chart,
    hearts_chart,
    null_chart,
    profile_chart,
    scalogram_chart,
    strips_chart,
    strips_with_scale_chart,
    surface_chart,
    swings_chart,
)
from coreg.report.charts.surface import lag_surface, why_none
from coreg.report.page import Line, Lines, Numbers, Page, Section, lines
from coreg.report.pages.pace import own_sections, shared_sections, therapist_sheet
from coreg.report.pages.research import hrv_table, measures_table, phases_table
from coreg.report.tables import levels_table
from coreg.report.words import (
    awake,
    research as research_words,
    session as words,
    settled,
    signal as signal_words,
    together as together_words,
)
from coreg.report.words.numbers import length

Sheet = tuple[Section, ...]

_MOST_BREATHS = 0.5


def therapist_page(summary: SessionSummary, together: Together) -> Page:
    """Return the therapist's sheets: what happened, what was tested, all figures."""
    happened = (
        hearts_chart(summary),
        *((swings_chart(summary, ()),) if summary.pace.start_s.size else ()),
        *_surface(summary, together, lag_surface(summary)),
        *_both(summary),
        _signal(summary),
    )
    pace = therapist_sheet(summary)
    sheets = (happened, *((pace,) if pace else ()), *_tested(summary, together))
    when = words.date_with_zone(summary.opened, summary.zone)
    return _page(summary, when, sheets)


def own_page(
    summary: SessionSummary, partner: Partner, ratings: Sequence[OwnRating]
) -> Page:
    """Return one partner's page: their own heart and nobody else's."""
    mine = own(summary, partner)
    sections = (
        *((ratings_chart(ratings),) if ratings else ()),  # one's own word comes first
        hearts_chart(mine),
        *((swings_chart(mine, _own_breath(mine)),) if mine.pace.start_s.size else ()),
        *own_sections(mine),
        *_settled(mine, partner),
        *_awake(mine, partner),
        *_levels(mine),
        _signal(mine),
    )
    return _page(mine, _when(mine), (sections,))


def joint_page(summary: SessionSummary, together: Together) -> Page:
    """Return the page of both, for when both released it to one another."""
    told = together_words.couple_sentences(together)
    sections: Sheet
    if together.found is None:
        sections = (lines(together_words.STRIPS, *told),)
    else:
        sections = (strips_chart(together, told),)
    if _each_followed(summary):
        followed_it = lines(together_words.BREATH, together_words.EACH_FOLLOWED)
        sections = (*sections, followed_it)
    sections = (*sections, *shared_sections(summary), *_both(summary))
    sheet = (calm_hearts_chart(summary), *sections, _signal(summary))
    return _page(summary, _when(summary), (sheet,))


def _when(summary: SessionSummary) -> str:
    return words.date(summary.opened, summary.zone)


def _page(summary: SessionSummary, when: str, sheets: tuple[Sheet, ...]) -> Page:
    took = length(summary.end_s - summary.start_s)
    caveats = " ".join((*signal_words.untrue(summary), *words.caveats(summary)))
    return Page(
        title=words.title(summary),
        tag=words.tag(summary.opened),
        when=f"{when}  ·  {took}",
        document_title=words.document_title(summary),
        story=tuple(filter(None, (" ".join(words.what_happened(summary)), caveats))),
        limitation=words.LIMITATION,
        sheets=sheets,
        provenance=words.provenance(
            summary.opened,
            {partner: summary.called[partner] for partner in summary.shown},
        ),
    )


def _surface(
    summary: SessionSummary, together: Together, surface: LagSurface | None
) -> Sheet:
    """Return the surface with its warning and the tested sentence, or why it is not."""
    if surface is None:
        return (lines(words.SURFACE, why_none(summary)),)
    tested = together_words.tested(together, summary.opened)
    return (surface_chart(summary, surface, (words.SHARED_BREATH, tested[0])),)


def _tested(summary: SessionSummary, together: Together) -> tuple[Sheet, ...]:
    found = together.found
    if found is None or found.missing is not None:
        told = together_words.tested(together, summary.opened)
        hrv = Numbers(heading=research_words.HRV, table=hrv_table(summary))
        return ((lines(together_words.TESTED, *told), hrv),)
    coherence = coherence_of(summary, together.seed)
    tested: Sheet = (
        lines(
            together_words.TESTED,
            *together_words.tested(together, summary.opened),
            together_words.SURROGATES_ARE,
            together_words.P_IS,
            together_words.NOT_ABOUT_YOU,
        ),
        strips_with_scale_chart(together),
        null_chart(found),
        profile_chart(found, summary.opened.straps.lag_resolution_s),
        scalogram_chart(summary, coherence)
        if coherence is not None
        else lines(together_words.SCALOGRAM, together_words.SCALOGRAM_NONE),
    )
    figures: Sheet = (
        Numbers(heading=together_words.PHASES, table=phases_table(together, found)),
        Numbers(heading=research_words.HRV, table=hrv_table(summary)),
    )
    beside = research(summary, together)
    if beside is not None:
        practised = Practised(summary=summary, together=together, research=beside)
        table = measures_table(found, practised)
        figures = (*figures, Numbers(heading=research_words.MEASURES, table=table))
    return tested, figures


def _settled(mine: SessionSummary, partner: Partner) -> Sheet:
    """Return what is said of *settled*; recordings breathed with nobody."""
    if mine.opened.couple.source is Source.RECORDINGS:
        return ()
    told = settled.sentences(mine.settled[partner])
    return (lines(settled.HEADING, *told),)


def _awake(mine: SessionSummary, partner: Partner) -> Sheet:
    """Return what is said of *awake*, where taps were asked for."""
    if not mine.opened.practice.taps:
        return ()
    return (lines(awake.HEADING, *awake.sentences(mine.awake[partner])),)


def _both(summary: SessionSummary) -> Sheet:
    """Return the minutes of both beside chance, where taps were asked for."""
    if not summary.opened.practice.taps:
        return ()
    return (lines(awake.BOTH_HEADING, *awake.both_sentences(summary.both)),)


def _levels(summary: SessionSummary) -> Sheet:
    if not summary.phases:
        return ()
    return (Numbers(heading=words.LEVELS, table=levels_table(summary)),)


def _signal(summary: SessionSummary) -> Lines:
    return Lines(
        heading=words.SIGNAL,
        lines=tuple(
            Line(
                partner=heart.partner,
                called=summary.called[heart.partner],
                text=signal_words.signal(heart, summary),
            )
            for heart in summary.hearts
        ),
    )


def _own_breath(mine: SessionSummary) -> tuple[str, ...]:
    """Say whether one's own heart swung with the breath that was offered."""
    return tuple(
        together_words.swung(each.of.breaths)
        if each.beyond_chance
        else together_words.not_known_to_swing(each.of.breaths)
        for each in followed(mine)
    )


def _each_followed(summary: SessionSummary) -> bool:
    """Say whether both hearts were known for most of the breath, and swung with it."""
    each = followed(summary)
    most = _MOST_BREATHS * summary.pace.start_s.size
    return bool(each) and all(
        one.beyond_chance and one.of.breaths >= most for one in each
    )
