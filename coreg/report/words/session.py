"""What is said of a session as a whole; signal, pace and likeness have their own.

For the therapist, but for the few sentences that all read; a couple's are in `couple`.
Plain, short, no praise and no verdict. Never said: who paused, whose heart was earlier,
a score, that hearts were "in sync" (spec: a shared breath makes strangers look alike).
"""

import datetime as dt
import math
from collections.abc import Iterator, Mapping
from dataclasses import replace

from coreg.base.local_time import local
from coreg.exercises.blocks import meaning_of
from coreg.facts.events import Ending, Opened, Partner, Source
from coreg.findings.summary import SessionSummary
from coreg.findings.timeline import BlockSpan, asked_pauses_s, practised_s
from coreg.report.words.numbers import (
    NBSP,
    clock,
    figure,
    length,
    rounded_s,
    short_length,
    signed_s,
)
from coreg.report.words.stored import in_own_words
from coreg.words import full_day, in_words, number, of_day, say, short_day

LONGEST_NAME = 48


def name(text: str) -> str:
    """Return a plan's name for people: one line, no hyphens, nothing unprintable."""
    words = one_line(in_words(text).replace("-", " "))
    if len(words) > LONGEST_NAME:
        return words[: LONGEST_NAME - 1].rstrip() + "…"
    return words


def one_line(text: str) -> str:
    """Return a text from elsewhere on one line, without what cannot be printed."""
    spaced = "".join(char if char.isprintable() else " " for char in text)
    return " ".join(spaced.split())


def title(summary: SessionSummary) -> str:
    """Return the practice's name as a heading."""
    practice = name(summary.practice) or say("report.session.a_practice")
    return practice[0].upper() + practice[1:]


def tag(opened: Opened) -> str:
    """Say that these are no two people with straps on, where they are not."""
    return {
        Source.SIMULATED: say("report.session.tag.simulated"),
        Source.RECORDINGS: _recorded(opened.straps.streams),
        Source.STRAPS: "",
        Source.NOBODY: "",
    }[opened.couple.source]


def _recorded(streams: tuple[str, ...]) -> str:
    """Say that hearts come from recordings, and whether people had them."""
    simulated = ["simulated" in stream.lower() for stream in streams]
    if all(simulated):
        return say("report.session.tag.recordings_of_simulated")
    if any(simulated):
        return say("report.session.tag.recordings_one_simulated")
    return say("report.session.tag.recordings")


def date(opened: Opened, zone: dt.tzinfo) -> str:
    """Return the session's date and time of day; as written where it is no date."""
    when = local(opened.identity.opened_utc, zone)
    if when is None:
        return one_line(opened.identity.opened_utc)
    return say("report.session.when", day=full_day(when), time=of_day(when))


def date_with_zone(opened: Opened, zone: dt.tzinfo) -> str:
    """Return the same with the zone's name, for whoever was not there."""
    when = local(opened.identity.opened_utc, zone)
    told = date(opened, zone)
    return f"{told}{NBSP}{when:%Z}" if when is not None else told


def day(opened: Opened, zone: dt.tzinfo) -> str:
    """Return the day of an evening, short enough for an axis."""
    when = local(opened.identity.opened_utc, zone)
    if when is None:
        return date(opened, zone)
    return short_day(when).replace(" ", NBSP)


def what_happened(summary: SessionSummary) -> tuple[str, ...]:
    """Tell the practice in few plain sentences: how long, how it ended, the breath.

    One more for each time that it broke off and went on.
    """
    if summary.end_s <= summary.start_s:
        return (say("report.session.nothing_recorded"),)
    if is_unpractised(summary):
        return (in_common(summary),)
    ends = {
        Ending.FINISHED_EARLY: say("report.session.finished_early"),
        Ending.WENT_OVER: say("report.session.went_over"),
        Ending.SOURCE_ENDED: say("report.session.recordings_ended"),
    }
    told = (
        took(summary),
        ends.get(summary.ending or Ending.COMPLETE, ""),
        _pace(summary),
        _pauses(summary),
        *broke_off(summary),
    )
    return tuple(sentence for sentence in told if sentence)


def took(summary: SessionSummary) -> str:
    """Say how long a practice took, and how long each of its parts.

    Of one with care in it, only in all: care is timed for nobody to see, and from all
    the other parts it could be worked out.
    """
    in_all, parts = length(summary.recorded_s), ", ".join(lasted(summary))
    if not parts or any(meaning_of(each.kind).is_care for each in summary.phases):
        return say("report.session.took", length=in_all)
    return say("report.session.took_parts", length=in_all, parts=parts)


def broke_off(summary: SessionSummary) -> tuple[str, ...]:
    """Say each time that coreg stopped in the middle, and for how long, where known."""
    return tuple(
        say(
            "report.session.broke_off",
            at=clock(each.start_s - summary.start_s),
            length=length(each.length_s),
        )
        if each.is_timed
        else say(
            "report.session.broke_off_untimed",
            at=clock(each.start_s - summary.start_s),
        )
        for each in summary.breaks
    )


def in_common(summary: SessionSummary) -> str:
    """Say of recordings alone how long both are there."""
    both = length(summary.end_s - summary.start_s)
    return say("report.session.in_common", length=both)


def is_unpractised(summary: SessionSummary) -> bool:
    """Whether nobody practised: recordings alone, without a pace or a task beside."""
    recorded = summary.opened.couple.source is Source.RECORDINGS
    return recorded and all(meaning_of(each.kind).is_quiet for each in summary.phases)


def caveats(summary: SessionSummary) -> tuple[str, ...]:
    """Return what has to be known before anything on the page is read."""
    return tuple(
        sentence
        for holds, sentence in (
            (summary.is_cut, say("report.session.is_cut")),
            (
                not any(heart.signal.beats for heart in summary.hearts),
                say("report.session.no_beats_at_all"),
            ),
            (_is_unseen(summary), say("report.session.nobody_breathed")),
            (
                not summary.opened.straps.common_clock,
                say("report.session.no_common_clock"),
            ),
        )
        if holds
    )


def _is_unseen(summary: SessionSummary) -> bool:
    """Whether a pace was offered to recorded hearts, which could not see it."""
    recorded = summary.opened.couple.source is Source.RECORDINGS
    return recorded and bool(summary.pace.start_s.size)


def swings_caption(opened: Opened) -> str:
    """Say what the chart of swings shows, and that recordings followed no pace."""
    recorded = opened.couple.source is Source.RECORDINGS
    return (
        say("report.session.swings_recorded")
        if recorded
        else say("report.session.swings_caption")
    )


def surface_caption(opened: Opened) -> str:
    """Say what the surface shows, and how fine a shift may be read."""
    finest = lag_resolution(opened.straps.lag_resolution_s)
    return f"{say('report.session.surface_caption')} {finest}"


def surface_blank(opened: Opened) -> str:
    """Say why parts of the surface are blank; recordings followed no pace."""
    recorded = opened.couple.source is Source.RECORDINGS
    return (
        say("report.session.surface_blank")
        if recorded
        else say("report.session.surface_blank_paced")
    )


def lag_resolution(resolution_s: float) -> str:
    r"""Say how fine a shift may be read: straps and clocks alone make smaller ones.

    Examples
    --------
    >>> lag_resolution(2.2)
    'Shifts below 2.2\xa0s may come from straps and clocks alone.'
    >>> lag_resolution(float("nan"))
    'Any shift may come from straps and clocks alone.'
    """
    if math.isnan(resolution_s):
        return say("report.session.any_shift")
    return say("report.session.shifts_below", shift=number(resolution_s, 1))


def told_parts(summary: SessionSummary) -> tuple[BlockSpan, ...]:
    """Return the parts as they are told: all that two said in a row is one.

    How often something was said back once more, and how long it took until something
    helped, is counted and timed for nobody to see.
    """
    told: list[BlockSpan] = []
    was_talk = False
    for phase in summary.phases:
        means = meaning_of(phase.kind)
        is_talk = means.is_spoken or means.is_private
        if is_talk and was_talk:
            told[-1] = replace(told[-1], end_s=phase.end_s)
        elif is_talk:
            told.append(replace(phase, name=say("report.session.talk")))
        else:
            told.append(phase)
        was_talk = is_talk
    return tuple(told)


def lasted(summary: SessionSummary) -> Iterator[str]:
    """Name the phases that took any time; one that was passed over at once did not."""
    for phase in told_parts(summary):
        if lasted_s := rounded_s(practised_s(phase, summary.pauses)):
            yield f"{name(phase.name)} {short_length(lasted_s)}"


def _pace(summary: SessionSummary) -> str:
    rates = summary.pace.breaths_per_min
    if not rates.size:
        return ""
    recorded = summary.opened.couple.source is Source.RECORDINGS
    what = "shown" if recorded else "shared"
    first, last = figure(rates[0], 1), figure(rates[-1], 1)
    if first == last:
        return say(f"report.session.pace.{what}_kept", rate=first)
    return say(f"report.session.pace.{what}_went", first=first, last=last)


def _pauses(summary: SessionSummary) -> str:
    pauses_s = asked_pauses_s(summary.pauses, summary.breaks)
    if not pauses_s:
        return ""
    in_all = length(sum(pauses_s))
    return say("report.session.pauses", n=len(pauses_s), length=in_all)


def nothing_heard(name: str) -> str:
    """Say in the chart why one line is missing."""
    return say("report.session.nothing_heard", name=name)


def hearts_table(step_s: float) -> str:
    """Return the caption of the table behind the chart of both hearts."""
    return say("report.session.hearts_table", length=length(step_s))


def rate_names(summary: SessionSummary) -> tuple[str, ...]:
    """Return the name of each partner's column; on an own page it needs no name."""
    return tuple(
        _of(partner, summary, say("report.session.hr_axis"))
        for partner in summary.shown
    )


def shift(lag_s: float) -> str:
    """Return the name of a column of correlations."""
    if not lag_s:
        return say("report.session.no_shift")
    return say("report.numbers.s", seconds=signed_s(lag_s))


def _of(partner: Partner, summary: SessionSummary, what: str) -> str:
    is_alone = len(summary.shown) == 1
    return what if is_alone else f"{summary.called[partner]}, {what}"


def provenance(opened: Opened, called: Mapping[Partner, str]) -> str:
    """Return where the numbers come from, and the hearts of those who are called."""
    parts = [
        f"{called[partner]}: {_stored(stream) or say('report.session.unknown')}"
        for partner, stream in zip(Partner, opened.straps.streams, strict=False)
        if partner in called
    ]
    parts += [NBSP.join(map(_stored, pair)) for pair in opened.identity.versions]
    session_id = one_line(opened.identity.session_id)
    parts.append(say("report.session.provenance.session", id=session_id))
    if opened.couple.source is Source.SIMULATED:
        seed = str(opened.couple.seed)
        parts.append(say("report.session.provenance.simulated", seed=seed))
    if opened.identity.consent:
        consent = _stored(opened.identity.consent)
        parts.append(say("report.session.provenance.consent", consent=consent))
    return " · ".join(parts)


def _stored(text: str) -> str:
    return in_own_words(one_line(text))


def document_title(summary: SessionSummary) -> str:
    """Return the title that a file carries in its metadata."""
    when = date(summary.opened, summary.zone)
    parts = (title(summary), when, tag(summary.opened))
    return " · ".join(part for part in parts if part)
