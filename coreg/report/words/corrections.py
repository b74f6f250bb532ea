"""Every sentence about beats that somebody corrected by hand."""

from collections.abc import Mapping

from coreg.analysis.corrections import Did
from coreg.base.local_time import local
from coreg.facts.events import Partner
from coreg.findings.corrected import ByHand, CorrectedByHand
from coreg.findings.summary import SessionSummary
from coreg.store.session_corrections import THERAPIST
from coreg.words import day, say


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
    n = sum(done.values())
    return say("terminal.corrections.applied", n=n, file=file, done=_did(done))


def _did(done: Mapping[str, int]) -> str:
    """Return how often each was done."""
    return ", ".join(
        say(f"terminal.corrections.did.{did}", n=done[did])
        for did in Did
        if did in done
    )


def cautions(by_hand: ByHand) -> list[str]:
    """Return what to know of figures that rest on what was done by hand."""
    told = {"made": by_hand.made, "in-irregular": by_hand.in_irregular}
    return [say(f"terminal.corrections.{what}", n=n) for what, n in told.items() if n]


def of_session(summary: SessionSummary) -> tuple[str, ...]:
    """Tell a therapist whose heartbeats were corrected by hand, by whom and when."""
    return tuple(
        line
        for partner, found in summary.by_hand.items()
        for line in _of_heart(summary, partner, found)
    )


def _of_heart(
    summary: SessionSummary, partner: Partner, found: CorrectedByHand
) -> list[str]:
    done = found.by_hand.done
    when = local(found.utc, summary.zone)
    blanks: dict[str, str | int] = {
        "n": sum(done.values()),
        "heart": summary.called[partner],
        "done": _did(done),
    }
    if found.by and when is not None:
        blanks |= {"by": _who(found.by), "day": day(when.date())}
        told = say("report.session.by-hand.by", **blanks)
    else:
        told = say("report.session.by-hand.unsigned", **blanks)
    return [told, *cautions(found.by_hand)]


def _who(by: str) -> str:
    """Return who corrected, as their file says it; a therapist in our own words."""
    return say("report.session.by-hand.therapist") if by == THERAPIST else by


def rests_on_hand(summary: SessionSummary) -> tuple[str, ...]:
    """Tell a therapist which figures rest on what was corrected, where anything was."""
    return (say("report.session.by-hand.rests"),) if summary.by_hand else ()
