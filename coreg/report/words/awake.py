"""What pages say of *awake*, and of both settled and awake: small, and never a score.

Experimental, and only of sessions with taps. One's own page says in words whether one's
own answers to sparks were as quick as usually. The therapist's counts the minutes in
which both were settled and both awake, beside what chance gives; the couple reads
nothing of both.
"""

from coreg.exercises.states.gates import MinutesTogether
from coreg.findings.awake import Awake
from coreg.report.words.left_out import WORTH_TELLING_S, left_out
from coreg.report.words.numbers import figure
from coreg.words import say


def sentences(awake: Awake) -> tuple[str, ...]:
    """Return what one's own page says.

    Examples
    --------
    >>> from coreg.exercises.states.gates import Gate
    >>> told = Awake(
    ...     awake_s=180.0,
    ...     slower_s=60.0,
    ...     unknown_s=300.0,
    ...     not_judged_s={Gate.WARMING_UP: 120.0, Gate.FEW_TAPS: 180.0},
    ... )
    >>> for sentence in sentences(told)[:2]:
    ...     print(sentence)
    Awake: for part of the time you tapped about as quickly as you usually do, and
    for part of it more slowly.
    Left out: the first minutes, and where too few sparks were tapped.
    """
    if awake.awake_s + awake.slower_s == 0:
        return (say("report.awake.cannot_tell"),)
    return (_told(awake), *left_out(awake.not_judged_s), say("report.awake.meaning"))


def _told(awake: Awake) -> str:
    """Say it of all or of part; what lasted less than half a minute is not told."""
    if awake.awake_s and awake.slower_s < WORTH_TELLING_S:
        return say("report.awake.as_usual")
    if awake.awake_s >= WORTH_TELLING_S:
        return say("report.awake.for_part")
    return say("report.awake.slower")


def both_sentences(minutes: MinutesTogether) -> tuple[str, ...]:
    """Return what is said of both, beside chance.

    Examples
    --------
    >>> told = MinutesTogether(judged_min=6, together_min=2, by_chance_min=0.06)
    >>> for sentence in both_sentences(told)[:3]:
    ...     print(sentence.replace(chr(160), " "))
    Both settled and both awake: 2 minutes.
    That could be judged: 6 minutes.
    By chance alone, two people who do not change would get about 0.1 minutes on
    average.
    """
    if not minutes.judged_min:
        return (say("report.awake.both_cannot_tell"),)
    by_chance = minutes.by_chance_min
    return (
        say("report.awake.both", n=minutes.together_min),
        say("report.awake.judged", n=minutes.judged_min),
        say("report.awake.by_chance", minutes=figure(by_chance, 1))
        if by_chance >= 0.05
        else say("report.awake.hardly_by_chance", minutes=figure(0.1, 1)),
        say("report.awake.both_meaning"),
    )
