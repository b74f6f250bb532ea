"""Every sentence about how two corrected the same heartbeats."""

import math
from typing import Final

from coreg.findings.compared import Compared, Difference
from coreg.report.words.numbers import figure
from coreg.words import number, say

MOST_LISTED: Final = 40
"""Of the differences, at a terminal; all are in the JSON and in the picture."""


def heading(of: Compared) -> str:
    """Return what is said of how far two agree."""
    agreed = of.agreement
    if math.isnan(agreed.kappa):
        return say("terminal.corrections.agreement.no-kappa", things=agreed.things)
    return say(
        "terminal.corrections.agreement.kappa",
        kappa=figure(agreed.kappa, 3),
        same=agreed.same,
        things=agreed.things,
        observed=figure(100 * agreed.observed, 2),
        expected=figure(100 * agreed.expected, 2),
    )


def whose(of: Compared) -> tuple[str, str]:
    """Return which opinion is whose."""
    first, second = of.names
    return (
        say("terminal.corrections.agreement.first", file=first),
        say("terminal.corrections.agreement.second", file=second),
    )


def taken_for(what: str) -> str:
    """Return what somebody took a beat for."""
    return say(f"terminal.corrections.agreement.{what}")


def differences_heading(of: Compared) -> str:
    """Return in how many places two differ."""
    n = len(of.differences)
    if not n:
        return say("terminal.corrections.agreement.no-differences")
    return say("terminal.corrections.agreement.differences", n=n)


def lines(of: Compared) -> list[str]:
    """Return how far two agree, and where they do not."""
    told = [heading(of), *whose(of), differences_heading(of)]
    shown = of.differences[:MOST_LISTED]
    if shown:
        first, second = (say(f"terminal.corrections.agreement.{n}") for n in _COLUMNS)
        told.append(_row(say("terminal.corrections.agreement.when"), "", first, second))
        told += [_difference(each) for each in shown]
    if more := len(of.differences) - len(shown):
        told.append(say("terminal.corrections.agreement.more", n=more))
    return told


_COLUMNS: Final = ("first-column", "second-column")


def _difference(of: Difference) -> str:
    n = of.last - of.beat + 1
    beats = say("terminal.corrections.agreement.beats", n=n)
    return _row(clock(of.from_s), beats, taken_for(of.first), taken_for(of.second))


def _row(when: str, beats: str, first: str, second: str) -> str:
    return f"{when:>10}  {beats:<12}  {first:<26}  {second}".rstrip()


def clock(t_s: float) -> str:
    """Return a time in a recording, to a tenth of a second.

    Examples
    --------
    >>> clock(24.34), clock(3723.46)
    ('0:24.3', '1:02:03.5')
    """
    tenths = round(10 * t_s)
    minutes, rest = divmod(tenths, 600)
    hours, minutes = divmod(minutes, 60)
    seconds = number(rest / 10, 1).zfill(4)
    return f"{hours}:{minutes:02d}:{seconds}" if hours else f"{minutes}:{seconds}"
