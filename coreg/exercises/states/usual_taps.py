"""How soon somebody usually answers a glint: what is kept of it over evenings.

The first evening's reference is kept twice: as the *first* answers, for good, and as
the beginning of the *usual* ones, the last 40, with which later evenings compare. What
a later evening may add to those:

1. answers only of moments at which somebody was judged awake, and at most twelve, so
   that no evening outweighs the others;
2. all of them or none: none where they are slower than the *first* ones by more than
   chance gives (`slowing_by_chance`).

Rule 1 alone would let whoever slows a little from evening to evening drag the norm
along: each step is awake against the last one. Rule 2 measures against what never
moves, so that the norm stays near it however long that goes on. Getting quicker, as
people do with practice, has no bound.
"""

from collections.abc import Sequence
from typing import Final

from coreg.exercises.states.awake import (
    RECENT_TAPS,
    REFERENCE_TAPS,
    slowing,
    slowing_by_chance,
)

# SD of the mean ln reaction time of one person from evening to evening; assumed.
EVENINGS_SD: Final = 0.05
KEPT: Final = 40
AN_EVENING: Final = 12

Seconds = tuple[float, ...]


def is_known(usual_s: Sequence[float]) -> bool:
    """Whether enough answers are kept to compare with.

    Examples
    --------
    >>> is_known([0.3] * 8), is_known([0.3] * 7)
    (True, False)
    """
    return len(usual_s) >= REFERENCE_TAPS


def first_usual(reference_s: Sequence[float]) -> Seconds:
    """Return what a first evening teaches: its reference, or nothing if it is short.

    Parameters
    ----------
    reference_s : sequence of float, shape (m,), seconds
        Answers to the first glints, misses left out.

    Examples
    --------
    >>> first_usual([0.3] * 9) == (0.3,) * 9, first_usual([0.3] * 7)
    (True, ())
    """
    return tuple(reference_s[:AN_EVENING]) if is_known(reference_s) else ()


def next_usual(
    awake_s: Sequence[float], *, usual_s: Sequence[float], first_s: Sequence[float]
) -> Seconds:
    """Return the usual answers after one more evening; empty where it teaches nothing.

    Parameters
    ----------
    awake_s : sequence of float, shape (n,), seconds
        Tonight's answers at which somebody was judged awake, oldest first.
    usual_s, first_s : sequence of float, shape (m,) and (k,), seconds
        The usual ones until now, and those of the first evening.

    Examples
    --------
    >>> kept = next_usual([0.3] * 8, usual_s=[0.3] * 36, first_s=[0.29, 0.31] * 6)
    >>> len(kept), kept[-8:] == (0.3,) * 8
    (40, True)
    >>> next_usual([0.34] * 8, usual_s=[0.3] * 36, first_s=[0.29, 0.31] * 6)
    ()
    """
    tonight_s = tuple(awake_s[:AN_EVENING])
    if len(tonight_s) < RECENT_TAPS or not is_known(first_s):
        return ()
    if slowing(tonight_s, first_s) > slowing_by_chance(tonight_s, first_s):
        return ()
    return (*usual_s, *tonight_s)[-KEPT:]
