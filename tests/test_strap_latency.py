"""How late straps are, and what a calibration on one person finds of it."""

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from coreg.errors import CoregError, NotEnoughBeats, StorageUnusable
from coreg.facts.events import NS_PER_S, Beat, Intervals, Partner
from coreg.sensors.timing.beats import Delivery
from coreg.sensors.timing.calibration import calibrate
from coreg.sensors.timing.latency import (
    Calibration,
    calibrated_delays,
    latency_of,
    pair_delays,
)
from coreg.session.engine import Engine
from coreg.store.calibrations import StrapPair, keep_strap_pair, strap_pair
from coreg.store.plans import plan_text
from tests.helpers.openings import changed
from tests.helpers.sessions import OPENED

PLAN = plan_text("relaxed-and-alert")


@pytest.mark.parametrize(
    ("name", "latency_s"),
    [
        # doi 10.1088/1361-6579/adece4, medians as given in the specification
        ("Polar Electro Oy H10", 2.6),
        ("Movesense 0123", 0.4),
        ("HRM-Dual:12345", 0.7),
        ("Wahoo TRACKR 1A", 2.1),
    ],
)
def test_known_models_have_the_published_latency(name: str, latency_s: float) -> None:
    assert latency_of(name).latency_s == latency_s


def test_an_unknown_model_is_somewhere_among_the_known_ones() -> None:
    unknown = latency_of("CL880")
    assert unknown.latency_s - unknown.uncertainty_s == pytest.approx(0.4)
    assert unknown.latency_s + unknown.uncertainty_s == pytest.approx(2.6)


def test_the_finest_lag_worth_naming_depends_on_what_is_known() -> None:
    # Half of an H10's deliveries lie within 0.6 s: doi 10.1088/1361-6579/adece4.
    assert pair_delays("Polar H10", "Polar H10").lag_resolution_s >= 0.5
    assert pair_delays("Polar H10", "Movesense").lag_resolution_s == 1.0
    assert pair_delays("CL880", "Movesense").lag_resolution_s > 1.0
    assert pair_delays("", "").lag_resolution_s > 2.0
    measured = Calibration(difference_s=-0.4, uncertainty_s=0.04)
    calibrated = calibrated_delays("CL880", "Movesense", measured)
    assert calibrated.lag_resolution_s == 0.1
    a_s, b_s = calibrated.latency_s
    assert a_s - b_s == pytest.approx(-0.4)
    one_model = calibrated_delays("Polar H10", "Polar H10", measured)
    assert one_model.lag_resolution_s == 0.1


def test_latency_is_taken_off_the_time_of_every_beat() -> None:
    def beats(latency_s: tuple[float, float]) -> list[float]:
        engine = Engine()
        engine.feed(changed(OPENED, plan_toml=PLAN, latency_s=latency_s))
        said = []
        for number in range(60):
            said += engine.feed(
                Intervals(
                    t_ns=(5 + number) * NS_PER_S, partner=Partner.A, rr_ms=(1000.0,)
                )
            )
        return [each.t_s for each in said if isinstance(each, Beat)]

    early, late = beats((2.5, 0.0)), beats((0.0, 0.0))
    assert len(early) > 50
    # The beat clock places beats on a grid of 6 ms: within one step of it.
    assert np.allclose(np.array(late) - np.array(early), 2.5, atol=0.006)


def one_heart(seed: int, swing_ms: float = 50.0) -> np.ndarray:
    """Return true beat times of one minute."""
    rng = np.random.default_rng(seed)
    times = [0.4]
    while times[-1] < 75:
        rr_ms = 850 + swing_ms * math.sin(times[-1] * 0.6) + rng.normal(0, swing_ms / 5)
        times.append(times[-1] + rr_ms / 1000)
    return np.array(times)


def worn(
    beats_s: np.ndarray, late_s: float, seed: int, lost: float = 0.0
) -> list[Delivery]:
    """Return what a strap sends a second of what it sensed `late_s` ago."""
    rng = np.random.default_rng(seed)
    sensed_s = beats_s + rng.normal(0, 0.002, beats_s.size)  # R peaks a little off
    ticks = np.round(sensed_s * 1024)
    rr_ms = 1000 * np.diff(ticks) / 1024
    phase_s = rng.uniform(0, 1)
    packets = []
    for second in range(80):
        lo, hi = second - 1 + phase_s - late_s, second + phase_s - late_s
        ready = tuple(rr_ms[(sensed_s[1:] > lo) & (sensed_s[1:] <= hi)].tolist())
        if rng.random() >= lost:
            packets.append((second + phase_s + rng.uniform(0, 0.05), ready))
    return packets


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize(("a_s", "b_s"), [(2.6, 0.4), (0.4, 2.1), (0.7, 0.7)])
def test_a_calibration_finds_the_difference_that_was_planted(
    seed: int, a_s: float, b_s: float
) -> None:
    beats_s = one_heart(seed)
    found = calibrate(worn(beats_s, a_s, seed), worn(beats_s, b_s, seed + 100))
    assert abs(found.difference_s - (a_s - b_s)) < max(0.1, found.uncertainty_s)
    assert found.uncertainty_s < 0.3


def test_a_calibration_in_which_packets_were_lost_has_to_be_repeated() -> None:
    beats_s = one_heart(1)
    with pytest.raises(CoregError, match="calibrate again"):
        calibrate(worn(beats_s, 1.5, 1, lost=0.05), worn(beats_s, 0.5, 2))


@pytest.mark.parametrize("seed", range(5))
def test_two_people_are_not_calibrated(seed: int) -> None:
    a, b = one_heart(seed), one_heart(seed + 50)
    with pytest.raises(CoregError, match="one heart"):
        calibrate(worn(a, 1.0, 1), worn(b * 1.07, 1.0, 2))


def test_a_heart_like_a_clock_cannot_be_told_from_its_own_next_beat() -> None:
    beats_s = one_heart(1, swing_ms=0.5)
    with pytest.raises(CoregError, match="breathes deeply"):
        calibrate(worn(beats_s, 1.0, 1), worn(beats_s, 0.5, 2))


def test_a_calibration_without_beats_says_how_many_it_needs() -> None:
    with pytest.raises(NotEnoughBeats, match="at least 40"):
        calibrate([(1.0, (800.0,))], [])


PAIR = StrapPair(
    a="Polar H10 1",
    b="Movesense 2",
    difference_s=2.1,
    uncertainty_s=0.05,
    measured_utc="2026-01-01T19:00:00+00:00",
)


def test_a_kept_pair_is_found_again_either_way_round(tmp_path: Path) -> None:
    assert strap_pair(tmp_path, PAIR.a, PAIR.b) is None
    keep_strap_pair(tmp_path, replace(PAIR, difference_s=9.0))
    keep_strap_pair(tmp_path, replace(PAIR, a="other"))
    keep_strap_pair(tmp_path, PAIR)
    assert strap_pair(tmp_path, PAIR.a, PAIR.b) == PAIR
    turned = strap_pair(tmp_path, PAIR.b, PAIR.a)
    assert turned is not None
    assert turned.difference_s == -2.1
    (kept,) = tmp_path.iterdir()
    assert kept.stat().st_mode & 0o077 == 0


def test_a_broken_file_of_pairs_is_named_and_not_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "strap-pairs.json"
    path.write_text("[{]", encoding="utf-8")
    with pytest.raises(StorageUnusable, match="calibrate the straps again"):
        keep_strap_pair(tmp_path, PAIR)
    assert path.read_text(encoding="utf-8") == "[{]"
