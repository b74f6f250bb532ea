"""What may run beside a practice: it takes facts and returns facts.

A companion has its own settings and its own state, says what it understood as features
and what the couple should know as cues, and hands on what it learned to the next
evening. The engine holds a list of them and knows none by name; whatever a companion is
told comes in the same order live and in a replay, so it needs no clock.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from coreg.analysis.cleaning_causal import CleanedBeat
from coreg.facts.events import (
    BlockBegan,
    Breath,
    BreathSeen,
    Cue,
    Feature,
    FloodingPassed,
    PacedBreathSeen,
    PacerStopped,
    Partner,
    Paused,
    PossibleFlooding,
    Resumed,
    Tapped,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Glided:
    """The pace has arrived where it was gliding to; told again with each breath."""

    t_s: float


Told = (
    BlockBegan
    | Breath
    | FloodingPassed
    | Glided
    | PacerStopped
    | Paused
    | PossibleFlooding
    | Resumed
)
"""What companions follow of the practice, and of one another."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Learned:
    """What an evening taught for the next: a belief as text, and of each the rest.

    The text and taps are empty and a figure NaN where nothing was learned.
    """

    session_id: str
    pace_belief: str
    arrived_bpm: tuple[float, ...]
    usual_taps_s: tuple[tuple[float, ...], ...]


class Companion:
    """Takes everything in and says nothing: each companion overrides what it needs."""

    def hear(
        self, partner: Partner, beats: Sequence[CleanedBeat], *, readable: bool
    ) -> None:
        """Take beats once cleaning has labelled them, some beats late.

        In a session from before that was so they come at once, as sent. `readable`:
        the strap can be believed.
        """

    def see(self, seen: BreathSeen | PacedBreathSeen) -> None:
        """Take how somebody breathes, where their strap shows it."""

    def take(self, tapped: Tapped) -> None:
        """Take a key that somebody pressed."""

    def follow(self, told: Told) -> list[Feature]:  # noqa: ARG002 - a companion may
        """Follow what the couple is told, before it is; return what is known by it."""
        return []

    def notice(self, t_s: float) -> list[Cue]:  # noqa: ARG002 - a companion may
        """Say what the beats that were just heard mean for the couple."""
        return []

    def features(self, t_s: float) -> list[Feature]:  # noqa: ARG002 - a companion may
        """Return what is known by now; asked four times a second."""
        return []

    def cues(self, t_s: float) -> Sequence[Cue]:  # noqa: ARG002 - a companion may
        """Return what the couple should be told by now; asked after `features`."""
        return ()

    def taught(self, learned: Learned) -> Learned:
        """Return what the evening taught, with what this one learned of it."""
        return learned
