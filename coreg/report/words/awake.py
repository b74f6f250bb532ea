"""What pages say of *awake*, and of both settled and awake: small, and never a score.

Experimental, and only of sessions with taps. One's own page says how long one's own
answers to glints were as soon as usually; of both only the minutes are counted in
which both were settled and both awake, beside what chance gives.
"""

from coreg.exercises.states.gates import MinutesTogether
from coreg.findings.awake import Awake
from coreg.report.words.not_judged import minutes, not_judged
from coreg.report.words.numbers import count

HEADING = "Awake, experimental"
BOTH_HEADING = "Settled and awake together, experimental"
MEANING = (
    "Awake means: you answered glints about as soon as you usually do, on earlier "
    "evenings or at the start of your first one. Slower can mean sleepy, or that your "
    "eyes were closed or elsewhere, and about one minute in ten it is chance. It looks "
    "back over ten glints, about five minutes, so two drowsy minutes may never show. "
    "Your own words come first."
)
BOTH_MEANING = (
    "A minute counts where both hearts were settled and both answered glints about as "
    "soon as they usually do. It is no measure of the two of you."
)
CANNOT_TELL = "Can’t tell tonight: too few glints were answered."
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
    >>> print(sentences(told)[0].replace(chr(160), " "))
    Awake: 3 minutes. Slower than usual: 1 minute. Can’t tell: 5 minutes.
    >>> print(sentences(told)[1].replace(chr(160), " "))
    Not judged: 2 minutes while warming up, 3 minutes while too few glints had been
    answered.
    """
    why_not = not_judged(awake.not_judged_s)
    if awake.awake_s + awake.slower_s == 0:
        return (CANNOT_TELL, *why_not)
    told = (
        f"Awake: {minutes(awake.awake_s)}. Slower than usual: "
        f"{minutes(awake.slower_s)}. Can’t tell: {minutes(awake.unknown_s)}."
    )
    return (told, *why_not, MEANING)


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
