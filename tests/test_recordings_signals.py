"""Samples of an ECG, a pulse or a breath are no intervals, wherever their level is."""

import gzip
from collections.abc import Iterator

import numpy as np
import pytest

from benchmarks.signals_as_lists import (
    Heart,
    breathing_deeply,
    counts as written,
    fibrillating,
    of_size_one,
    quiet,
    with_a_pacemaker,
    with_arousals,
    with_each_fiftieth_beat_split,
    with_runs,
)
from coreg.errors import BadRecordingError
from coreg.facts.arrays import Floats
from coreg.sensors.recordings.recognise import parse_recording
from coreg.sensors.recordings.recording import Recording, Remark
from coreg.sensors.recordings.source import Wanted
from coreg.sensors.recordings.text.signals import is_ecg, may_be_signal
from tests.helpers.real_hearts import real_hearts
from tests.helpers.shared import DATA, needs_data


def read(values: Floats, head: str = "", column: str | None = None) -> Recording:
    text = head + "".join(f"{each:.0f}\n" for each in values)
    wanted = Wanted(column=column)
    return parse_recording(text.encode(), name="planted", wanted=wanted)


def counts(signal: Floats, level: float, gain: float) -> Floats:
    """Return a signal as a converter of ten bits gives it, with its noise."""
    return written(of_size_one(signal), level, gain, np.random.default_rng(1))


def real_signal(name: str, column: int) -> Floats:
    with gzip.open(DATA / name, "rt") as lines:
        rows = [line.rstrip("\n").split(",")[column] for line in lines]
    return np.array(rows[1:], dtype=np.float64)


ECGS = {
    "polar_h10_ecg_pvc/polar_h10_130hz_10min.csv.gz": 1,
    "mitdb_130hz/100_ecg130hz_600s.csv.gz": 0,
    "neurokit_rest/bio_resting_5min_100hz.csv.gz": 0,
}


def at_rate(signal: Floats, times: float) -> Floats:
    rows = np.arange(signal.size)
    return np.asarray(np.interp(np.arange(0, signal.size - 1, 1 / times), rows, signal))


@needs_data
@pytest.mark.parametrize("name", ECGS)
@pytest.mark.parametrize("times", [1, 2, 4])
@pytest.mark.parametrize(("level", "gain"), [(512, 60), (480, 300), (900, 200)])
def test_a_real_ecg_at_a_level_of_intervals_is_never_read_without_a_word(
    name: str, times: int, level: float, gain: float
) -> None:
    samples = counts(at_rate(real_signal(name, ECGS[name]), times), level, gain)
    long, short = samples[1000:9000], samples[1000:3500]
    assert is_warned_of(short)
    if name.startswith("polar"):  # each second beat early or late: surely is too much
        assert is_warned_of(long)
        return
    with pytest.raises(BadRecordingError, match="samples of an ECG"):
        read(long)
    assert Remark.LIKE_READINGS in read(long, column="1").remarks
    assert Remark.LIKE_READINGS in read(long, "RR [ms]\n").remarks


@needs_data
@pytest.mark.parametrize("name", ["mitdb_130hz/100_ecg130hz_600s.csv.gz"])
@pytest.mark.parametrize("rate_hz", [20, 25, 32, 40, 50, 62.5])
@pytest.mark.parametrize(("level", "gain"), [(512, 60), (700, 200), (900, 400)])
def test_a_real_ecg_of_few_samples_a_second_is_never_read_without_a_word(
    name: str, rate_hz: float, level: float, gain: float
) -> None:
    whole = real_signal(name, ECGS[name])
    width = round(130 / rate_hz)
    held_back = np.convolve(whole, np.full(width, 1 / width), "same")
    samples = counts(at_rate(held_back, rate_hz / 130), level, gain)
    assert is_warned_of(samples[: round(60 * rate_hz)])
    assert is_warned_of(samples[: round(300 * rate_hz)])


@needs_data
@pytest.mark.parametrize("rate_hz", [40, 50])
def test_a_real_ecg_of_few_samples_and_odd_beats_has_a_caution(rate_hz: float) -> None:
    name = "polar_h10_ecg_pvc/polar_h10_130hz_10min.csv.gz"
    whole = real_signal(name, ECGS[name])
    samples = counts(at_rate(whole, rate_hz / 130), 512, 200)
    assert Remark.LIKE_READINGS in read(samples[: round(240 * rate_hz)]).remarks


def is_warned_of(values: Floats) -> bool:
    try:
        return Remark.LIKE_READINGS in read(values).remarks
    except BadRecordingError as error:
        return "samples of an ECG" in str(error)


@needs_data
@pytest.mark.parametrize("person", ["P11_A_Passive", "P11_B_Easy", "P11_baseline"])
def test_a_real_breathing_belt_at_a_level_of_intervals_is_read_with_a_caution(
    person: str,
) -> None:
    belt = np.loadtxt(DATA / f"physiokit_dyads/{person}_resp_10hz.txt")
    assert Remark.LIKE_READINGS in read(counts(belt, 700, 300)).remarks


@needs_data
@pytest.mark.parametrize("rate_hz", [25, 100])
def test_a_real_breathing_belt_with_noise_is_read_with_a_caution(rate_hz: int) -> None:
    belt = np.loadtxt(DATA / "physiokit_dyads/P11_A_Passive_resp_10hz.txt")
    noisy = counts(at_rate(belt, rate_hz / 10), 700, 50)
    assert Remark.LIKE_READINGS in read(noisy[:12_000]).remarks


@pytest.mark.parametrize("rate_hz", [25, 50, 100, 500])
@pytest.mark.parametrize("gain", [60, 300])
def test_a_pulse_at_a_level_of_intervals_is_read_with_a_caution(
    rate_hz: int, gain: float
) -> None:
    t_s = np.arange(0, 60, 1 / rate_hz)
    rate = 1.15 + 0.05 * np.sin(2 * np.pi * 0.25 * t_s)
    at = np.cumsum(rate / rate_hz) % 1
    pulse = np.exp(-(((at - 0.2) / 0.09) ** 2)) + 0.45 * np.exp(
        -(((at - 0.5) / 0.12) ** 2)
    )
    assert Remark.LIKE_READINGS in read(counts(pulse, 520, gain)).remarks


def test_a_temperature_in_tenths_is_read_with_a_caution() -> None:
    rng = np.random.default_rng(3)
    at = np.arange(600)
    tenths = np.round(366 + 3 * np.sin(at / 90) + rng.normal(0, 0.05, 600))
    assert Remark.LIKE_READINGS in read(tenths).remarks


def called(name: str, text: str, column: str | None = None) -> Recording:
    return parse_recording(text.encode(), name=name, wanted=Wanted(column=column))


@pytest.mark.parametrize(
    "name", ["hr.txt", "P3_HR.csv", "heart_rate_anna.txt", "bpm-2.txt", "Puls.txt"]
)
def test_a_list_that_is_named_after_heart_rates_is_asked_what_it_is(name: str) -> None:
    tenths = "".join(f"{712 + 14 * (n % 3) + n % 7}\n" for n in range(300))
    with pytest.raises(BadRecordingError, match="tenths of beats a minute"):
        called(name, tenths)
    assert len(called(name, "RR [ms]\n" + tenths).rr_ms) == 300
    assert len(called(name, tenths, column="1").rr_ms) == 300


@pytest.mark.parametrize(
    "name", ["rr.txt", "hr_rr.txt", "hrv.txt", "HR-RR-intervals.csv", "chris.txt", ""]
)
def test_a_list_of_any_other_name_is_read(name: str) -> None:
    rows = "".join(f"{712 + 14 * (n % 3) + n % 7}\n" for n in range(300))
    assert len(called(name, rows).rr_ms) == 300


# --- and hearts are hearts -----------------------------------------------------------


def stretches(rr_ms: Floats) -> Iterator[Floats]:
    for size in (300, 1000, 6000):
        for begin in range(0, max(1, rr_ms.size - size // 2), size):
            yield rr_ms[begin : begin + size]


@needs_data
def test_no_stretch_of_a_real_heart_is_taken_for_a_signal() -> None:
    seen = 0
    for name, rr_ms in real_hearts():
        for some in stretches(rr_ms):
            assert not is_ecg(some), name
            assert not may_be_signal(some), name
            seen += 1
    assert seen >= 200


AT_REST = (quiet, fibrillating, with_each_fiftieth_beat_split)
HEARTS = (*AT_REST, with_a_pacemaker, with_runs, with_arousals, breathing_deeply)


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("heart", HEARTS)
def test_no_made_up_heart_is_refused_as_an_ecg(heart: Heart, seed: int) -> None:
    assert not is_ecg(np.round(heart(np.random.default_rng(seed))))


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("heart", AT_REST)
def test_a_heart_at_rest_has_no_caution(heart: Heart, seed: int) -> None:
    assert not may_be_signal(np.round(heart(np.random.default_rng(seed))))
