"""What a page says of how well each strap was heard, and of what it cannot be used for.

Never better than it was: a share is rounded down, and beats that cannot all be true are
none that are clean.
"""

import math

from coreg.facts.events import Source
from coreg.findings.heart import HeartFigures, Signal
from coreg.findings.summary import SessionSummary
from coreg.report.words.numbers import NBSP, clock, count, short_length, with_unit


def untrue(summary: SessionSummary) -> tuple[str, ...]:
    """Warn of hearts that came with more beats than there was time for."""
    return tuple(
        f"From {summary.called[heart.partner]}’s strap came more heartbeats than there "
        f"was time for, during {short_length(heart.signal.over_counted_s)} of this "
        "practice. Nothing can be said of that heart there, so nothing is. Another "
        "program may have been using the strap."
        for heart in summary.hearts
        if heart.signal.over_counted_s
    )


def signal(heart: HeartFigures, summary: SessionSummary) -> str:
    """Say how well one heart was heard.

    The share is rounded down: it reads 100 % only where every beat is clean.
    """
    of = heart.signal
    if not of.beats:
        return f"no heartbeats; {_packets(of)}"
    permille = 1000 * of.clean_beats // of.beats
    set_aside = of.beats - of.clean_beats
    share = "100" if not set_aside else f"{permille / 10:.1f}"
    aside = f"{set_aside}{NBSP}set aside" if set_aside else "none set aside"
    return "; ".join(
        (
            f"{with_unit(share, '%')} of {count(of.beats, 'beat')} clean, {aside}",
            _gaps(of),
            *_silence(heart, summary),
            *_over_counted(of),
            _packets(of),
            *_repeats(of),
        )
    )


def _silence(heart: HeartFigures, summary: SessionSummary) -> tuple[str, ...]:
    """Say since when nothing more came, which is no gap: nothing came after it."""
    if math.isnan(heart.signal.silent_from_s):
        return ()
    since = clock(heart.signal.silent_from_s - summary.start_s)
    if summary.opened.couple.source is Source.RECORDINGS:
        name = summary.called[heart.partner]
        return (f"{name}’s recording ends at {since}",)
    return (f"the strap was silent from {since} to the end",)


def _gaps(of: Signal) -> str:
    if not of.gaps:
        return "no gaps"
    in_all = " in all" if of.gaps > 1 else ""
    return f"{count(of.gaps, 'gap')}, {short_length(of.gap_s)}{in_all}"


def _over_counted(of: Signal) -> tuple[str, ...]:
    """Say for how long more heartbeats came than can be, where they did."""
    if not of.over_counted_s:
        return ()
    lasted = short_length(of.over_counted_s)
    return (f"{lasted} with more heartbeats than there was time for, left out",)


def _packets(of: Signal) -> str:
    if not of.bad_packets:
        return "no unreadable packets"
    return count(of.bad_packets, "unreadable packet")


def _repeats(of: Signal) -> tuple[str, ...]:
    """Say that packets came more than once, where some did."""
    if not of.repeated_packets:
        return ()
    came = count(of.repeated_packets, "repeated packet")
    return (f"{came} left out: another program was listening too",)
