"""A light that goes as both breathe, and leads neither.

For people whom a pace to follow makes tense. Strategy (docs/decisions/0056):

1. **Between both.** Where both chests are seen, the light swells at the geometric mean
   of both rates: as many times slower than the one as it is faster than the other. So
   neither is favoured, and with A and B swapped it is the same to the last bit.
2. **Never by one alone.** Where only one is seen, it goes by itself, slowly: following
   that one would leave the other behind; stopping would say that something is wrong.
3. **No jump.** From one swell to the next its rate changes by a twelfth at most, down
   as well as up. A breath that is not seen for a moment (it hides when somebody shifts)
   still counts for a while.
4. **No phase.** Which way up a strap is worn is not known, so neither is whether a
   chest rises or falls: a light that claimed to would go the wrong way for many.

There is no chance in it and no clock: the same breaths seen give the same swells.
"""

import math
from typing import Final

from coreg.facts.events import Pacing, Partner

CALM_PER_MIN: Final = 6.0
SLOWEST_PER_MIN: Final = 4.0
# Somebody who breathes faster than that is not shown how fast.
FASTEST_PER_MIN: Final = 18.0
MOST_CHANGE: Final = 13 / 12
# After a shift of the seat a breath is seen again within 16 to 40 s.
SEEN_FOR_S: Final = 30.0


class BothLight:
    """Chooses the rate of each swell from how fast both chests breathe."""

    __slots__ = ("_per_min", "_seen")

    def __init__(self) -> None:
        self._per_min = CALM_PER_MIN
        self._seen: dict[Partner, tuple[float, float]] = {}

    def see(self, partner: Partner, t_s: float, own_per_min: float) -> None:
        """Take how fast a chest breathes, once a second; NaN where it is not known."""
        if math.isfinite(own_per_min):
            self._seen[partner] = (t_s, own_per_min)

    def per_min(self, t_s: float) -> float:
        """Return the rate of the swell that begins then; asked once a swell."""
        aim = self._aim_per_min(t_s)
        least, most = self._per_min / MOST_CHANGE, self._per_min * MOST_CHANGE
        self._per_min = min(max(aim, least), most)
        return self._per_min

    def pacing(self, t_s: float) -> Pacing:
        """Return whether it goes as both breathe now, or by itself."""
        is_led = len(self._lately_per_min(t_s)) == len(Partner)
        return Pacing.FOLLOWING if is_led else Pacing.CALM

    def _aim_per_min(self, t_s: float) -> float:
        seen = self._lately_per_min(t_s)
        if len(seen) < len(Partner):
            return CALM_PER_MIN
        one, other = seen
        between_per_min = math.sqrt(one * other)
        return min(max(between_per_min, SLOWEST_PER_MIN), FASTEST_PER_MIN)

    def _lately_per_min(self, t_s: float) -> list[float]:
        return [
            own_per_min
            for seen_s, own_per_min in self._seen.values()
            if t_s - seen_s <= SEEN_FOR_S
        ]
