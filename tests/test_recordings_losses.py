"""Beats that are lost all over a file: its own times tell, and no figure crosses one.

A heart is drawn, its true figures are known, and rows are taken away.
"""

import math

import numpy as np
import pytest

from coreg.facts.arrays import Floats
from coreg.findings.recording import RecordingFigures, cleaned, figures_of
from coreg.sensors.recordings.recognise import parse_recording
from coreg.sensors.recordings.recording import Remark

N = 600
BREATHS = 25 * np.sin(2 * np.pi * np.arange(N) / 13)
NOISE = np.random.default_rng(4).normal(0, 12, N)


def heart(usual_ms: float) -> tuple[Floats, Floats]:
    """Return intervals in ms and the time in s of the beat that ends each."""
    rr_ms = np.round(usual_ms + BREATHS + NOISE)
    return rr_ms, np.cumsum(rr_ms) / 1000


def rmssd(rr_ms: Floats) -> float:
    return float(np.sqrt(np.mean(np.diff(rr_ms) ** 2)))


def figures(names: str, t_s: Floats, rr_ms: Floats) -> RecordingFigures:
    rows = "".join(f"{t:.3f},{rr:g}\n" for t, rr in zip(t_s, rr_ms, strict=True))
    recording = parse_recording(f"{names}\n{rows}".encode(), name="x.csv")
    return figures_of(recording, cleaned(recording))


@pytest.mark.parametrize("names", ["time_s,rr_ms", "arrival_s,rr_ms"])
@pytest.mark.parametrize("usual_ms", [620.0, 812.0, 1100.0])
@pytest.mark.parametrize("every", [2, 3])
def test_of_beats_of_which_no_two_are_neighbours_nothing_is_taken(
    names: str, usual_ms: float, every: int
) -> None:
    rr_ms, t_s = heart(usual_ms)
    found = figures(names, t_s[::every], rr_ms[::every])
    assert math.isnan(found.hrv.rmssd_ms)
    assert Remark.BEATS_MISSING in found.remarks


@pytest.mark.parametrize("usual_ms", [620.0, 812.0])
def test_where_many_are_lost_true_neighbours_alone_are_compared(
    usual_ms: float,
) -> None:
    rr_ms, t_s = heart(usual_ms)
    kept = np.random.default_rng(5).random(N) < 0.6
    found = figures("time_s,rr_ms", t_s[kept], rr_ms[kept])
    assert found.hrv.rmssd_ms == pytest.approx(rmssd(rr_ms), rel=0.12)
    assert Remark.BEATS_MISSING in found.remarks


def test_where_arrivals_do_not_say_which_are_lost_no_neighbours_are_compared() -> None:
    rr_ms, t_s = heart(620.0)
    late_s = np.random.default_rng(6).normal(0, 0.03, N)
    tick_s = np.ceil(t_s)
    last = np.flatnonzero(np.diff(tick_s, append=math.inf) > 0)  # of each second
    at_s = tick_s[last] + late_s[: last.size]
    found = figures("arrival_s,rr_ms", at_s - at_s[0], rr_ms[last])
    assert Remark.BEATS_MISSING in found.remarks
    assert math.isnan(found.hrv.rmssd_ms)


def test_one_hole_is_no_loss_all_over_the_file() -> None:
    rr_ms, t_s = heart(812.0)
    kept = (t_s < 100) | (t_s > 170)
    found = figures("time_s,rr_ms", t_s[kept], rr_ms[kept])
    assert not found.remarks
    assert found.label_counts["gap"] == 1
    assert found.hrv.rmssd_ms == pytest.approx(rmssd(rr_ms), rel=0.05)


@pytest.mark.parametrize("usual_ms", [620.0, 950.0, 1000.0, 1050.0, 1100.0])
def test_arrivals_by_the_second_of_a_whole_heart_miss_nothing(usual_ms: float) -> None:
    rr_ms, t_s = heart(usual_ms)
    late_s = np.random.default_rng(6).uniform(0, 0.05, N)
    at_s = np.ceil(t_s)
    packets = dict(zip(at_s.tolist(), late_s, strict=True))
    at_s = np.array([tick + packets[tick] for tick in at_s.tolist()], dtype=np.float64)
    found = figures("arrival_s,rr_ms", at_s, rr_ms)
    assert not found.remarks
    assert found.hrv.rmssd_ms == pytest.approx(rmssd(rr_ms), rel=0.05)


def test_rows_at_an_even_rate_are_warned_of() -> None:
    rr_ms, _ = heart(812.0)
    found = figures("time_s,rr_ms", np.arange(N, dtype=np.float64), rr_ms)
    assert Remark.EVENLY_STAMPED in found.remarks


def test_beats_stamped_in_whole_seconds_are_not_rows_at_an_even_rate() -> None:
    rr_ms, t_s = heart(1000.0)
    found = figures("time_s,rr_ms", np.floor(t_s), rr_ms)
    assert not found.remarks


def test_exact_stamps_of_beats_are_their_times() -> None:
    rr_ms, t_s = heart(812.0)
    kept = (t_s < 100) | (t_s > 170)
    found = figures("time_s,rr_ms", t_s[kept], rr_ms[kept])
    assert found.t_s == pytest.approx(t_s[kept], abs=1e-9)
