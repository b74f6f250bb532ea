"""What a page says of how well each strap was heard, and of what it cannot be used for.

Never better than it was: a share is rounded down, and beats that cannot all be true are
none that are clean.
"""

import math

from coreg.facts.events import Source
from coreg.findings.heart import HeartFigures, Signal
from coreg.findings.summary import SessionSummary
from coreg.report.words.numbers import clock, figure, short_length
from coreg.words import say


def untrue(summary: SessionSummary) -> tuple[str, ...]:
    """Warn of hearts that came with more beats than there was time for."""
    return tuple(
        say(
            "report.signal.untrue",
            name=summary.called[heart.partner],
            length=short_length(heart.signal.over_counted_s),
        )
        for heart in summary.hearts
        if heart.signal.over_counted_s
    )


def irregular(summary: SessionSummary) -> tuple[str, ...]:
    """Tell a therapist where a rhythm was irregular; no cause, and nothing to do."""
    return tuple(
        say(
            "report.signal.irregular",
            name=summary.called[heart.partner],
            length=short_length(heart.signal.irregular_s),
        )
        for heart in summary.hearts
        if heart.signal.irregular_s
    )


def own_irregular(mine: SessionSummary) -> tuple[str, ...]:
    """Tell whose heart it is, and nobody else, that its rhythm was irregular."""
    return tuple(
        say("report.couple.irregular")
        for heart in mine.hearts
        if heart.signal.irregular_s
    )


def signal(heart: HeartFigures, summary: SessionSummary) -> str:
    """Say how well one heart was heard, one thing after the other.

    The share is rounded down: it reads 100 % only where every beat is clean.
    """
    of = heart.signal
    if not of.beats:
        return "; ".join((say("report.signal.no_beats"), _packets(of), *_untimed(of)))
    permille = 1000 * of.clean_beats // of.beats
    set_aside = of.beats - of.clean_beats
    share = figure(permille / 10, 1) if set_aside else figure(100.0, 0)
    return "; ".join(
        (
            say("report.signal.clean", share=share, n=of.beats),
            say("report.signal.set_aside", n=set_aside)
            if set_aside
            else say("report.signal.none_set_aside"),
            _gaps(of),
            *_silence(heart, summary),
            *_over_counted(of),
            *_irregular(of),
            _packets(of),
            *_repeats(of),
            *_untimed(of),
        )
    )


def _silence(heart: HeartFigures, summary: SessionSummary) -> tuple[str, ...]:
    """Say since when nothing more came, which is no gap: nothing came after it."""
    if math.isnan(heart.signal.silent_from_s):
        return ()
    since = clock(heart.signal.silent_from_s - summary.start_s)
    if summary.opened.couple.source is Source.RECORDINGS:
        name = summary.called[heart.partner]
        return (say("report.signal.recording_ends", name=name, since=since),)
    return (say("report.signal.silent", since=since),)


def _gaps(of: Signal) -> str:
    if not of.gaps:
        return say("report.signal.no_gaps")
    return say("report.signal.gaps", n=of.gaps, length=short_length(of.gap_s))


def _over_counted(of: Signal) -> tuple[str, ...]:
    """Say for how long more heartbeats came than can be, where they did."""
    if not of.over_counted_s:
        return ()
    return (say("report.signal.over_counted", length=short_length(of.over_counted_s)),)


def _irregular(of: Signal) -> tuple[str, ...]:
    if not of.irregular_s:
        return ()
    told = short_length(of.irregular_s)
    return (say("report.signal.irregular_for", length=told),)


def _packets(of: Signal) -> str:
    if not of.bad_packets:
        return say("report.signal.no_bad_packets")
    return say("report.signal.bad_packets", n=of.bad_packets)


def _repeats(of: Signal) -> tuple[str, ...]:
    """Say that packets came more than once, where some did."""
    if not of.repeated_packets:
        return ()
    return (say("report.signal.repeated_packets", n=of.repeated_packets),)


def _untimed(of: Signal) -> tuple[str, ...]:
    """Say which samples were left out because their times cannot be believed."""
    return tuple(say(f"report.signal.untimed.{each.value}") for each in of.untimed)
