"""The truth that the breath by chest and by ECG are held against, on planted lungs."""

import numpy as np
import pytest
from numpy.typing import NDArray

from benchmarks.breath_two_ways import Told, figures, turns_of

Floats = NDArray[np.float64]
T_S: Floats = np.arange(0.0, 300.0, 0.1)
SIX_S = 10.0


def filled(t_s: Floats) -> Floats:
    """Lungs that are emptiest each ten seconds."""
    full: Floats = 0.5 - 0.5 * np.cos(2 * np.pi * t_s / SIX_S)
    return full


def told(rates: list[float], late_rad: float = 0.0) -> Told:
    asked_s: Floats = np.linspace(100.0, 95.0 + 5 * len(rates), len(rates))
    now_s: Floats = asked_s + 0.7  # what is known ends this long before the second
    return Told(
        asked_s=asked_s,
        rate_per_min=np.array(rates),
        window_s=np.full(asked_s.size, 40.0),
        end_s=asked_s,
        phase_rad=np.remainder(2 * np.pi * now_s / SIX_S + late_rad, 2 * np.pi),
    )


def test_turns_are_whole_where_lungs_are_empty_and_count_breaths() -> None:
    turns = turns_of(T_S, filled(T_S))
    empty = np.interp(np.arange(50.0, 250.0, SIX_S), T_S, turns)
    assert np.diff(empty) == pytest.approx(1.0, abs=0.01)
    assert (empty + 0.5) % 1 - 0.5 == pytest.approx(0.0, abs=0.02)


def test_what_is_refused_wrong_and_off_is_what_was_planted() -> None:
    refused, wrong, off, _ = figures(
        told([6.0, 6.5, 8.0, float("nan")]), (T_S, filled(T_S))
    )
    assert (refused, wrong) == (0.25, 0.25)
    assert off == pytest.approx((0.5 + 2.0) / 3, abs=0.02)


@pytest.mark.parametrize(
    ("late_deg", "seen_deg"), [(0, 0), (30, 30), (-30, 30), (180, 0), (170, 10)]
)
def test_phase_is_compared_but_for_the_half_turn(
    late_deg: float, seen_deg: float
) -> None:
    found = figures(told([6.0] * 8, np.radians(late_deg)), (T_S, filled(T_S)))
    assert found[3] == pytest.approx(seen_deg, abs=2)
