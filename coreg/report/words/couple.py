"""What a couple reads of an evening: no verdict, no statistics, no figure of both.

Each is a whole sentence. Never said: a level of one heart beside the other's, that
anything was little or none, what one evening cannot tell. A pause is told on an own
page alone. The therapist's words are in `session`, `together` and `signal`.
"""

import math
from collections.abc import Iterator, Sequence
from typing import Final

from coreg.facts.events import Ending, Opened, Partner, Source
from coreg.findings.followed import Followed
from coreg.findings.heart import HeartFigures, slow_range_bpm
from coreg.findings.summary import SessionSummary
from coreg.findings.timeline import asked_pauses_s
from coreg.findings.together import Answer, Together, Unquiet, answer, is_much_lost
from coreg.report.words.numbers import NONE, clock, figure, length
from coreg.report.words.session import (
    broke_off,
    in_common,
    is_unpractised,
    one_line,
    took,
)
from coreg.report.words.stored import in_own_words
from coreg.report.words.together import untested, was_in_quiet, why_not_quiet
from coreg.words import say

_HEARD: Final = ((0.9, "well"), (0.5, "on_and_off"), (0.0, "too_little"))
"""For what share of the practice a strap heard a heart, and what that is called."""

_APART_SHARE = 0.15


# --- what happened ----------------------------------------------------------------


def what_happened(summary: SessionSummary) -> tuple[str, ...]:
    """Tell the practice to both, without a word of pauses."""
    return tuple(_practice(summary))


def what_i_did(summary: SessionSummary) -> tuple[str, ...]:
    """Tell the practice to one of them, with its pauses, whoever asked for them."""
    told = tuple(_practice(summary))
    pauses_s = asked_pauses_s(summary.pauses, summary.breaks)
    if not pauses_s:
        return told
    in_all = length(sum(pauses_s))
    return (*told, say("report.couple.paused", n=len(pauses_s), length=in_all))


def _practice(summary: SessionSummary) -> Iterator[str]:
    if summary.end_s <= summary.start_s:
        yield say("report.session.nothing_recorded")
        return
    if is_unpractised(summary):
        yield in_common(summary)
        return
    yield took(summary)
    yield from broke_off(summary)
    if summary.ending is Ending.FINISHED_EARLY:
        yield say("report.couple.stopped_early")
    if summary.ending is Ending.SOURCE_ENDED:
        yield say("report.session.recordings_ended")
    yield from _pace(summary)


def _pace(summary: SessionSummary) -> Iterator[str]:
    rates = summary.pace.breaths_per_min
    if not rates.size:
        return
    first, last = figure(rates[0], 1), figure(rates[-1], 1)
    whose = "shown" if summary.opened.couple.source is Source.RECORDINGS else "yours"
    if first == last:
        yield say(f"report.couple.pace.{whose}_stayed", rate=last)
    else:
        yield say(f"report.couple.pace.{whose}_went", first=first, last=last)


# --- both -------------------------------------------------------------------------


def moved_together(together: Together) -> tuple[str, ...]:
    """Say in one sentence what one evening allows, and what it does not mean."""
    if together.found is None:
        return (untested(together.untested), *_not_quiet(together.unquiet))
    return (
        *_said_of_both(together),
        *_chance(together),
        *_not_quiet(together.unquiet),
        say("report.couple.one_evening"),
        *((say("report.couple.much_lost"),) if is_much_lost(together) else ()),
        say("report.couple.not_about_you"),
    )


def in_short(together: Together) -> str:
    """Say what one evening allows to say, and whether one minute carries it."""
    if together.found is None:
        return untested(together.untested)
    return " ".join(_said_of_both(together))


def _said_of_both(together: Together) -> tuple[str, ...]:
    if together.found is None:
        return ()
    answers = [answer(phase) for phase in together.found.per_phase]
    told = _moved(answers, is_all=not together.left_out)
    if not together.one_minute_carries:
        return (told,)
    return told, say("report.couple.one_minute")


def _chance(together: Together) -> tuple[str, ...]:
    """Say what chance is, where something is told from it."""
    phases = together.found.per_phase if together.found is not None else ()
    is_told = any(answer(phase) is Answer.ALIKE for phase in phases)
    return (say("report.couple.chance_is"),) if is_told else ()


def _not_quiet(unquiet: Sequence[Unquiet]) -> tuple[str, ...]:
    """Say why the quiet time is not compared, as both may know; never who said it."""
    if not unquiet:
        return ()
    what = was_in_quiet(unquiet)
    blanks = {"what": what} if what else {}
    return (say(f"report.couple.not_quiet.{why_not_quiet(unquiet)}", **blanks),)


def _moved(answers: Sequence[Answer], *, is_all: bool) -> str:
    """Say one thing of all parts; one whose beats were lost is told of by no other.

    `is_all` where no part was left out, of which it would be said as well.
    """
    compared = [each for each in answers if each not in _NOT_COMPARED]
    if Answer.ALIKE in compared:
        of_all = is_all and all(each is Answer.ALIKE for each in compared)
        of_all = of_all and Answer.TOO_LITTLE_DATA not in answers
        return (
            say("report.couple.moved_together")
            if of_all
            else say("report.couple.for_part")
        )
    if compared or Answer.STILL in answers:
        return say("report.couple.no_pattern")
    return (
        say("report.couple.lost")
        if Answer.TOO_LITTLE_DATA in answers
        else say("report.couple.too_short")
    )


_NOT_COMPARED: Final = {Answer.TOO_SHORT, Answer.TOO_LITTLE_DATA, Answer.STILL}


def beside_average(share: float) -> str:
    """Say in a word where a heart was beside its own average.

    Parameters
    ----------
    share : float
        How far from its average, of how far either heart went from its own.

    Examples
    --------
    >>> beside_average(0.8), beside_average(-0.1), beside_average(float("nan"))
    ('faster', 'in between', '–')
    """
    if math.isnan(share):
        return NONE
    if abs(share) < _APART_SHARE:
        return say("report.couple.between")
    return say("report.couple.faster") if share > 0 else say("report.couple.slower")


# --- one's own ----------------------------------------------------------------------


def own_range(heart: HeartFigures) -> tuple[str, ...]:
    """Say between which rates one's own heart beat, or that it was not heard enough."""
    lowest_bpm, highest_bpm = slow_range_bpm(heart.hr_bpm)
    if math.isnan(lowest_bpm):
        return (say("report.couple.too_few_beats"),)
    low, high = figure(lowest_bpm, 0), figure(highest_bpm, 0)
    if low == high:
        return (say("report.couple.beat_about", rate=high),)
    return (say("report.couple.beat_between", low=low, high=high),)


def swings_caption(opened: Opened) -> str:
    """Say what the chart shows, and that recordings followed no pace."""
    recorded = opened.couple.source is Source.RECORDINGS
    return (
        say("report.couple.swings_recorded")
        if recorded
        else say("report.couple.swings_caption")
    )


def swings_alt(heart: HeartFigures) -> str:
    """Describe the chart to somebody who cannot see it."""
    measured = sum(map(math.isfinite, heart.swings.rsa_bpm.tolist()))
    return say("report.couple.swings_alt", n=measured)


def whether_followed(each: Followed) -> str:
    """Say that one's own heart followed the breath, or that it cannot be told."""
    if not each.answers:
        return say("report.couple.no_breaths")
    if not each.is_told:
        return say("report.couple.too_few_to_follow", n=each.answers)
    if each.beyond_chance:
        return say("report.couple.followed", n=each.answers)
    return say("report.couple.not_known_to_follow", n=each.answers)


# --- straps and footer ----------------------------------------------------------------


def heard(summary: SessionSummary) -> tuple[str, ...]:
    """Say in one line how much there was to go by, and since when a strap was silent.

    What cannot be used is no strap's fault for certain, and is not said to be: a rhythm
    that is irregular is left out as well.
    """
    share = min(heart.signal.heard_share for heart in summary.hearts)
    how = next(told for least, told in _HEARD if share >= least)
    whose = "you" if len(summary.hearts) == 1 else "both"
    return (say(f"report.couple.heard.{whose}.{how}"), *_lost(summary))


def _lost(summary: SessionSummary) -> Iterator[str]:
    recorded = summary.opened.couple.source is Source.RECORDINGS
    what = "recording" if recorded else "strap"
    for heart in summary.hearts:
        since_s, name = heart.signal.silent_from_s, summary.called[heart.partner]
        if math.isnan(since_s) or not heart.signal.beats:
            continue
        since = clock(since_s - summary.start_s)
        if len(summary.hearts) == 1:
            yield say(f"report.couple.lost_since.your.{what}", since=since)
        else:
            yield say(f"report.couple.lost_since.of.{what}", name=name, since=since)


def straps_heading(summary: SessionSummary) -> str:
    """Return the heading above what is said of the straps."""
    return (
        say("report.couple.own_strap")
        if len(summary.hearts) == 1
        else say("report.couple.straps")
    )


def straps(opened: Opened, called: dict[Partner, str]) -> str:
    """Return which strap each of those who are called wore."""
    streams = zip(Partner, opened.straps.streams, strict=False)
    return " · ".join(
        f"{called[partner]}: {in_own_words(one_line(stream))}"
        for partner, stream in streams
        if partner in called and one_line(stream)
    )
