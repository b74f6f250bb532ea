"""Settling after an event, and events that never settled."""

import numpy as np
import pytest
from hypothesis import given, strategies as st
from numpy.typing import NDArray

from coreg.analysis.settling import (
    Settling,
    event_average,
    settling,
    settling_curve,
)

Floats = NDArray[np.float64]
CALM = np.resize([59.0, 61.0], 60)  # median 60, SD 1.0084

# Remission under 6-mercaptopurine, weeks (Freireich et al. 1963, Blood 21, 699), with
# the curve that textbooks of survival analysis print for it.
ENDED = [6, 6, 6, 7, 10, 13, 16, 22, 23]
CENSORED = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
PUBLISHED = {
    6: 0.857,
    7: 0.807,
    10: 0.753,
    13: 0.690,
    16: 0.627,
    22: 0.538,
    23: 0.448,
}


def after(*parts: tuple[float, int]) -> Floats:
    return np.concatenate([CALM, *(np.full(count, level) for level, count in parts)])


def test_settled_is_the_first_moment_from_which_it_stays() -> None:
    level = after((80, 30), (60, 10), (80, 5), (60.4, 40))
    assert settling(level, 60) == Settling(seconds=45.0, settled=True)


def test_half_a_standard_deviation_is_the_border() -> None:
    assert settling(after((60.50, 40)), 60).settled
    assert not settling(after((60.51, 40)), 60).settled


def test_what_never_came_back_is_censored_at_its_last_second() -> None:
    assert settling(after((80, 70)), 60) == Settling(seconds=70.0, settled=False)


def test_a_return_too_late_to_be_seen_staying_is_censored() -> None:
    assert settling(after((80, 30), (60, 14)), 60) == Settling(
        seconds=44.0, settled=False
    )


def test_nothing_is_known_after_a_long_gap() -> None:
    level = after((80, 20), (np.nan, 6), (60, 40))
    assert settling(level, 60) == Settling(seconds=20.0, settled=False)


def test_a_short_gap_neither_settles_nor_unsettles() -> None:
    level = after((80, 20), (60, 5), (np.nan, 4), (60, 20))
    assert settling(level, 60) == Settling(seconds=20.0, settled=True)


def test_without_a_baseline_there_is_no_settling() -> None:
    level = after((80, 20))
    level[5:45] = np.nan
    assert np.isnan(settling(level, 60).seconds)


def test_the_curve_is_the_published_one() -> None:
    events = [Settling(seconds=float(t), settled=True) for t in ENDED]
    events += [Settling(seconds=float(t), settled=False) for t in CENSORED]
    curve = settling_curve(events)
    assert curve.t_s.tolist() == list(PUBLISHED)
    np.testing.assert_allclose(curve.unsettled, list(PUBLISHED.values()), atol=6e-4)
    assert curve.median_s == 23
    assert curve.events == 21
    # Survival's conf.type="log-log" at 10 weeks, by hand: variance .09635^2/.7529^2.
    at_10 = curve.t_s.tolist().index(10)
    assert curve.low[at_10] == pytest.approx(0.503, abs=2e-3)
    assert curve.high[at_10] == pytest.approx(0.889, abs=2e-3)


def test_a_curve_of_nothing_is_empty() -> None:
    curve = settling_curve([Settling(seconds=float("nan"), settled=False)])
    assert curve.events == 0
    assert curve.t_s.size == 0
    assert np.isnan(curve.median_s)


@given(st.lists(st.tuples(st.integers(0, 50), st.booleans()), max_size=20))
def test_a_curve_only_falls_and_stays_within_its_interval(
    events: list[tuple[int, bool]],
) -> None:
    curve = settling_curve(
        [Settling(seconds=float(t), settled=settled) for t, settled in events]
    )
    assert (np.diff(curve.unsettled) <= 1e-12).all()
    assert (curve.low <= curve.unsettled + 1e-12).all()
    assert (curve.unsettled <= curve.high + 1e-12).all()


def test_leaving_out_what_never_settled_would_look_quicker() -> None:
    quick = [Settling(seconds=10.0, settled=True)] * 4
    never = [Settling(seconds=300.0, settled=False)] * 5
    assert np.isnan(settling_curve(quick + never).median_s)


def test_events_are_averaged_each_against_its_own_baseline() -> None:
    level = np.concatenate((CALM, np.full(60, 70.0), CALM + 20, np.full(60, 94.0)))
    found = event_average(level, [60, 180], 0, 3)
    np.testing.assert_allclose(found.mean, [12.0] * 3)  # (10 + 14) / 2
    np.testing.assert_allclose(found.standard_error, [2.0] * 3)  # sd 2.83 / sqrt 2
    assert found.events.tolist() == [2, 2, 2]


def test_an_average_is_blank_where_nothing_is_known() -> None:
    level = after((70.0, 5))
    level[61] = np.nan
    found = event_average(level, [60], 0, 8)
    assert found.events.tolist() == [1, 0, 1, 1, 1, 0, 0, 0]
    assert np.isnan(found.mean).tolist() == [False, True, *[False] * 3, *[True] * 3]
    assert np.isnan(found.standard_error).all()
