"""What one's own page says of *settled* and of arriving: words, and never a number.

Experimental. Somebody who does not change at all is called settled about a tenth of the
time on average; only what is more than that is told, and nobody is told that it was
little or none.
"""

from coreg.exercises.states.gates import Gate
from coreg.findings.settled import Settled
from coreg.report.words.left_out import WORTH_TELLING_S, left_out

SLOWER = "Your heart was slower for part of the time."
THE_SAME = "Your heart was about the same throughout."
CANNOT_TELL = "Can’t tell tonight whether your heart slowed down."
MEANING = (
    "We mean: clearly slower than in your first two minutes. Boredom and tiredness "
    "slow a heart too. You know best how it was."
)
SAME_MEANING = (
    "We mean: not clearly slower than in your first two minutes. You know best how it "
    "was."
)
STIRRED_MEANING = (
    "We mean: clearly slower than your usual rest on other evenings. Boredom and "
    "tiredness slow a heart too. You know best how it was."
)
STIRRED_SAME_MEANING = (
    "We mean: not clearly slower than your usual rest on other evenings. You know best "
    "how it was."
)
STIRRED = (
    "Your heart was faster than usual when you sat down. Stairs, coffee, a long day: "
    "it can mean many things."
)
_MEANINGS = {SLOWER: MEANING, THE_SAME: SAME_MEANING}
_STIRRED_MEANINGS = {SLOWER: STIRRED_MEANING, THE_SAME: STIRRED_SAME_MEANING}
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
    stirred = (STIRRED,) if settled.is_stirred else ()
    told = _told(settled)
    if told == CANNOT_TELL:
        return (*stirred, told)
    meanings = _STIRRED_MEANINGS if settled.is_stirred else _MEANINGS
    return (*stirred, told, *left_out(settled.not_judged_s), meanings[told])


def _told(settled: Settled) -> str:
    if settled.judged_s < _FEWEST_KNOWN_S:
        return CANNOT_TELL
    if settled.settled_s > max(settled.by_chance_s, _FEWEST_KNOWN_S):
        return SLOWER
    # Much of what was left out may have been faster: then it was not the same.
    if settled.not_judged_s.get(Gate.AROUSED, 0.0) >= WORTH_TELLING_S:
        return CANNOT_TELL
    return THE_SAME
