"""What one's own page says of *settled* and of arriving: words, and never a number.

Experimental. Somebody who does not change at all is called settled about a tenth of the
time on average; only what is more than that is told, and nobody is told that it was
little or none.
"""

from coreg.exercises.states.gates import Gate
from coreg.findings.settled import Settled
from coreg.report.words.left_out import WORTH_TELLING_S, left_out
from coreg.words import say

_FEWEST_KNOWN_S = 60.0


def sentences(settled: Settled) -> tuple[str, ...]:
    """Return what one's own page says.

    Examples
    --------
    >>> from coreg.exercises.states.gates import Gate
    >>> told = Settled(
    ...     judged_s=600.0,
    ...     settled_s=180.0,
    ...     is_stirred=False,
    ...     not_judged_s={Gate.WARMING_UP: 120.0},
    ... )
    >>> for sentence in sentences(told)[:2]:
    ...     print(sentence)
    Your heart was slower for part of the time.
    Left out: the first minutes.
    """
    stirred = (say("report.settled.stirred"),) if settled.is_stirred else ()
    told = _told(settled)
    if told is None:
        return (*stirred, say("report.settled.cannot_tell"))
    means = f"stirred_{told}" if settled.is_stirred else told
    return (
        *stirred,
        say(f"report.settled.{told}"),
        *left_out(settled.not_judged_s),
        say(f"report.settled.means.{means}"),
    )


def course(settled: Settled) -> str | None:
    """Return what is said of the heart's course, None where it can't be told."""
    told = _told(settled)
    return None if told is None else say(f"report.settled.{told}")


def _told(settled: Settled) -> str | None:
    """Return which sentence may be said, None where none may."""
    if settled.judged_s < _FEWEST_KNOWN_S:
        return None
    if settled.settled_s > max(settled.by_chance_s, _FEWEST_KNOWN_S):
        return "slower"
    # Much of what was left out may have been faster: then it was not the same.
    if settled.not_judged_s.get(Gate.AROUSED, 0.0) >= WORTH_TELLING_S:
        return None
    return "the_same"
