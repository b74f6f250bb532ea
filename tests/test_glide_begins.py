"""Where the breath of a session begins: at what the slower chest was seen to do."""

import pytest

from coreg.facts.events import (
    NS_PER_S,
    Breath,
    Input,
    Partner,
    Press,
    Pressed,
    StreamPacket,
    StreamStarted,
    Tick,
)
from coreg.session.engine import Engine
from coreg.store.plans import plan_text
from tests.helpers.openings import changed
from tests.helpers.two_chests import chest, light_session, opened

A, B = Partner.A, Partner.B
ARRIVED_S = 90


def first_rate(a_per_min: float, b_per_min: float, *unseen: Partner) -> float:
    """The first breath's rate, of two who are ready after they sat for a while."""
    inputs: list[Input] = [
        each
        for each in light_session({A: chest(a_per_min), B: chest(b_per_min)}, 180)
        if not (
            isinstance(each, StreamPacket | StreamStarted) and each.partner in unseen
        )
    ]
    inputs[0] = changed(opened(), plan_toml=plan_text("relaxed-and-alert"))
    ready = Pressed(t_ns=ARRIVED_S * NS_PER_S, press=Press.READY)
    at = next(
        n
        for n, each in enumerate(inputs)
        if isinstance(each, Tick) and each.t_ns > ready.t_ns
    )
    inputs.insert(at, ready)
    engine = Engine()
    for given in inputs:
        for said in engine.feed(given):
            if isinstance(said, Breath):
                return 60 / said.period_s
    raise AssertionError("no breath began")


@pytest.mark.parametrize(("a", "b", "slower"), [(9, 14, 9), (15, 8, 8), (10, 10, 10)])
def test_a_session_begins_at_the_breath_of_the_slower_chest(
    a: float, b: float, slower: float
) -> None:
    assert first_rate(a, b) == pytest.approx(slower, abs=0.3)


def test_of_a_chest_that_is_not_seen_twelve_a_minute_are_taken() -> None:
    assert first_rate(15, 9, B) == 12
    assert first_rate(9, 15, B) == pytest.approx(9, abs=0.3)
    assert first_rate(9, 15, A, B) == 12
