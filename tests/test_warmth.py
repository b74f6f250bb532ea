"""One warmth for two: from the smaller response, never one person's own."""

import math

import pytest
from hypothesis import given, strategies as st

from coreg.exercises.states.warmth import COMES_UP, SharedWarmth
from coreg.facts.events import BreathSwing, Partner

SWINGS = st.lists(
    st.tuples(*[st.floats(0, 500) | st.just(math.nan)] * 2), min_size=1, max_size=60
)


def swing(partner: Partner, number: int, rsa_ms: float) -> BreathSwing:
    return BreathSwing(
        t_s=10.0 * number + 13,
        partner=partner,
        breath_start_s=10.0 * number,
        breath_period_s=10.0,
        rsa_ms=rsa_ms,
        rsa_bpm=rsa_ms / 10,
    )


def warmths(pairs: list[tuple[float, float]]) -> list[float]:
    """The warmth after each breath of both."""
    shared = SharedWarmth()
    told = []
    for number, both in enumerate(pairs):
        first, second = (
            shared.observe(swing(partner, number, rsa_ms))
            for partner, rsa_ms in zip(Partner, both, strict=True)
        )
        assert first is None  # the other heart is not known yet
        assert second is not None
        told.append(second)
    return told


def test_two_steady_hearts_are_warm_whatever_their_size() -> None:
    assert warmths([(20.0, 120.0)] * 20)[-1] == pytest.approx(1.0)


def test_it_comes_up_slowly() -> None:
    told = warmths([(50.0, 50.0)] * 10)
    assert told[0] == pytest.approx(1 / COMES_UP)
    assert told == sorted(told)


@pytest.mark.parametrize("fallen", [0, 1])
def test_the_smaller_response_decides_whoever_it_is(fallen: int) -> None:
    """One heart halves its swing: 0.5 of its own best, for both, either way."""
    weaker = (20.0, 80.0) if fallen == 0 else (40.0, 40.0)
    told = warmths([(40.0, 80.0)] * 27 + [weaker] * 3)
    assert told[-1] == pytest.approx(0.5, abs=0.01)


def test_one_alone_cannot_raise_it() -> None:
    halved = [(40.0, 80.0)] * 27 + [(20.0, 80.0)] * 3
    raised = [(40.0, 80.0)] * 27 + [(20.0, 400.0)] * 3
    assert warmths(raised)[-1] == warmths(halved)[-1]


def test_one_odd_breath_is_not_seen() -> None:
    told = warmths([(50.0, 60.0)] * 20 + [(2.0, 60.0)] + [(50.0, 60.0)] * 5)
    assert told[20:] == pytest.approx([1.0] * 6)


def test_where_one_heart_is_unknown_so_is_the_warmth_for_both() -> None:
    told = warmths([(50.0, 60.0)] * 10 + [(50.0, math.nan)] * 3 + [(50.0, 60.0)] * 3)
    assert math.isnan(told[12])
    assert told[-1] == pytest.approx(1.0)


@given(SWINGS)
def test_it_stays_between_nothing_and_one(pairs: list[tuple[float, float]]) -> None:
    assert all(math.isnan(value) or 0 <= value <= 1 for value in warmths(pairs))


@given(SWINGS)
def test_it_does_not_matter_who_is_called_a(pairs: list[tuple[float, float]]) -> None:
    mirrored = [(b, a) for a, b in pairs]
    for one, other in zip(warmths(pairs), warmths(mirrored), strict=True):
        assert one == other or (math.isnan(one) and math.isnan(other))


@given(SWINGS, st.floats(0.25, 4))
def test_only_oneself_is_the_measure(
    pairs: list[tuple[float, float]], larger: float
) -> None:
    """A heart that swings so many times further throughout is no warmer."""
    scaled = [(larger * a, b) for a, b in pairs]
    for one, other in zip(warmths(pairs), warmths(scaled), strict=True):
        assert (math.isnan(one) and math.isnan(other)) or one == pytest.approx(other)
