"""A strap in the air, as the pages show it."""

import math
from dataclasses import dataclass
from typing import Literal

from coreg.facts.events import Partner

Signal = Literal["good", "dry", "silent", "searching"]
"""How well a strap is heard."""

_HEARD = frozenset({"good", "dry"})


@dataclass(frozen=True, slots=True, kw_only=True)
class StrapSeen:
    """One strap in the air; `worn_by` is what is remembered of it, if anything.

    `identity` stays the same from evening to evening, which `id` need not; it counts
    once the strap `has_said_who` it is. `sees_breath`: it can measure how a chest
    moves; None: nobody knows yet. `jumps` are those of the last half minute's
    beats (0 to 1, NaN where nothing is known): nothing of a heart can be read from
    them. `words` say more than the signal does, where there is more.
    """

    id: str
    identity: str
    has_said_who: bool
    name: str
    model: str
    ends: str
    worn_by: Partner | None
    jumps: tuple[float, ...]
    signal: Signal
    words: str
    sees_breath: bool | None = None

    @property
    def arrives(self) -> bool:
        """Whether beats of this heart are heard now.

        A strap that was there may be gone, and one without contact may go on sending
        the last rate it knew.
        """
        heard = self.jumps[-1:] or (math.nan,)
        return self.signal in _HEARD and math.isfinite(*heard)
