"""R peaks at 130 Hz: annotated heartbeats, a strap's own RR, and what was planted."""

import csv
import gzip
from itertools import pairwise
from typing import Final

import numpy as np
import pytest
from numpy.typing import NDArray

from benchmarks.made_ecg import CALM, MOVING, RATE_HZ, anybody, made_ecg
from benchmarks.r_peaks import pairs
from coreg.analysis.r_peaks import (
    LATENCY_S,
    RPeak,
    RPeakFinder,
    RPeaks,
    Unreadable,
    Why,
    r_peaks,
)
from tests.helpers.shared import shared_file

Array = NDArray[np.float64]
BAR: Final = 0.995


def steady(count: int, rng: np.random.Generator) -> Array:
    return np.cumsum(rng.normal(0.85, 0.03, count))


def planted(seed: int) -> tuple[Array, Array, Array]:
    """Return the beats of a calm minute and a half, and its ECG."""
    rng = np.random.default_rng(seed)
    beats_s = steady(140, rng)
    return (beats_s, *made_ecg(beats_s, anybody(rng), CALM, rng))


def assert_same(one: RPeaks, other: RPeaks) -> None:
    assert one.unreadable == other.unreadable
    for name in ("t_s", "height_uv", "likeness", "width_ms", "after_gap"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name))


def in_pieces(t_s: Array, ecg_uv: Array, sizes: NDArray[np.int64]) -> RPeaks:
    finder = RPeakFinder(130.0)
    said: list[RPeak | Unreadable] = []
    edges = np.append(0, np.cumsum(sizes))
    for low, high in pairwise(edges.tolist()):
        said += finder.feed(t_s[low:high], ecg_uv[low:high])
    said += finder.flush()
    beats = [each for each in said if isinstance(each, RPeak)]
    return RPeaks(
        t_s=np.array([each.t_s for each in beats]),
        height_uv=np.array([each.height_uv for each in beats]),
        likeness=np.array([each.likeness for each in beats]),
        width_ms=np.array([each.width_ms for each in beats]),
        after_gap=np.array([each.after_gap for each in beats]),
        unreadable=tuple(each for each in said if isinstance(each, Unreadable)),
    )


def test_beats_of_record_100_of_the_mit_bih_database_are_found_where_it_has_them() -> (
    None
):
    with gzip.open(shared_file("mitdb_130hz/100_ecg130hz_600s.csv.gz"), "rt") as lines:
        ecg_uv = 1000 * np.loadtxt(lines, skiprows=1)
    with shared_file("mitdb_130hz/100_beats.csv").open() as lines:
        true_s = np.array([float(row["t_s"]) for row in csv.DictReader(lines)])
    found = r_peaks(np.arange(ecg_uv.size) / 130, ecg_uv)
    hits = len(pairs(found.t_s, true_s)[0])
    assert hits >= BAR * true_s.size
    assert hits >= BAR * found.t_s.size


def test_rr_of_a_heart_full_of_ventricular_beats_are_those_of_the_strap_itself() -> (
    None
):
    path = shared_file("polar_h10_ecg_pvc/polar_h10_130hz_10min.csv.gz")
    with gzip.open(path, "rt", newline="") as lines:
        rows = list(csv.DictReader(lines))
    found = r_peaks(
        np.array([float(row["t_s"]) for row in rows]),
        1000 * np.array([float(row["ecg_mv"]) for row in rows]),
    )
    strap_ms = np.array([float(row["rr_ms"]) for row in rows if row["rr_ms"]])
    # The strap's RR come some seconds late: the shift at which most fit is the one.
    strap_s = np.cumsum(strap_ms) / 1000
    own_ms = 1000 * np.diff(found.t_s)
    shifts_s = (found.t_s[1] - strap_s[k] for k in range(20))
    _, best_s = max((len(pairs(strap_s + s, found.t_s[1:])[0]), s) for s in shifts_s)
    theirs, ours = pairs(strap_s + best_s, found.t_s[1:])
    assert len(ours) >= 0.9 * strap_ms.size
    off_ms = np.abs(strap_ms[theirs] - own_ms[ours])
    assert np.median(off_ms) <= 10


@pytest.mark.parametrize(
    "record", ["subject_03_sitting", "subject_07_walking", "subject_11_jogging"]
)
def test_beats_of_people_who_move_are_found_in_the_ecg_made_of_them(
    record: str,
) -> None:
    true_s = np.loadtxt(shared_file(f"gudb_cheststrap_rpeaks/{record}.tsv")) / 250
    true_s = true_s[true_s > 0.5]
    hits = beats = said = 0
    for seed in range(3):
        rng = np.random.default_rng(seed)
        found = r_peaks(*made_ecg(true_s, anybody(rng), MOVING, rng)).t_s
        hits += len(pairs(found, true_s)[0])
        beats, said = beats + true_s.size, said + found.size
    assert hits >= BAR * beats
    assert hits >= BAR * said


def test_a_beat_is_timed_much_finer_than_the_samples_are_apart() -> None:
    true_s, t_s, ecg_uv = planted(1)
    found = r_peaks(t_s, ecg_uv)
    ours, theirs = pairs(found.t_s, true_s)
    off_s = found.t_s[ours] - true_s[theirs]
    assert np.std(off_s) < 0.001 < 1 / RATE_HZ


def test_live_gives_what_a_whole_recording_gives_however_samples_arrive() -> None:
    _, t_s, ecg_uv = planted(2)
    ecg_uv[4000:5200] = np.random.default_rng(0).normal(0, 400, 1200)
    ecg_uv[7000:7400] = 9000
    lost = np.ones(t_s.size, dtype=bool)
    lost[9000:9300] = False
    t_s, ecg_uv = t_s[lost], ecg_uv[lost]
    whole = r_peaks(t_s, ecg_uv)
    assert {each.why for each in whole.unreadable} == {Why.FLAT, Why.NOISE}
    for seed in range(3):
        rng = np.random.default_rng(seed)
        assert_same(whole, in_pieces(t_s, ecg_uv, rng.integers(0, 150, 400)))
    assert_same(whole, in_pieces(t_s, ecg_uv, np.full(t_s.size, 1)))


def test_a_clear_beat_is_known_within_the_latency_that_is_said() -> None:
    _, t_s, ecg_uv = planted(3)
    finder = RPeakFinder(130.0)
    late_s = [
        now_s - each.t_s
        for now_s, uv in zip(t_s, ecg_uv, strict=True)
        for each in finder.feed(np.array([now_s]), np.array([uv]))
        if isinstance(each, RPeak) and each.t_s > 5
    ]
    assert len(late_s) > 100
    assert max(late_s) <= LATENCY_S


@pytest.mark.parametrize("seed", range(3))
def test_noise_and_mains_alone_have_no_heart(seed: int) -> None:
    rng = np.random.default_rng(seed)
    t_s = np.arange(0, 60, 1 / 130)
    hiss_uv = rng.normal(0, 300, t_s.size)
    mains_uv = 500 * np.sin(2 * np.pi * 50 * t_s) + hiss_uv / 30
    for ecg_uv in (hiss_uv, mains_uv, np.cumsum(hiss_uv)):
        found = r_peaks(t_s, np.round(ecg_uv))
        assert found.t_s.size == 0
        assert sum(each.end_s - each.start_s for each in found.unreadable) > 55


@pytest.mark.parametrize(
    ("spoilt", "why"),
    [
        ("still", Why.FLAT),
        ("end of range", Why.FLAT),
        ("noise", Why.NOISE),
    ],
)
def test_where_nothing_can_be_told_no_beat_is_given_and_it_is_said(
    spoilt: str, why: Why
) -> None:
    true_s, t_s, ecg_uv = planted(4)
    bad = (t_s > 40) & (t_s < 60)
    noise_uv = np.random.default_rng(9).normal(0, 400, t_s.size)
    by = {"still": 0 * t_s, "end of range": 0 * t_s + 8000, "noise": noise_uv}
    ecg_uv[bad] = by[spoilt][bad]
    found = r_peaks(t_s, ecg_uv)
    assert not np.any((found.t_s > 40.2) & (found.t_s < 59.8))
    said = [each for each in found.unreadable if each.why is why]
    assert sum(each.end_s - each.start_s for each in said) == pytest.approx(20, abs=2)
    after = found.t_s > 50
    assert found.after_gap[after][0]
    assert np.count_nonzero(after) == pytest.approx(
        np.count_nonzero(true_s > 60), abs=1
    )


def test_lost_samples_leave_a_gap_and_no_interval_across_it() -> None:
    true_s, t_s, ecg_uv = planted(5)
    there = (t_s < 40) | (t_s > 41.7)
    found = r_peaks(t_s[there], ecg_uv[there])
    assert found.t_s[found.after_gap].tolist() == [
        found.t_s[0],
        found.t_s[found.t_s > 41][0],
    ]
    missing = ecg_uv.copy()
    missing[~there] = np.nan
    assert_same(found, r_peaks(t_s, missing))
    ours, _ = pairs(found.t_s, true_s)
    assert len(ours) == found.t_s.size


def test_a_strap_that_slips_is_followed_to_a_tenth_of_its_height() -> None:
    true_s, t_s, ecg_uv = planted(6)
    ecg_uv[t_s > 60] *= 0.1
    found = r_peaks(t_s, ecg_uv)
    assert np.count_nonzero(found.t_s > 66) == np.count_nonzero(true_s > 66)


def test_beats_from_elsewhere_are_less_like_the_others_and_wider() -> None:
    rng = np.random.default_rng(7)
    true_s, t_s, ecg_uv = planted(7)
    odd = np.zeros(true_s.size, dtype=bool)
    odd[rng.choice(np.arange(20, 130), 12, replace=False)] = True
    for beat_s in true_s[odd]:  # wide, the other way round after its peak
        near = np.abs(t_s - beat_s) < 0.16
        z = t_s[near] - beat_s
        ecg_uv[near] = 1100 * np.exp(-0.5 * (z / 0.03) ** 2)
        ecg_uv[near] -= 700 * np.exp(-0.5 * ((z - 0.08) / 0.035) ** 2)
    found = r_peaks(t_s, ecg_uv)
    ours, theirs = pairs(found.t_s, true_s)
    assert len(theirs) == true_s.size
    wide = odd[theirs]
    known = np.isfinite(found.likeness[ours])
    assert found.likeness[ours][wide].max() < found.likeness[ours][known & ~wide].min()
    assert found.width_ms[ours][wide].min() > found.width_ms[ours][~wide].max()


def test_times_and_samples_of_other_numbers_are_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="3 times of 2 samples"):
        r_peaks(np.arange(3.0), np.arange(2.0))


def test_an_empty_recording_has_no_beats() -> None:
    assert r_peaks(np.empty(0), np.empty(0)).t_s.size == 0
