"""How long each heart was settled, of what could be judged, and how it arrived."""

from collections.abc import Mapping
from dataclasses import dataclass

from coreg.exercises.states.gates import Gate
from coreg.exercises.states.settled import SETTLED_CUT, UNCHANGING_SHARE
from coreg.facts.events import Arrived, Partner, SettledWindow
from coreg.findings.timeline import Facts, of_partner

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
    """Return the one reason under which a window is counted."""
    return next((gate for gate in _REASONS if gate.name in window.gates), None)
