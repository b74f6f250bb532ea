"""What pages say of *awake*, and of both settled and awake: small, and never a score.

Experimental, and only of sessions with taps. One's own page says in words whether one's
own answers to sparks were as quick as usually. The therapist's counts the minutes in
which both were settled and both awake, beside what chance gives; the couple reads
nothing of both.
"""

from coreg.exercises.states.gates import MinutesTogether
from coreg.findings.awake import Awake
from coreg.report.words.left_out import WORTH_TELLING_S, left_out
from coreg.report.words.numbers import count

HEADING = "Awake, experimental"
BOTH_HEADING = "Settled and awake together, experimental"
MEANING = (
    "Slower can mean sleepy, or that your eyes were closed or elsewhere, or nothing. "
    "It looks back over ten sparks, about five minutes, so two drowsy minutes may "
    "never show. You know best how it was."
)
BOTH_MEANING = (
    "A minute counts where both hearts were settled and both answered glints about as "
    "soon as they usually do. It says nothing about the two of you."
)
AS_USUAL = "Awake: you tapped about as quickly as you usually do."
FOR_PART = (
    "Awake: for part of the time you tapped about as quickly as you usually do, and "
    "for part of it more slowly."
)
SLOWER = "You tapped more slowly than you usually do."
CANNOT_TELL = "Can’t tell tonight: too few sparks were tapped."
BOTH_CANNOT_TELL = "Can’t tell tonight: no minute could be judged for both."


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
        return (CANNOT_TELL,)
    return (_told(awake), *left_out(awake.not_judged_s), MEANING)


def _told(awake: Awake) -> str:
    """Say it of all or of part; what lasted less than half a minute is not told."""
    if awake.awake_s and awake.slower_s < WORTH_TELLING_S:
        return AS_USUAL
    return FOR_PART if awake.awake_s >= WORTH_TELLING_S else SLOWER


def both_sentences(minutes: MinutesTogether) -> tuple[str, ...]:
    """Return what is said of both, beside chance.

    Examples
    --------
    >>> told = MinutesTogether(judged_min=6, together_min=2, by_chance_min=0.06)
    >>> print(both_sentences(told)[0].replace(chr(160), " "))
    2 minutes with both settled and both awake, of 6 minutes that could be judged. By
    chance alone two people who do not change would get about 0.1 minutes
    on average.
    """
    if not minutes.judged_min:
        return (BOTH_CANNOT_TELL,)
    by_chance = minutes.by_chance_min
    chance = f"about {by_chance:.1f}" if by_chance >= 0.05 else "less than 0.1"
    told = (
        f"{count(minutes.together_min, 'minute')} with both settled and both awake, of "
        f"{count(minutes.judged_min, 'minute')} that could be judged. By chance alone "
        f"two people who do not change would get {chance} minutes on "
        "average."
    )
    return (told, BOTH_MEANING)
