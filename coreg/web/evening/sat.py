"""How long two sat together tonight, and how they breathed: a sum, kept block by block.

Nothing of it comes from a heart, unless hearts led the pace.
"""

from dataclasses import dataclass, replace

from coreg.facts.events import Breath

_STEP_PER_MIN = 0.5
_S_PER_MIN = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Sat:
    """Seconds of sitting together, without pauses and without what is asked or said.

    `paced` is how long each pace was followed, by breaths a minute to the half.
    """

    sat_s: float = 0.0
    paced: tuple[tuple[float, float], ...] = ()

    @property
    def breathing_s(self) -> float:
        """How long they breathed with a pace."""
        return sum(length_s for _, length_s in self.paced)

    @property
    def breaths_per_min(self) -> float | None:
        """Return the pace that was followed longest; None where there was none.

        Examples
        --------
        >>> Sat(paced=((8.0, 60.0), (6.0, 300.0))).breaths_per_min
        6.0
        """
        if not self.paced:
            return None
        return max(self.paced, key=lambda each: each[1])[0]

    def and_sat(self, length_s: float) -> "Sat":
        """Return the sum with another block in it."""
        return replace(self, sat_s=self.sat_s + max(length_s, 0.0))

    def and_more(self, other: "Sat") -> "Sat":
        """Return the sum with what was sat in another session of the same hour.

        Examples
        --------
        >>> Sat(sat_s=60.0, paced=((6.0, 20.0),)).and_more(
        ...     Sat(sat_s=30.0, paced=((6.0, 10.0), (5.5, 11.0)))
        ... )
        Sat(sat_s=90.0, paced=((6.0, 30.0), (5.5, 11.0)))
        """
        lengths = dict(self.paced)
        for pace, length_s in other.paced:
            lengths[pace] = lengths.get(pace, 0.0) + length_s
        return Sat(sat_s=self.sat_s + other.sat_s, paced=tuple(lengths.items()))

    def and_breathed(self, breath: Breath) -> "Sat":
        """Return the sum with another breath in it.

        Examples
        --------
        >>> ten = Breath(t_s=0.0, period_s=10.0, inhale_s=4.0)
        >>> Sat().and_breathed(ten).and_breathed(ten).paced
        ((6.0, 20.0),)
        """
        exact = _S_PER_MIN / breath.period_s
        pace = _STEP_PER_MIN * round(exact / _STEP_PER_MIN)
        lengths = dict(self.paced)
        lengths[pace] = lengths.get(pace, 0.0) + breath.period_s
        return replace(self, paced=tuple(lengths.items()))


NOT_SAT = Sat()
