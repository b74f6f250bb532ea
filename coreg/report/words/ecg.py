"""What a therapist or researcher reads of a strap beside its own ECG.

What was seen and what was done with it; no cause, no name of an illness, no advice.
"""

from collections.abc import Callable
from typing import Final

from coreg.findings.ecg_beside import Doubted, EcgTold
from coreg.findings.ecg_strips import Marked, Strip, Strips
from coreg.report.words.numbers import clock, figure, short_length
from coreg.words import say

_MOST: Final = 4
"""So many stretches are told one by one."""


def sentences(told: EcgTold, name: str) -> tuple[str, ...]:
    """Return what is said of one heart; `name` is what its owner is called."""
    if not told.goes_together:
        return (say("report.ecg.not_together", name=name),)
    lines = [
        say(
            "report.ecg.matched",
            name=name,
            n=told.beats,
            matched=told.matched,
            ms=figure(told.difference_ms, 1),
        )
    ]
    lines += [_doubt(each, told.start_s) for each in told.doubted[:_MOST]]
    if len(told.doubted) > _MOST:
        lines.append(say("report.ecg.more_doubts", n=len(told.doubted) - _MOST))
    if told.foreign:
        lines.append(say("report.ecg.foreign", n=told.foreign))
    if told.taken:
        lines.append(say("report.ecg.taken", n=told.taken))
    if told.unreadable_s >= 1:
        length = short_length(told.unreadable_s)
        lines.append(say("report.ecg.unreadable", length=length))
    return tuple(lines)


def _doubt(of: Doubted, start_s: float) -> str:
    since, until = clock(of.start_s - start_s), clock(of.end_s - start_s)
    if since == until:
        return say(f"report.ecg.{of.what}_at", n=of.beats, since=since)
    return say(f"report.ecg.{of.what}_between", n=of.beats, since=since, until=until)


def why(mark: Marked) -> str:
    """Return in a few words why an interval was set aside."""
    return say(f"report.ecg.why.{mark.witness or mark.label}")


def heading(strip: Strip, name: str, start_s: float) -> str:
    """Return what stands above a strip: whose, when, why."""
    return say(
        "report.ecg.strip",
        name=name,
        when=clock(max(0.0, strip.why.when_s - start_s)),
        why=why(strip.why),
    )


def alt(strips: list[Strip], called: Callable[[Strip], str], start_s: float) -> str:
    """Describe the strips to somebody who cannot see them."""
    each = (heading(strip, called(strip), start_s) for strip in strips)
    return " ".join((say("report.ecg.alt"), *(f"{line}." for line in each)))


def more(strips: Strips, name: str) -> tuple[str, ...]:
    """Say of how many places no strip is shown."""
    if not strips.more:
        return ()
    return (say("report.ecg.more", n=strips.more, name=name),)


def alone(told: EcgTold) -> str:
    """Return a few figures of the practice by the strap, and by the ECG alone."""
    return say(
        "report.ecg.alone_line",
        strap=figure(told.strap.hrv.rmssd_ms, 1),
        ecg=figure(told.alone.hrv.rmssd_ms, 1),
    )
