"""Turns of a simulated evening: who speaks, and what it is for each of the two.

A turn is no more than events (`events_of`): talking, and for either of the two an
upset, a relief or a delight that begins in it, grows, stays until it ends and fades.
What the two are to one another in it stands beside, as the truth of who spoke.
"""

from dataclasses import dataclass, replace
from typing import Final

from coreg.facts.events import Partner
from coreg.sensors.simulation.events import EventKind, ScriptedEvent, usual_event

FELT: Final = (EventKind.UPSET, EventKind.RELIEF, EventKind.DELIGHT)
SPEAKING_BPM: Final = usual_event(EventKind.TALK, 0.0).change_bpm


@dataclass(frozen=True, slots=True, kw_only=True)
class Felt:
    """What a turn is for one of the two, from `after_s` into it."""

    partner: Partner
    kind: EventKind
    change_bpm: float
    after_s: float
    rise_s: float
    fade_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ScriptedTurn:
    """One turn; nobody speaks where `speaker` is None."""

    start_s: float
    length_s: float
    speaker: Partner | None
    speaking_bpm: float = SPEAKING_BPM
    feels: tuple[Felt, ...] = ()

    def role_of(self, partner: Partner) -> str:
        """Return what one of the two does in it."""
        if self.speaker is None:
            return "quiet"
        return "speaks" if partner is self.speaker else "listens"

    def events_of(self, partner: Partner) -> tuple[ScriptedEvent, ...]:
        """Return what happens to one of the two."""
        felt = (self._felt(each) for each in self.feels if each.partner is partner)
        if partner is not self.speaker:
            return tuple(felt)
        usual = usual_event(EventKind.TALK, self.start_s)
        talk = replace(
            usual,
            change_bpm=self.speaking_bpm,
            hold_s=max(0.0, self.length_s - usual.rise_s),
        )
        return (talk, *felt)

    def _felt(self, felt: Felt) -> ScriptedEvent:
        stays_s = self.length_s - felt.after_s - felt.rise_s
        return ScriptedEvent(
            kind=felt.kind,
            start_s=self.start_s + felt.after_s,
            change_bpm=felt.change_bpm,
            rise_s=felt.rise_s,
            hold_s=max(0.0, stays_s),
            fade_s=felt.fade_s,
        )
