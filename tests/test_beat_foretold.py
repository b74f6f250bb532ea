"""What both sides foretell of a beat: learned exactly where it can be, else by size."""

import math

import numpy as np
import pytest
from hypothesis import given, strategies as st
from numpy.typing import NDArray

from coreg.analysis.beat_foretold import PAIRS, spreads_short

Array = NDArray[np.float64]


def short(rr_ms: Array, at: int, pairs: int = PAIRS) -> float:
    return spreads_short(rr_ms, np.ones(rr_ms.size, dtype=bool), at, pairs)


@pytest.mark.parametrize("beats", [2.7, 4.4, 9.1])
def test_a_breath_of_any_length_is_learned(beats: float) -> None:
    # With a cosine c of the angle between beats the mean of the pair k away from any
    # beat is its own deviation times T_k(c): pairs 1 and 2 alone tell it exactly.
    n = np.arange(130)
    jitter = np.random.default_rng(1).normal(0, 1, n.size)
    rr_ms = 900 + 120 * np.sin(2 * math.pi * n / beats) + jitter
    for at in range(40, 60):
        assert abs(short(rr_ms, at, 2)) < 4.5
    rr_ms[50] -= 60
    assert short(rr_ms, 50, 2) > 8


def test_of_a_heart_that_only_jitters_the_mean_of_all_around_is_learned() -> None:
    # Its variance is 1/6 of one beat's, so that 60 ms of 10 are 60 / sqrt(1 + 1/6)
    # / 10 = 5.55 spreads, and those of single beats have a spread of 1.
    rng = np.random.default_rng(2)
    hearts = rng.normal(800, 10, (400, 127))
    without = np.array([short(rr_ms, 60) for rr_ms in hearts])
    hearts[:, 60] -= 60
    early = np.array([short(rr_ms, 60) for rr_ms in hearts])
    assert np.mean(early - without) == pytest.approx(5.55, rel=0.05)
    assert np.std(without) == pytest.approx(1.0, abs=0.12)


def test_one_early_beat_among_those_that_teach_hides_another_by_little() -> None:
    rr_ms = np.random.default_rng(4).normal(800, 10, 127)
    rr_ms[60] -= 80
    alone = short(rr_ms, 60)
    rr_ms[100] -= 80
    assert short(rr_ms, 60) > 0.75 * alone


@given(size=st.integers(7, 40), at=st.integers(3, 36))
def test_too_few_to_learn_from_say_nothing(size: int, at: int) -> None:
    at = min(at, size - 4)
    rr_ms = np.random.default_rng(size).normal(800, 10, size)
    places = sum(abs(k - at) > PAIRS for k in range(PAIRS, size - PAIRS))
    rr_ms[at] = 300
    assert (short(rr_ms, at) == -math.inf) == (places < 15)


def test_what_is_not_believed_does_not_teach() -> None:
    rr_ms = np.random.default_rng(5).normal(800, 10, 127)
    may_teach = np.ones(127, dtype=bool)
    may_teach[20:40] = False
    spoiled = rr_ms.copy()
    spoiled[20:40] = 60_000.0
    assert spreads_short(spoiled, may_teach, 60, PAIRS) == spreads_short(
        rr_ms, may_teach, 60, PAIRS
    )


def test_a_heart_that_never_lies_off_is_told_from_one_that_does_once() -> None:
    rr_ms = np.full(60, 800.0)
    assert short(rr_ms, 30) == -math.inf
    rr_ms[30] = 700
    assert short(rr_ms, 30) == math.inf
