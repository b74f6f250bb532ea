"""Followed or not, breath by breath, of chests whose breath was planted."""

import numpy as np
import pytest

from coreg.analysis.breath_in_step import (
    BreathInStep,
    breath_in_step,
    does_not_follow,
)
from coreg.facts.arrays import Floats
from coreg.facts.kinds import InStep


def trace(rate_per_min: float, late_s: float = 0.0) -> tuple[Floats, Floats]:
    t_s = np.arange(0.1, 200, 0.2)
    noise = np.random.default_rng(3).standard_normal((t_s.size, 3))
    wave = np.sin(2 * np.pi * rate_per_min / 60 * (t_s - late_s))
    return t_s, np.outer(8 * wave, [0.1, -0.3, 0.95]) + noise


def paced_at_six(t_s: Floats, mg: Floats) -> list[BreathInStep]:
    return [breath_in_step(t_s, mg, 10.0 * n, 10.0, 5.0) for n in range(1, 18)]


def told(breaths: list[BreathInStep]) -> list[InStep]:
    return [each.in_step for each in breaths]


@pytest.mark.parametrize("late_s", [0.0, 1.0, 2.5, 5.0])
def test_who_breathes_at_the_pace_follows_however_late(late_s: float) -> None:
    breaths = paced_at_six(*trace(6, late_s))
    assert {each.in_step for each in breaths} == {InStep.FOLLOWED}
    assert not does_not_follow(told(breaths))


@pytest.mark.parametrize("rate_per_min", [9, 11, 13, 16])
def test_who_breathes_otherwise_is_found_within_four_breaths(
    rate_per_min: float,
) -> None:
    breaths = paced_at_six(*trace(rate_per_min))
    assert does_not_follow(told(breaths[:4]))
    assert InStep.FOLLOWED not in {each.in_step for each in breaths}


def test_a_trace_that_does_not_reach_is_not_told() -> None:
    t_s, mg = trace(6)
    short = t_s < 18
    told = breath_in_step(t_s[short], mg[short], 10.0, 10.0, 5.0)
    assert told.in_step is InStep.UNTOLD


def test_a_chest_that_does_not_move_is_not_told() -> None:
    t_s = np.arange(0.1, 60, 0.2)
    still = breath_in_step(t_s, np.zeros((t_s.size, 3)), 10.0, 10.0, 4.0)
    assert still.in_step is InStep.UNTOLD


def test_fidgeting_over_a_breath_that_goes_along_is_no_rhythm_of_ones_own() -> None:
    rng = np.random.default_rng(8)
    t_s, mg = trace(6)
    called = 0
    for _ in range(12):
        jerks = np.cumsum(rng.normal(size=(t_s.size, 3)), axis=0)
        slow = [np.convolve(axis, np.ones(25) / 25, "same") for axis in jerks.T]
        jerks -= np.array(slow).T
        breaths = paced_at_six(t_s, mg + 8 * jerks)
        called += does_not_follow(told(breaths[:10]))
        assert InStep.UNTOLD in {each.in_step for each in breaths}
    assert called <= 1
