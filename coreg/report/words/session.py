"""What is said of a session as a whole; signal, pace and likeness have their own.

For the therapist, but for the few sentences that all read; a couple's are in `couple`.
Plain, short, no praise and no verdict. Never said: who paused, whose heart was earlier,
a score, that hearts were "in sync" (spec: a shared breath makes strangers look alike).
"""

import datetime as dt
import math
from collections.abc import Iterator, Mapping

from coreg.base.local_time import local
from coreg.exercises.blocks import meaning_of
from coreg.facts.events import Ending, Opened, Partner, Source
from coreg.findings.heart import SLOW_S
from coreg.findings.summary import SessionSummary
from coreg.findings.timeline import practised_s
from coreg.report.words.numbers import (
    NBSP,
    count,
    figure,
    length,
    rounded_s,
    short_length,
    signed_s,
    with_unit,
)

LONGEST_NAME = 48

LIMITATION = (
    "A record of one practice: no diagnosis, and no measure of two people or of what "
    "is between them."
)
SHARED_BREATH = (
    "Any two people who breathe at the same pace look alike here, even strangers. "
    "Colour isn’t closeness."
)
NOBODY_BREATHED = (
    "These hearts were recorded earlier. Nobody was breathing to this pace."
)
NO_COMMON_CLOCK = (
    "The two recordings have separate clocks, so they can’t be compared moment by "
    "moment."
)
NOTHING_RECORDED = "Nothing was recorded."
NO_BEATS_AT_ALL = "No heartbeats were received."

HEARTS, OWN_HEART = "Both hearts", "Your heart"
HEARTS_CAPTION = (
    "Beats per minute, a row for each heart, both to one scale. Thin: from beat to "
    f"beat; strong: the median of {with_unit(f'{SLOW_S:.0f}', 'seconds')}. Blank where "
    "beats were lost."
)
SWINGS = "How far each heart swings with the breath"
SWINGS_CAPTION = (
    "Beats per minute from trough to peak, one mark a breath (respiratory sinus "
    "arrhythmia). Dotted: the pace offered, breaths a minute, right scale."
)
SWINGS_RECORDED = (
    "Beats per minute from trough to peak during each breath of the pace that was "
    "offered (dotted, breaths a minute, right scale). Nobody breathed with it."
)
NO_SWINGS = "No breaths could be measured."
SURFACE = "How alike the two heart rates move"
SURFACE_CAPTION = (
    f"Correlation in windows of 30{NBSP}seconds, one heart shifted "
    f"by up to 10{NBSP}seconds either way; the line is no shift."
)
SURFACE_BLANK = (
    f"Blank: within 15{NBSP}seconds (20 at the largest shifts) of lost beats or either "
    "end, so a few lost beats blank half a minute and more"
)
SURFACE_BLANK_PACED = (
    f"{SURFACE_BLANK}; in paced breathing also beyond half a breath, which only repeats"
)
SURFACE_NO_CLOCK = (
    "Left out: the two recordings have separate clocks, so their beats cannot be laid "
    "side by side."
)
SURFACE_TOO_LITTLE = (
    f"Left out: it takes 30{NBSP}seconds in which both hearts are known without a "
    "break."
)
OPPOSITE, UNRELATED, ALIKE = "−1 opposite", "0", "alike +1"
LAG_AXIS = "shift (s)"
HR_AXIS = "beats/min"
PACE_AXIS = "breaths/min"
PAUSE = "pause"

SIGNAL = "Signal"
DATA = "The numbers behind this chart"
DEFINITION = "what it is"
TIME, PACE_COLUMN = "time", "pace, breaths/min"
SWINGS_TABLE = "Swing with each breath, beats per minute from trough to peak."
SURFACE_TABLE = (
    "Correlation at some shifts, by the middle of the window; the signs are those of "
    "the chart."
)


def name(text: str) -> str:
    """Return a plan's name for people: one line, no hyphens, nothing unprintable."""
    words = one_line(text.replace("-", " "))
    if len(words) > LONGEST_NAME:
        return words[: LONGEST_NAME - 1].rstrip() + "…"
    return words


def one_line(text: str) -> str:
    """Return a text from elsewhere on one line, without what cannot be printed."""
    spaced = "".join(char if char.isprintable() else " " for char in text)
    return " ".join(spaced.split())


def title(summary: SessionSummary) -> str:
    """Return the practice's name as a heading."""
    practice = name(summary.practice) or "A practice"
    return practice[0].upper() + practice[1:]


def tag(opened: Opened) -> str:
    """Say that these are no two people with straps on, where they are not."""
    return {
        Source.SIMULATED: "simulated couple",
        Source.RECORDINGS: _recorded(opened.straps.streams),
        Source.STRAPS: "",
    }[opened.couple.source]


def _recorded(streams: tuple[str, ...]) -> str:
    """Say that hearts come from recordings, and whether people had them."""
    simulated = ["simulated" in stream.lower() for stream in streams]
    if any(simulated):
        couple = "a simulated couple" if all(simulated) else "hearts, one simulated"
        return f"from recordings of {couple}"
    return "from recordings"


def date(opened: Opened, zone: dt.tzinfo) -> str:
    """Return the session's date and time of day; as written where it is no date."""
    when = local(opened.identity.opened_utc, zone)
    if when is None:
        return one_line(opened.identity.opened_utc)
    return f"{when:%A} {when.day} {when:%B %Y}, {when:%H:%M}"


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
    return f"{when.day} {when:%b %Y}".replace(" ", NBSP)


def what_happened(summary: SessionSummary) -> tuple[str, ...]:
    """Tell the practice in two plain sentences (one where there is no more to tell)."""
    if summary.end_s <= summary.start_s:
        return (NOTHING_RECORDED,)
    if is_unpractised(summary):
        return (in_common(summary),)
    took = f"The practice took {length(summary.end_s - summary.start_s)}"
    parts = tuple(lasted(summary))
    if parts:
        took += ": " + ", ".join(parts)
    took += {
        Ending.FINISHED_EARLY: "; it was finished before the plan’s end",
        Ending.SOURCE_ENDED: "; the recordings ended there",
    }.get(summary.ending or Ending.COMPLETE, "")
    told = [part for part in (_pace(summary), _pauses(summary)) if part]
    second = ", and ".join(told)
    sentences = [took + ".", second[:1].upper() + second[1:] + "." if second else ""]
    return tuple(sentence for sentence in sentences if sentence)


def in_common(summary: SessionSummary) -> str:
    """Say of recordings alone how long both are there."""
    both = length(summary.end_s - summary.start_s)
    return f"Two recordings, {both} in common."


def is_unpractised(summary: SessionSummary) -> bool:
    """Whether nobody practised: recordings alone, without a pace or a task beside."""
    recorded = summary.opened.couple.source is Source.RECORDINGS
    return recorded and all(meaning_of(each.kind).is_quiet for each in summary.phases)


def caveats(summary: SessionSummary) -> tuple[str, ...]:
    """Return what has to be known before anything on the page is read."""
    return tuple(
        sentence
        for holds, sentence in (
            (not any(heart.signal.beats for heart in summary.hearts), NO_BEATS_AT_ALL),
            (_is_unseen(summary), NOBODY_BREATHED),
            (not summary.opened.straps.common_clock, NO_COMMON_CLOCK),
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
    return SWINGS_RECORDED if recorded else SWINGS_CAPTION


def surface_caption(opened: Opened) -> str:
    """Say what the surface shows, and why parts of it are blank."""
    recorded = opened.couple.source is Source.RECORDINGS
    blank = SURFACE_BLANK if recorded else SURFACE_BLANK_PACED
    return (
        f"{SURFACE_CAPTION} {lag_resolution(opened.straps.lag_resolution_s)} {blank}."
    )


def lag_resolution(resolution_s: float) -> str:
    r"""Say how fine a shift may be read; the straps alone can make a smaller one.

    Examples
    --------
    >>> lag_resolution(2.2)
    'Shifts below 2.2\xa0s may come from the straps alone.'
    >>> lag_resolution(float("nan"))
    'Any shift may come from the straps alone.'
    """
    if math.isnan(resolution_s):
        return "Any shift may come from the straps alone."
    shift = with_unit(f"{resolution_s:.1f}", "s")
    return f"Shifts below {shift} may come from the straps alone."


def lasted(summary: SessionSummary) -> Iterator[str]:
    """Name the phases that took any time; one that was passed over at once did not."""
    for phase in summary.phases:
        if lasted_s := rounded_s(practised_s(phase, summary.pauses)):
            yield f"{name(phase.name)} {short_length(lasted_s)}"


def _pace(summary: SessionSummary) -> str:
    rates = summary.pace.breaths_per_min
    if not rates.size:
        return ""
    recorded = summary.opened.couple.source is Source.RECORDINGS
    what = "the pace shown" if recorded else "the shared breath"
    first, last = figure(rates[0], 1), figure(rates[-1], 1)
    if first == last:
        return f"{what} kept {with_unit(first, 'breaths')} a minute"
    return f"{what} went from {first} to {with_unit(last, 'breaths')} a minute"


def _pauses(summary: SessionSummary) -> str:
    if not summary.pauses:
        return ""
    in_all = length(sum(pause.end_s - pause.start_s for pause in summary.pauses))
    if len(summary.pauses) == 1:
        return f"there was one pause of {in_all}"
    return f"there were {count(len(summary.pauses), 'pause')}, {in_all} in all"


def nothing_heard(name: str) -> str:
    """Say in the chart why one line is missing."""
    return f"no heartbeats from {name}"


def hearts_table(step_s: float) -> str:
    """Return the caption of the table behind the chart of both hearts."""
    return f"Median heart rate over {length(step_s)} from the time given."


def rate_names(summary: SessionSummary) -> tuple[str, ...]:
    """Return the name of each partner's column; on an own page it needs no name."""
    return tuple(_of(partner, summary, HR_AXIS) for partner in summary.shown)


def shift(lag_s: float) -> str:
    """Return the name of a column of correlations."""
    return with_unit(signed_s(lag_s), "s") if lag_s else "no shift"


def _of(partner: Partner, summary: SessionSummary, what: str) -> str:
    is_alone = len(summary.shown) == 1
    return what if is_alone else f"{summary.called[partner]}, {what}"


def more_rows(number: int) -> str:
    """Say that the printed table is not the whole one."""
    return f"and {count(number, 'row')} more, on the HTML page"


def sheet_number(number: int, of: int) -> str:
    """Return which sheet of a page this is."""
    return f"sheet{NBSP}{number} of{NBSP}{of}"


def provenance(opened: Opened, called: Mapping[Partner, str]) -> str:
    """Return where the numbers come from, and the hearts of those who are called."""
    parts = [
        f"{called[partner]}: {one_line(stream) or 'unknown'}"
        for partner, stream in zip(Partner, opened.straps.streams, strict=False)
        if partner in called
    ]
    parts += [NBSP.join(map(one_line, pair)) for pair in opened.identity.versions]
    parts.append(f"session{NBSP}{one_line(opened.identity.session_id)}")
    if opened.couple.source is Source.SIMULATED:
        parts.append(f"simulated couple, {with_unit('seed', str(opened.couple.seed))}")
    if opened.identity.consent:
        parts.append(f"consent: {one_line(opened.identity.consent)}")
    return " · ".join(parts)


def document_title(summary: SessionSummary) -> str:
    """Return the title that a file carries in its metadata."""
    when = date(summary.opened, summary.zone)
    parts = (title(summary), when, tag(summary.opened))
    return " · ".join(part for part in parts if part)
