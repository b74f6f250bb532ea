"""The live windows against hand-worked values and exact arithmetic."""

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, strategies as st

from coreg.analysis.spectrum import peak_of_window
from coreg.analysis.windows import HeartRateWindow, RmssdWindow, SpectrumWindow

Rows = list[tuple[float, float, bool]]


def rows(nn_ms: list[float], start_s: float = 0.0) -> Rows:
    """Beats that follow one another, each at the end of its interval."""
    ends_s = start_s + np.cumsum(nn_ms) / 1000
    return [(float(t), nn, True) for t, nn in zip(ends_s, nn_ms, strict=True)]


def rmssd_after(beats: Rows) -> float:
    window, last = RmssdWindow(), math.nan
    for t_s, nn_ms, adjacent in beats:
        last = window.push(t_s, nn_ms, adjacent=adjacent)
    return last


def exact_square(beats: Rows) -> Fraction | None:
    """Mean square difference of the last 60 s in fractions, by trying every pair."""
    now_s = beats[-1][0]
    squares = []
    clean_ms = Fraction(0)
    for index, (t_s, nn_ms, adjacent) in enumerate(beats):
        if t_s <= now_s - 60 or math.isnan(nn_ms):
            continue
        clean_ms += Fraction(nn_ms)
        before_s, before_ms, _ = beats[index - 1] if index else (-1e9, math.nan, False)
        if adjacent and before_s > now_s - 60 and not math.isnan(before_ms):
            squares.append((Fraction(nn_ms) - Fraction(before_ms)) ** 2)
    if clean_ms < 30_000 or len(squares) < 10:
        return None
    return sum(squares, Fraction(0)) / len(squares)


# --- heart rate ---------------------------------------------------------------


def test_heart_rate_is_beats_over_the_time_they_took() -> None:
    window = HeartRateWindow()
    values = [window.push(t, nn) for t, nn, _ in rows([1000.0, 500.0] * 4)]
    assert values[-1] == 80.0  # 8 beats in 6 s; the mean of the rates would be 90


def test_heart_rate_forgets_what_is_ten_seconds_old() -> None:
    window = HeartRateWindow()
    values = [window.push(t, nn) for t, nn, _ in rows([1000.0] * 20 + [500.0] * 20)]
    assert values[19] == 60.0
    assert values[-2] < 120.0
    assert values[-1] == 120.0


def test_heart_rate_is_unknown_below_five_seconds_of_data() -> None:
    window = HeartRateWindow()
    values = [window.push(t, nn) for t, nn, _ in rows([1250.0] * 4)]
    assert math.isnan(values[2])
    assert values[3] == 48.0


def test_heart_rate_leaves_out_a_rejected_interval() -> None:
    window = HeartRateWindow()
    beats = rows([1000.0] * 8)
    beats[4] = (beats[4][0], math.nan, True)
    assert [window.push(t, nn) for t, nn, _ in beats][-1] == 60.0


def test_heart_rate_after_a_silence_is_unknown_not_stale() -> None:
    window = HeartRateWindow()
    for t_s, nn_ms, _ in rows([1000.0] * 20):
        window.push(t_s, nn_ms)
    assert math.isnan(window.push(60.0, 1000.0))


# --- RMSSD --------------------------------------------------------------------


def test_rmssd_of_one_unit_of_the_strap_is_exact() -> None:
    # 1/1024 s is 0.9765625 ms, a whole number of picoseconds but not of nanoseconds.
    ticks = [1024, 1025] * 40
    assert rmssd_after(rows([1000 * tick / 1024 for tick in ticks])) == 0.9765625


def test_rmssd_appears_with_thirty_seconds_of_data() -> None:
    beats = rows([990.0, 1010.0] * 15)
    assert math.isnan(rmssd_after(beats[:29]))
    assert rmssd_after(beats) == 20.0


@pytest.mark.parametrize("kind", ["lost beats", "rejected interval"])
def test_rmssd_takes_no_difference_across(kind: str) -> None:
    beats = rows([1000.0] * 20) + rows([600.0] * 40, start_s=21.0)
    if kind == "lost beats":
        beats[20] = (beats[20][0], 600.0, False)
    else:
        beats.insert(20, (20.5, math.nan, True))
    assert rmssd_after(beats) == 0.0


def test_rmssd_sees_the_same_step_when_nothing_was_lost() -> None:
    beats = rows([1000.0] * 20 + [600.0] * 40)
    assert rmssd_after(beats) == pytest.approx(math.sqrt(400**2 / 59), rel=1e-15)


def test_rmssd_is_unknown_when_few_intervals_have_a_neighbour() -> None:
    beats = rows([1000.0] * 60)
    alternate = [
        (t, math.nan if i % 2 else nn, ok) for i, (t, nn, ok) in enumerate(beats)
    ]
    assert math.isnan(rmssd_after(alternate))


@given(
    st.lists(
        st.tuples(
            st.integers(250, 2000), st.sampled_from("nnnnnnnrg"), st.integers(0, 30)
        ),
        min_size=1,
        max_size=150,
    )
)
def test_rmssd_is_that_of_the_last_minute_in_exact_fractions(
    steps: list[tuple[int, str, int]],
) -> None:
    t_s, window, beats = 0.0, RmssdWindow(), []
    for ticks, kind, lost_s in steps:
        nn_ms = 1000 * ticks / 1024
        t_s += nn_ms / 1000 + (lost_s if kind == "g" else 0)
        beats.append((t_s, math.nan if kind == "r" else nn_ms, kind != "g"))
        value = window.push(t_s, beats[-1][1], adjacent=beats[-1][2])
        square = exact_square(beats)
        if square is None:
            assert math.isnan(value)
        else:
            assert value == pytest.approx(math.sqrt(square), rel=1e-15, abs=0)


def test_a_long_session_leaves_no_trace_in_the_last_bit() -> None:
    rng = np.random.default_rng(5)
    before = rows(rng.normal(700, 90, 20_000).tolist())
    minute = rows(rng.normal(800, 50, 200).tolist(), start_s=before[-1][0])
    assert rmssd_after(before + minute) == rmssd_after(minute)


# --- rhythm -------------------------------------------------------------------


def breathing(seconds: int, start_s: float = 0.0) -> Rows:
    """A heart at 60 per minute that swings by 80 ms with 6 breaths per minute."""
    t_s = start_s + np.arange(1.0, seconds + 1)
    nn_ms = 1000 + 40 * np.sin(2 * np.pi * t_s / 10)
    noisy_ms = nn_ms + np.random.default_rng(2).normal(0, 5, t_s.size)
    return [(float(t), float(nn), True) for t, nn in zip(t_s, noisy_ms, strict=True)]


def rhythm_after(beats: Rows) -> SpectrumWindow:
    window = SpectrumWindow()
    for t_s, nn_ms, _ in beats:
        window.push(t_s, nn_ms)
    return window


def test_the_rhythm_window_finds_the_breath() -> None:
    assert rhythm_after(breathing(80)).at(80.4).peak_hz == pytest.approx(0.1, abs=0.002)


def test_the_rhythm_is_unknown_before_a_window_is_nearly_full() -> None:
    window = rhythm_after(breathing(45))
    assert math.isnan(window.at(45.0).peak_power_ratio)
    assert math.isnan(SpectrumWindow().at(0.0).peak_hz)


def test_the_rhythm_goes_when_the_beats_stop() -> None:
    window = rhythm_after(breathing(80))
    assert math.isfinite(window.at(84.9).peak_hz)
    assert math.isnan(window.at(85.1).peak_hz)


def test_the_rhythm_is_unknown_when_a_fifth_of_the_window_was_lost() -> None:
    beats = breathing(80)
    assert math.isnan(rhythm_after(beats[:40] + beats[56:]).at(80.0).peak_hz)


def test_the_live_rhythm_is_the_recordings_to_the_last_bit() -> None:
    beats = breathing(3600)
    beat_t_s, nn_ms, _ = np.array(beats).T
    assert rhythm_after(beats[:3000]).at(3000.3) == peak_of_window(
        beat_t_s, nn_ms, 3000.3
    )
