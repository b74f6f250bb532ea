"""Whatever runs beside a practice: it hears everything, and the engine knows it not."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from coreg.analysis.cleaning_causal import CleanedBeat
from coreg.exercises.plan import Plan
from coreg.facts.codec import CUES, INPUTS
from coreg.facts.events import (
    NS_PER_S,
    Beat,
    BlockBegan,
    BlockEnded,
    Breath,
    CompanionFigure,
    Fact,
    Feature,
    Opened,
    PacerStopped,
    Partner,
    Press,
    Tapped,
    Tick,
)
from coreg.sensors.simulation.couple import SimulatedCouple
from coreg.session import engine
from coreg.session.companion import Companion, Learned, Told
from coreg.session.companions import companions_of
from coreg.session.lead import BreathLead
from coreg.session.replay import compare
from tests.helpers.living import live, opened

UNTIL_S = 5 * 60


class LongBeats(Companion):
    """Counts beats longer than a second, as a companion that counts sighs would."""

    def __init__(self) -> None:
        self.heard: list[tuple[Partner, CleanedBeat]] = []
        self.followed: list[Told] = []
        self.taken: list[Tapped] = []

    def hear(
        self, partner: Partner, beats: Sequence[CleanedBeat], *, readable: bool
    ) -> None:
        assert readable
        self.heard += [(partner, beat) for beat in beats]

    def follow(self, told: Told) -> list[Feature]:
        self.followed.append(told)
        if not isinstance(told, BlockBegan):
            return []
        return [
            CompanionFigure(
                t_s=told.t_s,
                partner=partner,
                name="long_beats",
                value=float(
                    sum(who is partner and b.rr_ms > 1000 for who, b in self.heard)
                ),
            )
            for partner in Partner
        ]

    def take(self, tapped: Tapped) -> None:
        self.taken.append(tapped)

    def taught(self, learned: Learned) -> Learned:
        return replace(learned, pace_belief="of long beats")


@pytest.fixture
def planted(monkeypatch: pytest.MonkeyPatch) -> list[LongBeats]:
    """Companions that came along, one for each engine that was opened."""
    along: list[LongBeats] = []

    def with_one_more(
        begins: Opened, plan: Plan, lead: BreathLead
    ) -> tuple[Companion, ...]:
        along.append(LongBeats())
        return (*companions_of(begins, plan, lead), along[-1])

    monkeypatch.setattr(engine, "companions_of", with_one_more)
    return along


def test_a_companion_hears_every_beat_and_all_that_the_couple_is_told(
    planted: list[LongBeats],
) -> None:
    presses = {200.0: Press.PAUSE, 220.0: Press.RESUME}
    lived = live(SimulatedCouple(seed=3), opened(), until_s=UNTIL_S, presses=presses)
    (companion,) = planted
    beats = [out for _, out in lived.outputs if isinstance(out, Beat)]
    times = {(beat.partner, beat.t_s) for beat in beats}
    assert times <= {(partner, beat.t_s) for partner, beat in companion.heard}
    for kind in (BlockBegan, Breath, PacerStopped):
        told = [out for _, out in lived.outputs if isinstance(out, kind)]
        assert told
        assert [each for each in companion.followed if isinstance(each, kind)] == told
    assert lived.learned.pace_belief == "of long beats"


def test_what_it_understood_is_hashed_with_its_block_and_comes_again(
    planted: list[LongBeats],
) -> None:
    lived = live(SimulatedCouple(seed=3), opened(), until_s=UNTIL_S)
    outputs = [out for _, out in lived.outputs]
    figures = [out for out in outputs if isinstance(out, CompanionFigure)]
    blocks = [out for out in outputs if isinstance(out, BlockBegan)]
    assert len(figures) == 2 * len(blocks)
    facts: list[Fact] = [*lived.inputs, *(o for o in outputs if isinstance(o, CUES))]
    compared = compare(facts, is_whole=False)
    assert compared.difference == ""
    planted.clear()
    with pytest.MonkeyPatch.context() as without:
        without.setattr(engine, "companions_of", companions_of)
        fewer = compare(facts, is_whole=False)
    assert "BlockEnded" in fewer.difference  # its figures are in the block's hash


def test_a_key_that_was_pressed_reaches_every_companion(
    planted: list[LongBeats],
) -> None:
    session = engine.Engine()
    session.feed(opened())
    tapped = Tapped(t_ns=NS_PER_S, partner=Partner.B)
    session.feed(Tick(t_ns=0))
    session.feed(tapped)
    assert planted[0].taken == [tapped]


def test_a_companion_that_does_nothing_changes_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    plain = live(SimulatedCouple(seed=4), opened(), until_s=UNTIL_S)
    monkeypatch.setattr(
        engine, "companions_of", lambda *given: (*companions_of(*given), Companion())
    )
    beside = live(SimulatedCouple(seed=4), opened(), until_s=UNTIL_S)
    assert [o for _, o in beside.outputs] == [o for _, o in plain.outputs]
    assert any(isinstance(out, BlockEnded) for _, out in plain.outputs)
    assert all(isinstance(each, INPUTS) for each in plain.inputs)
