"""Sample entropy against plain loops written from the paper, and by parts of a day."""

import math

import numpy as np
import pytest
from hypothesis import given, strategies as st
from numpy.typing import NDArray

from coreg.analysis.hrv import hrv
from coreg.analysis.sample_entropy import (
    alike_over_two_and_three,
    parts_of_an_hour,
    sampen,
    sampen_by_the_hour,
)
from coreg.analysis.tachogram import elapsed_s
from coreg.report.words.recording import meaning_with
from coreg.words import Language, speaking

Floats = NDArray[np.float64]


def alike_by_loops(nn_ms: Floats, radius_ms: float) -> tuple[int, int]:
    """Richman & Moorman 2000: compare every two stretches, interval by interval."""
    values = nn_ms.tolist()
    places = [
        i
        for i in range(len(values) - 2)
        if not any(math.isnan(value) for value in values[i : i + 3])
    ]
    close = {2: 0, 3: 0}
    for i in places:
        for j in places:
            for length in close:
                distances = [abs(values[i + k] - values[j + k]) for k in range(length)]
                close[length] += i != j and max(distances) <= radius_ms
    return close[2], close[3]


def sampen_by_loops(nn_ms: Floats) -> float:
    kept = [value for value in nn_ms.tolist() if not math.isnan(value)]
    mean = sum(kept) / len(kept)
    deviation = math.sqrt(sum((x - mean) ** 2 for x in kept) / (len(kept) - 1))
    two, three = alike_by_loops(nn_ms, 0.2 * deviation)
    return math.log(two / three) if three else math.nan


ticks = st.integers(780, 860)
kinds = st.sampled_from([1000 / 1024, 1.0, 0.1, 1 / 3])


@given(st.lists(ticks | st.none(), min_size=20, max_size=60))
def test_sample_entropy_is_that_of_plain_loops(drawn: list[int | None]) -> None:
    nn_ms = np.array([math.nan if t is None else 1000 * t / 1024 for t in drawn])
    if np.isfinite(nn_ms).sum() < 2:
        return
    assert sampen(nn_ms) == pytest.approx(sampen_by_loops(nn_ms), nan_ok=True)


@given(
    drawn=st.lists(st.integers(0, 12) | st.none(), max_size=90),
    tick_ms=kinds,
    radius_ticks=st.integers(0, 5),
)
def test_every_pair_is_counted_where_many_lie_just_at_the_tolerance(
    drawn: list[int | None], tick_ms: float, radius_ticks: int
) -> None:
    # 0.1 and 1/3 ms are no binary fractions: a sum and a difference round differently.
    nn_ms = np.array([math.nan if t is None else 800 + t * tick_ms for t in drawn])
    radius_ms = radius_ticks * tick_ms
    assert alike_over_two_and_three(nn_ms, radius_ms) == alike_by_loops(
        nn_ms, radius_ms
    )


@given(
    nn_ms=st.lists(st.floats(300, 2000), min_size=130, max_size=150).map(np.array),
    radius_ms=st.floats(0, 2000),
)
def test_every_pair_is_counted_of_any_numbers(nn_ms: Floats, radius_ms: float) -> None:
    assert alike_over_two_and_three(nn_ms, radius_ms) == alike_by_loops(
        nn_ms, radius_ms
    )


def test_more_values_than_fit_into_sixteen_bits_are_told_apart() -> None:
    # All rise by one, so any two stretches are near within 1 if they are neighbours.
    rising_ms = np.arange(70_000.0)
    assert alike_over_two_and_three(rising_ms, 1.0) == (2 * 69_997, 2 * 69_997)


def test_entropy_of_gaussian_noise_is_what_its_distribution_says() -> None:
    # The chance that two normal values lie within 0.2 SD is erf(0.1), so
    # SampEn = -ln erf(0.1) (Richman & Moorman 2000, their theory for white noise).
    noise_ms = np.random.default_rng(1).normal(800, 40, 20_000)
    assert sampen(noise_ms) == pytest.approx(-math.log(math.erf(0.1)), abs=0.02)


def test_too_few_intervals_for_one_comparison_give_no_figure() -> None:
    for count in (0, 1, 2, 3):
        assert math.isnan(sampen(np.full(count, 800.0)))


def test_a_heart_that_does_not_vary_has_no_entropy() -> None:
    assert sampen(np.full(300, 812.5)) == 0.0


# --- by parts of an hour ------------------------------------------------------


def sizes(beat_t_s: Floats) -> list[int]:
    return [part.stop - part.start for part in parts_of_an_hour(beat_t_s)]


def test_a_recording_is_cut_into_the_fewest_equal_parts_of_at_most_an_hour() -> None:
    assert sizes(np.arange(3601.0)) == [3601]
    assert sizes(np.arange(5401.0)) == [2700, 2701]
    assert sizes(np.arange(86_401.0)) == [3600] * 23 + [3601]
    assert sizes(np.zeros(0)) == []
    assert sizes(np.full(3, np.nan)) == []


def test_a_beat_without_a_time_or_out_of_order_stays_among_its_neighbours() -> None:
    beat_t_s = np.arange(7200.0)
    beat_t_s[[0, 100, 7000]] = np.nan  # before the first one there is nothing to know
    beat_t_s[200] = 199.5
    assert sum(sizes(beat_t_s)) == 7200
    assert len(sizes(beat_t_s)) == 2
    after_a_night = np.append(np.arange(600.0), np.arange(30_000.0, 30_600.0))
    assert sizes(after_a_night) == [600, 600]


def day(seed: int = 3) -> Floats:
    """Three hours of noise, each with a spread of its own, one thrice the first."""
    rng = np.random.default_rng(seed)
    hours = [rng.normal(900, sd, 3990) for sd in (20, 35, 60)]
    return np.concatenate(hours)


def test_hours_are_measured_each_by_its_own_spread() -> None:
    nn_ms = day()
    each = sampen_by_the_hour(elapsed_s(nn_ms), nn_ms)
    assert each == pytest.approx([-math.log(math.erf(0.1))] * 3, abs=0.1)
    assert sampen(nn_ms) < 2.0  # the same noise, called regular for its quiet hour


def test_an_hour_with_few_clean_intervals_has_no_say() -> None:
    nn_ms = day()
    nn_ms[150:3990] = np.nan
    each = sampen_by_the_hour(elapsed_s(nn_ms), nn_ms)
    assert np.isnan(each).tolist() == [True, False, False]


def test_the_figure_of_hours_is_their_median_and_says_so() -> None:
    nn_ms = day()
    beat_t_s = elapsed_s(nn_ms)
    figures = hrv(beat_t_s, nn_ms)
    assert figures.sampen == sorted(sampen_by_the_hour(beat_t_s, nn_ms))[1]
    caution = figures.cautions["sampen"]
    assert caution.startswith(
        "in 3 parts of an hour at most, median of 3; what changes"
    )
    with speaking(Language.GERMAN):
        assert "in 3 Abschnitten von höchstens einer Stunde" in meaning_with(
            caution, "sampen"
        )


def test_of_hours_full_of_holes_both_is_said() -> None:
    nn_ms = day()
    nn_ms[2000:6000] = np.nan
    caution = hrv(elapsed_s(nn_ms), nn_ms).cautions["sampen"]
    assert "parts of an hour at most" in caution
    assert "67% of the time; the beats set aside may differ" in caution
    with speaking(Language.GERMAN):
        told = meaning_with(caution, "sampen")
    assert "Abschnitten" in told
    assert "der Zeit; die ausgelassenen Herzschläge" in told


def test_an_hour_is_one_part_and_its_figure_that_of_the_whole() -> None:
    nn_ms = np.random.default_rng(5).normal(800, 30, 4400)
    figures = hrv(elapsed_s(nn_ms), nn_ms)
    assert figures.sampen == sampen(nn_ms)
    assert "at most 2000" in figures.cautions["sampen"]
