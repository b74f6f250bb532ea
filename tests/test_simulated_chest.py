"""What a simulated chest's accelerometer tells is its body's own breath."""

import numpy as np
import pytest

from coreg.analysis.breath_from_acceleration import breath_of_acceleration, known
from coreg.facts.events import NS_PER_S, Breath, Partner
from coreg.sensors.simulation.chest import (
    ScriptedStir,
    Stir,
    acceleration_mg,
    chest_chance,
    draw_chest_traits,
)
from coreg.sensors.simulation.couple import SimulatedCouple


def test_the_breath_of_a_simulated_couple_is_found_in_their_acceleration() -> None:
    couple = SimulatedCouple(seed=11)
    for n in range(12):
        couple.hear(Breath(t_s=10.0 * n, period_s=10.0, inhale_s=4.0))
    couple.advance(125 * NS_PER_S)
    for place, partner in enumerate(Partner):
        person = couple.people[partner]
        traits = draw_chest_traits(np.random.default_rng(place))
        beats_s = np.array(person.beat_times_s)
        chance = chest_chance(11, place)
        felt = acceleration_mg(traits, chance, *person.lungs, beats_s)
        told = known(breath_of_acceleration(*felt))
        truth = {each.t_s: each.breaths_per_min for each in person.moments}
        steady = [
            each
            for each in told
            if each.t_s > 60
            and all(truth[each.t_s - back] == 6.0 for back in range(45))
        ]
        assert len(steady) >= 5
        assert max(abs(each.rate_per_min - 6.0) for each in steady) < 0.3


@pytest.mark.parametrize("kind", list(Stir))
def test_a_stir_changes_only_what_comes_after_it(kind: Stir) -> None:
    traits = draw_chest_traits(np.random.default_rng(2))
    t_s = np.arange(0.0, 40.0, 0.1)
    lungs = 0.5 - 0.5 * np.cos(2 * np.pi * t_s / 5)
    beats_s = np.arange(0.0, 40.0, 0.9)
    stir = ScriptedStir(kind=kind, start_s=20.0, length_s=5.0)
    chance = chest_chance(1, 0)
    at_s, calm_mg = acceleration_mg(traits, chance, t_s, lungs, beats_s)
    _, mg = acceleration_mg(traits, chance, t_s, lungs, beats_s, [stir])
    before = at_s < 20
    assert np.array_equal(mg[before], calm_mg[before])
    assert np.abs(mg[~before] - calm_mg[~before]).max() > 5


def test_the_same_chance_gives_the_same_samples() -> None:
    traits = draw_chest_traits(np.random.default_rng(2))
    t_s = np.arange(0.0, 20.0, 0.1)
    made = [
        acceleration_mg(traits, chest_chance(4, 1), t_s, np.zeros(200), np.zeros(0))
        for _ in range(2)
    ]
    assert np.array_equal(made[0][1], made[1][1])
