"""What a couple reads of an evening: no verdict, no statistics, no figure of both.

Each is a whole sentence. Never said: a level of one heart beside the other's, that
anything was little or none, what one evening cannot tell. A pause is told on an own
page alone. The therapist's words are in `session`, `together` and `signal`.
"""

import math
from collections.abc import Iterator, Sequence
from typing import Final

from coreg.facts.events import Ending, Opened, Partner, Source
from coreg.findings.heart import HeartFigures, heard_share, slow_range_bpm
from coreg.findings.summary import SessionSummary
from coreg.findings.together import Answer, Together, Untested, answer
from coreg.report.words.numbers import NONE, clock, count, figure, length, with_unit
from coreg.report.words.session import (
    NOTHING_RECORDED,
    in_common,
    is_unpractised,
    lasted,
    one_line,
)
from coreg.report.words.together import UNTESTED

SHOW: Final = "Show me the picture"
AS_TABLE: Final = "The same as a table"
LIMITATION: Final = (
    "This is a record of one practice. It can’t tell you how you are as a couple."
)

TOGETHER: Final = "Did your hearts move together?"
MOVED_TOGETHER: Final = "Your hearts moved together more than two strangers’ would."
FOR_PART: Final = (
    "For part of the time, your hearts moved together more than two strangers’ would."
)
NO_PATTERN: Final = "No clear pattern tonight."
LOST: Final = "Nothing to compare this time: the straps lost too much."
TOO_SHORT: Final = "Nothing to compare this time: it was too short."
ONE_EVENING: Final = (
    "One evening usually can’t tell. After six there’s a fairer picture."
)
NOT_ABOUT_YOU: Final = (
    "Hearts move together for all sorts of reasons: the same room, the same breath, "
    "the same noise. Together isn’t closer. Apart isn’t distant."
)
HEARTS_CAPTION: Final = (
    "Both hearts, each around its own average, smoothed over two minutes. Gaps: a "
    "strap lost contact."
)
HEARTS_ALT: Final = (
    "Two lines over time, one for each heart around its own average; the table says "
    "the same in words."
)
HEARTS_TABLE: Final = (
    "Each heart beside its own average of this practice: faster, slower, or in between."
)
FASTER, BETWEEN, SLOWER = "faster", "in between", "slower"


OWN_CAPTION: Final = (
    "Your heart rate. Thin line: every beat. Thick line: smoothed over "
    f"{with_unit(30, 'seconds')}. Gaps: the strap lost you."
)
SWINGS: Final = "How much your heart moved with your breath"
SWINGS_CAPTION: Final = (
    "One dot for each breath: how much your heart sped up and slowed down. Dotted "
    "line: the breathing pace. More isn’t better."
)
SWINGS_RECORDED: Final = (
    "One dot for each breath of the pace shown: how much your heart sped up and slowed "
    "down. Dotted line: that pace. Nobody breathed with it."
)
SWINGS_TABLE: Final = (
    "How much your heart sped up and slowed down with each breath, in beats a minute."
)
TOO_FEW_BEATS: Final = "Not enough clear heartbeats to say anything."
NO_BREATHS: Final = "No breaths could be measured."

STRAPS, OWN_STRAP = "The straps", "Your strap"
_WELL, _ON_AND_OFF = 0.9, 0.5
_HEARD: Final = (
    (_WELL, ("The straps heard you well.", "Your strap heard you well.")),
    (
        _ON_AND_OFF,
        ("The straps heard you on and off.", "Your strap heard you on and off."),
    ),
    (
        0.0,
        ("The straps heard too little of you.", "Your strap heard too little of you."),
    ),
)
_APART_SHARE = 0.15


# --- what happened ----------------------------------------------------------------


def what_happened(summary: SessionSummary) -> tuple[str, ...]:
    """Tell the practice to both, without a word of pauses."""
    return tuple(_practice(summary))


def what_i_did(summary: SessionSummary) -> tuple[str, ...]:
    """Tell the practice to one of them, with its pauses, whoever asked for them."""
    told = tuple(_practice(summary))
    if not summary.pauses:
        return told
    in_all = length(sum(pause.end_s - pause.start_s for pause in summary.pauses))
    if len(summary.pauses) == 1:
        return (*told, f"You paused for {in_all}.")
    return (*told, f"You paused for {in_all} in all.")


def _practice(summary: SessionSummary) -> Iterator[str]:
    took = length(summary.end_s - summary.start_s)
    if summary.end_s <= summary.start_s:
        yield NOTHING_RECORDED
        return
    if is_unpractised(summary):
        yield in_common(summary)
        return
    parts = ", ".join(lasted(summary))
    yield (
        f"The practice took {took}: {parts}." if parts else f"The practice took {took}."
    )
    if summary.ending is Ending.FINISHED_EARLY:
        yield "You stopped early."
    if summary.ending is Ending.SOURCE_ENDED:
        yield "The recordings ended there."
    yield from _pace(summary)


def _pace(summary: SessionSummary) -> Iterator[str]:
    rates = summary.pace.breaths_per_min
    if not rates.size:
        return
    first, last = figure(rates[0], 1), figure(rates[-1], 1)
    told = with_unit(last, "breaths")
    if summary.opened.couple.source is Source.RECORDINGS:
        if first == last:
            yield f"The pace shown stayed at {told} a minute."
        else:
            yield f"The pace shown went from {first} to {told} a minute."
    elif first == last:
        yield f"Your breathing stayed at {told} a minute."
    else:
        yield f"Your breathing went from {first} to {told} a minute."


# --- both -------------------------------------------------------------------------


def moved_together(together: Together) -> tuple[str, ...]:
    """Say in one sentence what one evening allows, and what it does not mean."""
    if together.found is None:
        return (UNTESTED[together.untested or Untested.NO_PHASE],)
    answers = [answer(phase) for phase in together.found.per_phase]
    return (_moved(answers), ONE_EVENING, NOT_ABOUT_YOU)


def _moved(answers: Sequence[Answer]) -> str:
    """Say one thing of all parts; a part that could not be compared says nothing."""
    compared = [each for each in answers if each not in _NOT_COMPARED]
    if Answer.ALIKE in compared:
        of_all = all(each is Answer.ALIKE for each in compared)
        return MOVED_TOGETHER if of_all else FOR_PART
    if compared or Answer.STILL in answers:
        return NO_PATTERN
    return LOST if Answer.TOO_LITTLE_DATA in answers else TOO_SHORT


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
        return BETWEEN
    return FASTER if share > 0 else SLOWER


# --- one's own ----------------------------------------------------------------------


def own_range(heart: HeartFigures) -> tuple[str, ...]:
    """Say between which rates one's own heart beat, or that it was not heard enough."""
    lowest_bpm, highest_bpm = slow_range_bpm(heart.hr_bpm)
    if math.isnan(lowest_bpm):
        return (TOO_FEW_BEATS,)
    low, high = figure(lowest_bpm, 0), figure(highest_bpm, 0)
    at_most = with_unit(high, "times")
    if low == high:
        return (f"Your heart mostly beat about {at_most} a minute.",)
    return (f"Your heart mostly beat between {low} and {at_most} a minute.",)


def swings_caption(opened: Opened) -> str:
    """Say what the chart shows, and that recordings followed no pace."""
    recorded = opened.couple.source is Source.RECORDINGS
    return SWINGS_RECORDED if recorded else SWINGS_CAPTION


def swings_alt(heart: HeartFigures) -> str:
    """Describe the chart to somebody who cannot see it."""
    measured = sum(map(math.isfinite, heart.swings.rsa_bpm.tolist()))
    return f"{SWINGS}: {count(measured, 'breath')} measured."


def followed_breath(breaths: float) -> str:
    """Say that one's own heart followed the breath."""
    return f"Your heart followed your breath ({count(round(breaths), 'breath')})."


def not_known_to_follow(breaths: float) -> str:
    """Say that it cannot be told."""
    if not round(breaths):
        return NO_BREATHS
    offered = count(round(breaths), "breath")
    return f"Can’t tell whether your heart followed your breath ({offered})."


# --- straps and footer ----------------------------------------------------------------


def heard(summary: SessionSummary) -> tuple[str, ...]:
    """Say in one line how well the straps heard, and since when one heard no more."""
    share = min(heard_share(heart) for heart in summary.hearts)
    of_both, of_one = next(told for least, told in _HEARD if share >= least)
    is_alone = len(summary.hearts) == 1
    return (of_one if is_alone else of_both, *_lost(summary, is_alone=is_alone))


def _lost(summary: SessionSummary, *, is_alone: bool) -> Iterator[str]:
    recorded = summary.opened.couple.source is Source.RECORDINGS
    for heart in summary.hearts:
        since_s, name = heart.signal.silent_from_s, summary.called[heart.partner]
        if math.isnan(since_s) or not heart.signal.beats:
            continue
        since = clock(since_s - summary.start_s)
        if is_alone and recorded:
            yield f"Your recording ends at {since}."
        elif is_alone:
            yield f"Your strap lost contact from {since}."
        elif recorded:
            yield f"{name}’s recording ends at {since}."
        else:
            yield f"{name}’s strap lost contact from {since}."


def straps_heading(summary: SessionSummary) -> str:
    """Return the heading above what is said of the straps."""
    return OWN_STRAP if len(summary.hearts) == 1 else STRAPS


def straps(opened: Opened, called: dict[Partner, str]) -> str:
    """Return which strap each of those who are called wore."""
    streams = zip(Partner, opened.straps.streams, strict=False)
    return " · ".join(
        f"{called[partner]}: {one_line(stream)}"
        for partner, stream in streams
        if partner in called and one_line(stream)
    )
