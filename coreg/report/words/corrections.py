"""Every sentence about beats that somebody corrected by hand."""

import math
from collections.abc import Mapping

from coreg.analysis.corrections import Did
from coreg.findings.corrected import ByHand, Compared
from coreg.report.words.numbers import figure
from coreg.words import say


def before() -> str:
    """Return what stands above the figures as cleaning left them."""
    return say("terminal.corrections.columns.before")


def after() -> str:
    """Return what stands above the figures as somebody corrected them."""
    return say("terminal.corrections.columns.after")


def applied(file: str, done: Mapping[str, int]) -> str:
    """Return how many corrections of which kind a file holds.

    Examples
    --------
    >>> applied("a.toml", {"reject": 2, "delete": 1})
    '3 corrections of a.toml: 2 left out, 1 beat deleted'
    """
    if not done:
        return say("terminal.corrections.none-yet", file=file)
    told = [
        say(f"terminal.corrections.did.{did}", n=done[did])
        for did in Did
        if did in done
    ]
    n = sum(done.values())
    return say("terminal.corrections.applied", n=n, file=file, done=", ".join(told))


def cautions(by_hand: ByHand) -> list[str]:
    """Return what to know of figures that rest on what was done by hand."""
    told = {"made": by_hand.made, "in-irregular": by_hand.in_irregular}
    return [say(f"terminal.corrections.{what}", n=n) for what, n in told.items() if n]


def agreement_lines(against: Compared) -> list[str]:
    """Return how far two agree, and on what they do not."""
    agreed = against.agreement
    if math.isnan(agreed.kappa):
        line = say("terminal.corrections.agreement.no-kappa", things=agreed.things)
    else:
        line = say(
            "terminal.corrections.agreement.kappa",
            kappa=figure(agreed.kappa, 3),
            same=agreed.same,
            things=agreed.things,
            observed=figure(100 * agreed.observed, 2),
            expected=figure(100 * agreed.expected, 2),
        )
    return [line, *(_pair(pair, n) for pair, n in sorted(against.pairs.items()))]


def _pair(pair: tuple[str, str], n: int) -> str:
    first, second = (say(f"terminal.corrections.agreement.{each}") for each in pair)
    return say("terminal.corrections.agreement.pair", n=n, first=first, second=second)
