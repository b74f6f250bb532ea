"""Coupled models: planted influence helps to predict, and its absence does not."""

import numpy as np
import pytest
from numpy.typing import NDArray

from coreg.analysis.coupling import coupled_oscillator, inertia_and_coordination

Floats = NDArray[np.float64]


def oscillators(
    seed: int, coupling: float, seconds: int = 900
) -> tuple[Floats, Floats]:
    """Two damped oscillators of 0.02 Hz, pushed by chance; B's speed follows A's."""
    rng = np.random.default_rng(seed)
    omega2, damping, step_s = (2 * np.pi * 0.02) ** 2, 0.05, 0.1
    x, v = np.zeros(2), np.zeros(2)
    seen = np.empty((seconds, 2))
    for i in range(seconds * 10):
        push = 0.02 * rng.normal(size=2) / np.sqrt(step_s)
        force = -omega2 * x - damping * v + push
        force[1] += coupling * v[0]
        v = v + step_s * force
        x = x + step_s * v
        if i % 10 == 0:
            seen[i // 10] = x
    return seen[:, 0], seen[:, 1]


def vector_autoregression(
    seed: int, coordination: float, n: int = 400
) -> tuple[Floats, Floats]:
    rng = np.random.default_rng(seed)
    x = np.zeros((n, 2))
    for i in range(1, n):
        x[i] = 0.5 * x[i - 1] + rng.normal(size=2)
        x[i, 1] += coordination * x[i - 1, 0]
    return x[:, 0], x[:, 1]


def test_the_oscillator_knows_its_own_rhythm() -> None:
    t_s = np.arange(600.0)
    a = np.sin(2 * np.pi * 0.02 * t_s)
    found = coupled_oscillator(a, np.cos(2 * np.pi * 0.013 * t_s))
    # A parabola over 9 s keeps (2 pi .02)^2 of a wave this slow to a few per cent.
    assert found.a.eta_per_s2 == pytest.approx(-((2 * np.pi * 0.02) ** 2), rel=0.05)
    assert found.a.zeta_per_s == pytest.approx(0, abs=0.002)
    assert found.growth_apart_per_s == pytest.approx(0, abs=0.002)


def test_an_influence_helps_to_predict_the_one_who_is_influenced() -> None:
    found = [coupled_oscillator(*oscillators(seed, 0.15)) for seed in range(10)]
    assert sum(each.b.held_out.p <= 0.05 for each in found) >= 8
    assert np.mean([each.b.partner_zeta_per_s for each in found]) > 0.03


def test_without_influence_the_partner_does_not_help_to_predict() -> None:
    found = [coupled_oscillator(*oscillators(seed, 0.0)) for seed in range(20)]
    both = [each for pair in found for each in (pair.a, pair.b)]
    assert sum(each.held_out.p <= 0.05 for each in both) <= 6
    assert np.mean([each.held_out.gain for each in both]) < 0.01


def test_inertia_and_coordination_are_those_that_were_planted() -> None:
    found = [
        inertia_and_coordination(*vector_autoregression(seed, 0.4), 1)
        for seed in range(10)
    ]
    assert np.mean([b.inertia for _, b in found]) == pytest.approx(0.5, abs=0.05)
    assert np.mean([b.coordination for _, b in found]) == pytest.approx(0.4, abs=0.05)
    assert np.mean([a.coordination for a, _ in found]) == pytest.approx(0, abs=0.05)
    assert sum(b.held_out.p <= 0.05 for _, b in found) >= 9


def test_values_are_means_over_the_step() -> None:
    a, b = vector_autoregression(1, 0.4)
    every_3 = [np.repeat(x, 3) for x in (a, b)]
    told, truth = (
        inertia_and_coordination(every_3[0], every_3[1], 3)[1],
        inertia_and_coordination(a, b, 1)[1],
    )
    assert told.coordination == pytest.approx(truth.coordination)


def test_too_little_data_gives_no_numbers() -> None:
    found = coupled_oscillator(np.arange(20.0), np.arange(20.0))
    assert np.isnan([found.a.eta_per_s2, found.growth_per_s]).all()
    assert found.a.held_out.blocks == 0
    assert np.isnan(coupled_oscillator(np.ones(3), np.ones(3)).growth_per_s)


def test_coefficients_are_those_of_parabolas_and_rows_without_a_gap() -> None:
    """One np.polyfit a window, rows that touch the gap left out, one lstsq."""
    a, b = oscillators(3, 0.1)
    a[100:200] = np.nan
    at = np.arange(9) - 4
    rows, targets = [], []
    for i in range(a.size - 8):
        one, other = a[i : i + 9], b[i : i + 9]
        if not np.isfinite(one).all():
            continue
        bend, speed, level = np.polyfit(at, one, 2)
        _, partner_speed, partner_level = np.polyfit(at, other, 2)
        rows.append([level, speed, partner_level, partner_speed])
        targets.append(2 * bend)
    truth = np.linalg.lstsq(np.array(rows), np.array(targets), rcond=None)[0]
    found = coupled_oscillator(a, b).a
    assert (
        found.eta_per_s2,
        found.zeta_per_s,
        found.partner_eta_per_s2,
        found.partner_zeta_per_s,
    ) == pytest.approx(tuple(truth), rel=1e-6)
