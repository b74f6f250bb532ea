"""The light that follows both, as a companion: it sees breaths, and hears no heart."""

from coreg.exercises.blocks import meaning_of
from coreg.exercises.pacing.both_light import BothLight
from coreg.facts.events import (
    BlockBegan,
    BreathSeen,
    Feature,
    PacedBreathSeen,
    PaceTurned,
    Pacing,
)
from coreg.session.companion import Companion, Told


class FollowingLight(Companion):
    """Chooses how fast the light goes; says when it goes as both breathe, or alone."""

    def __init__(self) -> None:
        self._light = BothLight()
        self._told: Pacing | None = None

    def see(self, seen: BreathSeen | PacedBreathSeen) -> None:
        """Take how fast somebody breathes; a breath beside a pacer is nothing to it."""
        if isinstance(seen, BreathSeen):
            self._light.see(seen.partner, seen.t_s, seen.rate_per_min)

    def follow(self, told: Told) -> list[Feature]:
        """Say anew in each part what the light does."""
        if isinstance(told, BlockBegan) and meaning_of(told.kind).is_lit:
            self._told = None
        return []

    def rate_per_min(self, t_s: float) -> float:
        """Return the rate of the swell that begins then (swells a minute)."""
        return self._light.per_min(t_s)

    def turned(self, t_s: float) -> list[PaceTurned]:
        """Say what the light does, when it does something else."""
        pacing = self._light.pacing(t_s)
        if pacing is self._told:
            return []
        self._told = pacing
        return [PaceTurned(t_s=t_s, pacing=pacing)]
