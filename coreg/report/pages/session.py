"""The pages of one session: the therapist's sheets, an own page, a joint page.

What each may hold is decided here and nowhere else.

* **Therapist**: everything, beat by beat, with figures, seeds and definitions.
* **Own**: one's own heart, own taps, pauses (whoever asked), own ratings and steps.
  Nobody else.
  What was settled and awake in words alone, no RMSSD.
* **Joint**: one sentence of what one evening allows to say; both hearts as means of two
  minutes, each around its own mean and without a number, no mark, no pause, no name of
  who rose or turned first. Nobody is earlier, and nobody's heart is the faster one.
  Nothing of a rhythm that was irregular: it is a hole there like any other.
"""

from collections.abc import Sequence

from coreg.facts.events import Partner, Source
from coreg.findings.followed import followed
from coreg.findings.measures import Practised
from coreg.findings.over_time import coherence_of, lag_surface
from coreg.findings.own_rating import OwnRating
from coreg.findings.research import research
from coreg.findings.steps import SaidInPart, has_dots, steps_of
from coreg.findings.summary import SessionSummary, own
from coreg.findings.together import Together, spans_of
from coreg.report.charts.own_ratings import ratings_chart
from coreg.report.charts.session import (
    calm_hearts_chart,
    hearts_chart,
    null_chart,
    own_heart_chart,
    own_swings_chart,
    profile_chart,
    scalogram_chart,
    strips_chart,
    surface_chart,
    swings_chart,
)
from coreg.report.charts.steps import steps_chart
from coreg.report.charts.surface import why_none
from coreg.report.page import Line, Lines, Numbers, Page, Reader, Section, lines
from coreg.report.pages.ecg import ecg_sheets
from coreg.report.pages.pace import own_sections, shared_sections, therapist_sheet
from coreg.report.pages.research import (
    hrv_cautions,
    hrv_table,
    measures_table,
    phases_table,
)
from coreg.report.pages.turns import levels_sheet
from coreg.report.words import (
    awake,
    chest_breath as chest_words,
    corrections as by_hand,
    couple as couple_words,
    file_marks,
    session as words,
    settled,
    signal as signal_words,
    together as together_words,
)
from coreg.report.words.numbers import length
from coreg.words import say

Sheet = tuple[Section, ...]


def therapist_page(summary: SessionSummary, together: Together) -> Page:
    """Return the therapist's sheets: what happened, what was tested, all figures.

    One sheet each: both hearts by themselves, the straps beside their ECG where they
    sent one, both hearts' levels where the two took turns,
    the paces where one was looked for, both beside one another over time, the test, the
    figures.
    """
    happened = (
        hearts_chart(summary),
        *((swings_chart(summary),) if _is_paced(summary) else ()),
        *_both(summary),
        *_chest_breath(summary),
        *_ecg_breath(summary),
        _signal(summary),
        *_file_marks(summary),
    )
    pace = therapist_sheet(summary)
    some = (
        *ecg_sheets(summary),
        *(each for each in (levels_sheet(summary), pace) if each),
    )
    sheets = (happened, *some, *_compared(summary, together))
    return _therapists(summary, sheets)


def own_page(
    summary: SessionSummary,
    partner: Partner,
    ratings: Sequence[OwnRating],
    said: Sequence[SaidInPart] = (),
) -> Page:
    """Return one partner's page: their own heart and nobody else's."""
    mine = own(summary, partner)
    steps = steps_of(summary.opened, said) if said else ()
    sections = (
        *((ratings_chart(ratings),) if ratings else ()),  # one's own word comes first
        *((steps_chart(steps),) if has_dots(steps) else ()),
        own_heart_chart(mine, _own_heart(mine, partner)),
        *((own_swings_chart(mine, _own_breath(mine)),) if _is_paced(mine) else ()),
        *own_sections(mine),
        *_awake(mine, partner),
        _heard(mine),
    )
    told = (*couple_words.what_i_did(mine), *signal_words.own_irregular(mine))
    return _couple_page(mine, told, sections)


def joint_page(summary: SessionSummary, together: Together) -> Page:
    """Return the page of both, for when both released it to one another."""
    sections = (
        calm_hearts_chart(summary, couple_words.moved_together(together)),
        *shared_sections(summary),
        _heard(summary),
    )
    return _couple_page(summary, couple_words.what_happened(summary), sections)


def _therapists(summary: SessionSummary, sheets: tuple[Sheet, ...]) -> Page:
    when = words.date_with_zone(summary.opened, summary.zone)
    return Page(
        reader=Reader.THERAPIST,
        title=words.title(summary),
        tag=words.tag(summary.opened),
        when=_when(summary, when),
        document_title=words.document_title(summary),
        story=(
            *_story(summary, words.what_happened(summary)),
            *signal_words.irregular(summary),
            *by_hand.of_session(summary),
            *by_hand.rests_on_hand(summary),
        ),
        limitation=say("report.session.limitation"),
        sheets=sheets,
        provenance=words.provenance(summary.opened, _called(summary)),
    )


def _couple_page(
    summary: SessionSummary, happened: tuple[str, ...], sections: Sheet
) -> Page:
    when = words.date(summary.opened, summary.zone)
    return Page(
        reader=Reader.COUPLE,
        title=words.title(summary),
        tag=words.tag(summary.opened),
        when=_when(summary, when),
        document_title=words.document_title(summary),
        story=_story(summary, happened),
        limitation=say("report.couple.limitation"),
        sheets=(sections,),
        provenance=couple_words.straps(summary.opened, _called(summary)),
    )


def _when(summary: SessionSummary, date: str) -> str:
    return f"{date}  ·  {length(summary.recorded_s)}"


def _story(summary: SessionSummary, happened: tuple[str, ...]) -> tuple[str, ...]:
    caveats = (*signal_words.untrue(summary), *words.caveats(summary))
    return tuple(filter(None, (" ".join(happened), " ".join(caveats))))


def _called(summary: SessionSummary) -> dict[Partner, str]:
    return {partner: summary.called[partner] for partner in summary.shown}


def _surface(summary: SessionSummary, together: Together, tested: str) -> Section:
    """Return the surface with its warning and the tested sentence, or why it is not."""
    surface = lag_surface(summary, spans_of(together.left_out))
    if surface is None:
        return lines(say("report.session.surface"), why_none(summary))
    blank = words.surface_blank(summary.opened)
    return surface_chart(
        summary,
        surface,
        (
            say("report.session.surface_read"),
            blank,
            say("report.session.shared_breath"),
            tested,
        ),
    )


def _compared(summary: SessionSummary, together: Together) -> tuple[Sheet, ...]:
    """Return both hearts beside one another, and what chance says of it."""
    found = together.found
    told = (
        *together_words.tested(together, summary.opened),
        *together_words.power(together),
        *together_words.minutes(together, summary.start_s),
        *together_words.left_out(together, summary.in_quiet),
    )
    hrv = Numbers(heading=say("report.research.hrv"), table=hrv_table(summary))
    care = hrv_cautions(summary)
    cared = (lines(say("report.research.with_care"), *care),) if care else ()
    surface = _surface(summary, together, told[0])
    if found is None or found.missing is not None:
        return ((surface, lines(say("report.together.tested"), *told), hrv, *cared),)
    unquiet = spans_of(together.left_out)
    coherence = coherence_of(summary, together.seed, unquiet)
    over_time: Sheet = (
        surface,
        scalogram_chart(summary, coherence)
        if coherence is not None
        else lines(
            say("report.together.scalogram"), say("report.together.scalogram_none")
        ),
    )
    tested: Sheet = (
        lines(
            say("report.together.tested"),
            *told,
            say("report.together.surrogates_are"),
            say("report.together.p_is"),
            say("report.couple.not_about_you"),
        ),
        strips_chart(together),
        null_chart(found),
        profile_chart(found, summary.opened.straps.lag_resolution_s),
        Numbers(
            heading=say("report.together.phases"), table=phases_table(together, found)
        ),
    )
    figures: Sheet = (hrv, *cared)
    beside = research(summary, together)
    if beside is not None:
        practised = Practised(summary=summary, together=together, research=beside)
        table = measures_table(found, practised)
        figures = (
            *figures,
            Numbers(heading=say("report.research.measures"), table=table),
        )
    return over_time, tested, figures


def _own_heart(mine: SessionSummary, partner: Partner) -> tuple[str, ...]:
    """Say what one's own heart did.

    Recordings breathed with nobody; and where the other heart was erased, so was the
    pace of both, beside which *settled* was judged.
    """
    is_recorded = mine.opened.couple.source is Source.RECORDINGS
    if not is_recorded and mine.erased is None:
        return settled.sentences(mine.settled[partner])
    (heart,) = mine.hearts
    return couple_words.own_range(heart)


def _awake(mine: SessionSummary, partner: Partner) -> Sheet:
    """Return what is said of *awake*, where taps were asked for and glints are kept."""
    if not mine.opened.practice.taps or mine.erased is not None:
        return ()
    return (lines(say("report.awake.heading"), *awake.sentences(mine.awake[partner])),)


def _both(summary: SessionSummary) -> Sheet:
    """Return the minutes of both beside chance: the therapist's, and nobody's own."""
    if not summary.opened.practice.taps:
        return ()
    return (
        lines(say("report.awake.both_heading"), *awake.both_sentences(summary.both)),
    )


def _is_paced(summary: SessionSummary) -> bool:
    return bool(summary.pace.start_s.size)


def _heard(summary: SessionSummary) -> Lines:
    heading = couple_words.straps_heading(summary)
    return lines(heading, *couple_words.heard(summary))


def _signal(summary: SessionSummary) -> Lines:
    return Lines(
        heading=say("report.session.signal"),
        lines=tuple(
            Line(
                partner=heart.partner,
                called=summary.called[heart.partner],
                text=signal_words.signal(heart, summary),
            )
            for heart in summary.hearts
        ),
    )


def _file_marks(summary: SessionSummary) -> Sheet:
    """Return what the files that it was imported from mark: a therapist's."""
    marks = [each for each in summary.file_marks if each.partner in summary.shown]
    if not marks:
        return ()
    told = [
        Line(
            partner=each.partner,
            called=summary.called[each.partner],
            text=file_marks.told(each, summary.start_s),
        )
        for each in marks[: file_marks.MOST_SHOWN]
    ]
    more = lines("", *file_marks.not_shown(len(marks) - len(told))).lines
    heading = say("report.file_marks.heading")
    return (Lines(heading=heading, lines=(*told, *more)),)


def _chest_breath(summary: SessionSummary) -> Sheet:
    """Return each breath beside the light, where a chest was seen: a therapist's."""
    told = tuple(
        Line(
            partner=heart.partner,
            called=summary.called[heart.partner],
            text=chest_words.of_chest(summary.chest_breath[heart.partner]),
        )
        for heart in summary.hearts
        if heart.partner in summary.chest_breath
    )
    if not told or not _is_paced(summary):
        return ()
    read = lines("", say("report.chest_breath.read")).lines
    heading = say("report.chest_breath.heading")
    return (Lines(heading=heading, lines=(*told, *read)),)


def _ecg_breath(summary: SessionSummary) -> Sheet:
    """Return the breath by the ECG, where that alone was recorded: a therapist's."""
    told = tuple(
        Line(
            partner=heart.partner,
            called=summary.called[heart.partner],
            text=chest_words.of_ecg(summary.ecg_breath[heart.partner]),
        )
        for heart in summary.hearts
        if heart.partner in summary.ecg_breath
    )
    if not told:
        return ()
    heading = say("report.chest_breath.ecg_heading")
    read = lines("", say("report.chest_breath.ecg_read")).lines
    return (Lines(heading=heading, lines=(*told, *read)),)


def _own_breath(mine: SessionSummary) -> tuple[str, ...]:
    """Say whether one's own heart followed the breath."""
    told = tuple(couple_words.whether_followed(each) for each in followed(mine))
    return told or (say("report.session.nobody_breathed"),)
