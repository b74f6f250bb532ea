"""What one's own page says of *settled* and of arriving: small, and never a score.

Experimental. A figure stands only beside what chance gives: somebody who does not
change at all is called settled about a tenth of the time on average, some far longer.
"""

from coreg.findings.settled import Settled
from coreg.report.words.not_judged import minutes, not_judged

HEADING = "Settled, experimental"
_NO_MEASURE = "It is no measure of how you were: your own words come first."
MEANING = (
    "Settled means: a heart clearly slower, for a while, than in tonight’s first two "
    "minutes at the shared pace, or of quiet where you breathed as you liked. "
    f"{_NO_MEASURE}"
)
STIRRED_MEANING = (
    "Settled means here: a heart clearly slower, for a while, than your usual rest on "
    f"other evenings. {_NO_MEASURE}"
)
STIRRED = (
    "You arrived with a faster heart than on your other evenings. That can mean many "
    "things. Tonight it was looked at beside your usual rest, not beside this."
)
CANNOT_TELL = "Can’t tell tonight: too little of it could be judged."
_FEWEST_JUDGED_S = 60.0


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
    >>> print(sentences(told)[0].replace(chr(160), " "))
    3 minutes settled, of 10 minutes that could be judged. Sitting still and unchanged
    it would be about 1 minute on average, on some evenings far more.
    >>> print(sentences(told)[1].replace(chr(160), " "))
    Not judged: 2 minutes while warming up.
    """
    why_not = not_judged(settled.not_judged_s)
    stirred = (STIRRED,) if settled.is_stirred else ()
    if settled.judged_s < _FEWEST_JUDGED_S:
        return (*stirred, CANNOT_TELL, *why_not)
    meaning = STIRRED_MEANING if settled.is_stirred else MEANING
    told = (
        f"{minutes(settled.settled_s)} settled, of {minutes(settled.judged_s)} that "
        f"could be judged. Sitting still and unchanged it would be "
        f"{_about(settled.by_chance_s)} on average, on some evenings far more."
    )
    return (*stirred, told, *why_not, meaning)


def _about(t_s: float) -> str:
    return "less than half a minute" if t_s < 30 else f"about {minutes(t_s)}"
