"""The lead: the shared pacer as a companion, the only one that moves the breath."""

from collections.abc import Sequence
from dataclasses import replace

from coreg.analysis.cleaning_causal import CleanedBeat
from coreg.exercises.pacing.make_pacer import belief_text
from coreg.exercises.pacing.shared_pacer import BY_HAND_PER_MIN, SharedPacer
from coreg.facts.events import (
    BreathSeen,
    Feature,
    PacedBreathSeen,
    PacerStopped,
    PaceTurned,
    Pacing,
    Partner,
    Press,
)
from coreg.session.companion import Companion, Learned, Told


class BreathLead(Companion):
    """Leads both breaths; `by_heart` says whether hearts steer it and teach it."""

    def __init__(self, pacer: SharedPacer, *, by_heart: bool) -> None:
        self._pacer = pacer
        self._by_heart = by_heart
        self._told = Pacing.STAYING  # what the couple was told of it

    @property
    def is_gliding(self) -> bool:
        """Whether the pace is still on its way from the breath they came with."""
        return self._pacer.is_gliding

    def hear(
        self,
        partner: Partner,
        beats: Sequence[CleanedBeat],
        *,
        readable: bool,  # noqa: ARG002 - it weighs by itself how far to believe them
    ) -> None:
        """Learn from a heart, where hearts may steer."""
        if self._by_heart:
            for beat in beats:
                self._pacer.observe(partner, beat.t_s, beat.nn_ms)

    def see(self, seen: BreathSeen | PacedBreathSeen) -> None:
        """Learn from a chest how fast somebody breathes, and whether with the pacer."""
        if isinstance(seen, PacedBreathSeen):
            self._pacer.see_beside(seen.partner, seen.t_s, seen.in_step)
        else:
            self._pacer.see(seen.partner, seen.t_s, seen.rate_per_min, seen.seen_s)

    def follow(self, told: Told) -> list[Feature]:
        """Stand still where the practice does."""
        if isinstance(told, PacerStopped):
            self._pacer.stopped(told.t_s)
        return []

    def rate_per_min(self, t_s: float) -> float:
        """Return the rate of the breath that begins then (breaths a minute)."""
        return self._pacer.rate_per_min(t_s)

    def too_slow(self, t_s: float) -> list[PaceTurned]:
        """Go no slower tonight; say so, where that is news."""
        self._pacer.too_slow(t_s)
        return self.turned(t_s)

    def steer(self, press: Press, t_s: float) -> list[PaceTurned]:
        """Let a therapist who is there say how fast; say so, where that is news."""
        match press:
            case Press.SLOWER:
                self._pacer.led_by_hand(-BY_HAND_PER_MIN)
            case Press.FASTER:
                self._pacer.led_by_hand(BY_HAND_PER_MIN)
            case Press.HOLD:
                self._pacer.led_by_hand(0.0)
            case _:
                self._pacer.led_by_itself()
        return self.turned(t_s)

    def turned(self, t_s: float) -> list[PaceTurned]:
        """Say what the pacer does, when it does something else."""
        if self._pacer.pacing is self._told:
            return []
        self._told = self._pacer.pacing
        return [PaceTurned(t_s=t_s, pacing=self._told)]

    def expected_swing_ms(self, partner: Partner, rate_per_min: float) -> float:
        """Return how far this heart is believed to swing at a rate (milliseconds)."""
        return self._pacer.expected_swing_ms(partner, rate_per_min)

    def taught(self, learned: Learned) -> Learned:
        """Hand on what is believed of the pace, where hearts could teach it."""
        belief = belief_text(self._pacer) if self._by_heart else ""
        return replace(learned, pace_belief=belief)
