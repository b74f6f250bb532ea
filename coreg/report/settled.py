"""What one's own page says of *settled* and of arriving: small, and never a score.

Experimental. A figure stands only beside what chance gives: somebody who does not
change at all is called settled about a tenth of the time on average, some far longer.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from coreg.events import Arrived, Partner, SettledWindow
from coreg.exercises.settled import SETTLED_CUT, UNCHANGING_SHARE
from coreg.exercises.state import Gate
from coreg.report.not_judged import minutes, not_judged
from coreg.report.timeline import Facts, of_partner

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
# Where several gates were shut at once: what the others cannot do without comes first.
_REASONS = (Gate.SIGNAL, Gate.AROUSED, Gate.WARMING_UP)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """How long one heart could be judged and was settled, and how it arrived."""

    judged_s: float
    settled_s: float
    is_stirred: bool
    not_judged_s: Mapping[Gate, float]

    @property
    def by_chance_s(self) -> float:
        """How long people who do not change are called settled, on average.

        Of sitting still in sessions of about twenty minutes; of some it is far more.
        """
        return UNCHANGING_SHARE * self.judged_s


def settled_of(partner: Partner, facts: Facts) -> Settled:
    """Gather what the facts say of one partner."""
    windows = of_partner(facts, partner, SettledWindow)
    judged = [window for window in windows if not window.gates]
    return Settled(
        judged_s=sum(window.length_s for window in judged),
        settled_s=sum(w.length_s for w in judged if w.settled >= SETTLED_CUT),
        is_stirred=any(one.is_stirred for one in of_partner(facts, partner, Arrived)),
        not_judged_s={
            reason: sum(w.length_s for w in windows if _first_shut(w) is reason)
            for reason in _REASONS
        },
    )


def _first_shut(window: SettledWindow) -> Gate | None:
    """Return the one reason a window counts for."""
    return next((gate for gate in _REASONS if gate.name in window.gates), None)


def sentences(settled: Settled) -> tuple[str, ...]:
    """Return what one's own page says.

    Examples
    --------
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
