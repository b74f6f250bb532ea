"""The benchmark of signals in lists counts what is said, and of what."""

import numpy as np
import pytest

from benchmarks.signals_as_lists import (
    MADE_UP,
    Row,
    Told,
    belts,
    counts,
    ecg_rows,
    filtered,
    made_up_rows,
    of_breath_one,
    rates_of,
    report,
    told,
)
from tests.helpers.shared import needs_data


def test_a_list_is_told_by_what_it_holds() -> None:
    beat = np.zeros(80)
    beat[10:16] = 20, 90, 200, 120, -30, -10
    ecg = 512 + np.tile(beat, 12)
    belt = np.round(700 + 100 * np.sin(np.arange(900) / 40))
    heart = 812 + 40 * np.sin(np.arange(900) * 1.4)
    heart += np.random.default_rng(1).normal(0, 10, 900)
    sorted_heart = np.sort(heart)
    lists = (ecg, belt, heart, sorted_heart)
    wanted = (Told.ECG, Told.CAUTION, Told.NO_WORD, Told.REFUSED)
    assert tuple(told(each)[0] for each in lists) == wanted


def test_a_row_counts_each_list_once(capsys: pytest.CaptureFixture[str]) -> None:
    rising = np.linspace(600, 899, 300)
    heart = 812 + np.random.default_rng(2).normal(0, 30, 300)
    others = report([Row("some", [heart, rising, heart])])
    assert capsys.readouterr().out.split() == ["some", "3", "0", "1", "0", "2"]
    assert list(others.values()) == [1]
    assert "rise from row to row" in next(iter(others))


def test_every_kind_of_made_up_heart_is_tried_and_none_is_refused(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert not report(made_up_rows(seed=1, hearts=1))
    rows = [line.split()[-5:] for line in capsys.readouterr().out.splitlines()]
    assert len(rows) == len(MADE_UP) + 2
    assert all(row[:3] == ["1", "0", "0"] for row in rows)


def test_the_same_seed_makes_the_same_hearts_and_another_one_others() -> None:
    one, again, other = (next(made_up_rows(seed, hearts=1)) for seed in (1, 1, 2))
    first, same, different = (next(iter(each.lists)) for each in (one, again, other))
    np.testing.assert_array_equal(first, same)
    assert np.any(first != different)


def test_a_signal_at_a_lower_rate_keeps_its_slow_waves_and_loses_others() -> None:
    t_s = np.arange(0, 60, 1 / 130)
    slow, fast = np.sin(2 * np.pi * t_s), np.sin(2 * np.pi * 40 * t_s)
    lower = filtered(slow + fast, 130.0, 20.0)
    wanted = np.sin(2 * np.pi * np.arange(lower.size) / 20)
    assert lower.size == 1200
    assert np.abs(lower - wanted)[40:-40].max() < 0.03


def test_noise_of_a_belt_is_a_share_of_its_breath() -> None:
    belt = 3 + 5 * np.sin(2 * np.pi * np.arange(600) / 40)  # at 10 Hz: 4 s, 10 high
    unit = of_breath_one(belt, 10.0)
    assert np.ptp(unit) == pytest.approx(1.0, rel=0.01)
    noise = counts(unit, 700, 200, np.random.default_rng(3), noise=0.05 * 200)
    assert np.std(noise - 700 - 200 * unit) == pytest.approx(10, rel=0.1)


def test_heart_rates_are_those_of_the_beat_in_which_a_second_falls() -> None:
    rates = rates_of(np.array([500.0, 1000.0, 1000.0, 2000.0]))
    np.testing.assert_array_equal(rates["of each beat"], [1200, 600, 600, 300])
    np.testing.assert_array_equal(rates["of each second"], [1200, 600, 600, 300, 300])
    np.testing.assert_allclose(rates["means of 5 s"], [600])


@needs_data
def test_each_real_ecg_and_belt_is_there() -> None:
    rows = list(ecg_rows(seed=1, stretches=1))
    assert len(rows) == 9
    assert sum(1 for _ in belts()) == 17
