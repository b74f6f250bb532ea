"""Small files after public reports of what goes wrong, with values worked by hand.

The files and their right values are given beside this repository; where they are
absent, these tests are skipped.
"""

from pathlib import Path

import numpy as np
import pytest

from coreg.errors import BadRecordingError
from coreg.findings.recording import RecordingFigures, measured
from coreg.sensors.recordings.reading import read_recording
from coreg.sensors.recordings.recording import Recording, Remark
from coreg.sensors.recordings.source import Wanted
from tests.helpers.shared import DATA

CASES = DATA.parent / "cases"
BASE = (809.67, 21.66)


def case(name: str) -> Path:
    """Return the only file of this case; skip where the cases are absent."""
    if not CASES.is_dir():
        pytest.skip(f"no folder of cases at {CASES}")
    (path,) = CASES.glob(f"{name}-*")
    return path


def figures(name: str, wanted: Wanted | None = None) -> RecordingFigures:
    return measured(read_recording(case(name), wanted))


# What is written with few digits is rounded: half a unit of the last digit, in ms.
WHOLE = [
    *(("02", 0.5), ("05", 0.5), ("06", 0.5), ("09", 0.5), ("14", 0.5), ("14b", 0.5)),
    *(("15", 0.5), ("16", 0.49), ("17", 1.39), ("17b", 1.0), ("17c", 0.01)),
    *((f"21{letter}", 0.01) for letter in "bcdefghi"),
    *(("21", 0.01), ("22", 0.01), ("22b", 0.01), ("22c", 0.01), ("22d", 0.01)),
    *(("22e", 0.51), ("22g", 0.01), ("22h", 0.01), ("22i", 0.01), ("22j", 0.01)),
    *(("22k", 0.01), ("22l", 0.01), ("22m", 0.01), ("22n", 0.51)),
    *(("26", 0.01), ("26b", 0.01), ("27", 0.01), ("27c", 0.01), ("27d", 0.01)),
]


@pytest.mark.parametrize(("name", "near_ms"), WHOLE)
def test_a_series_is_read_whole_in_every_way_of_writing_it(
    name: str, near_ms: float
) -> None:
    read_ms = np.array(read_recording(case(name)).rr_ms)
    right_ms = _series()[: read_ms.size]
    assert read_ms.size >= 55
    assert np.abs(read_ms - right_ms).max() <= near_ms


def _series() -> np.ndarray:
    """Return the first 200 intervals, which case 22c holds one to a line in quotes."""
    text = case("22c").read_text(encoding="utf-8").replace('"', "")
    return np.array([float(each) for each in text.split()[1:]])


@pytest.mark.parametrize(
    ("name", "mean_ms", "rmssd_ms"),
    [
        ("01", 1179.6, 25.79),
        ("02", *BASE),
        ("17c", *BASE),
        *((f"21{letter}", *BASE) for letter in "bcdefghi"),
        ("22", *BASE),
        ("22i", *BASE),
        ("32", 789.0, 22.26),
        ("32b", 789.0, 22.26),
        ("36", 812.24, 22.67),
        ("36b", 812.24, 22.67),
    ],
)
def test_the_figures_are_those_worked_by_hand(
    name: str, mean_ms: float, rmssd_ms: float
) -> None:
    of = figures(name)
    assert of.hrv.mean_nn_ms == pytest.approx(mean_ms, abs=0.06)
    assert of.hrv.rmssd_ms == pytest.approx(rmssd_ms, abs=0.006)


@pytest.mark.parametrize("name", ["18", "18c", "18d"])
def test_thousands_are_no_columns_and_no_decimals(name: str) -> None:
    of = figures(name)
    assert of.hrv.mean_nn_ms == pytest.approx(966.4, abs=0.06)
    assert of.hrv.sdnn_ms == pytest.approx(41.9, abs=0.06)


@pytest.mark.parametrize("name", ["18b", "18e"])
def test_one_thousand_among_hundreds_is_one_number(name: str) -> None:
    rr_ms = read_recording(case(name)).rr_ms
    assert len(rr_ms) == 200
    assert 1001.0 in rr_ms
    assert min(rr_ms) > 700


@pytest.mark.parametrize("name", ["10", "10b", "10c", "10d", "10e"])
def test_two_people_side_by_side_are_named_and_read_one_at_a_time(name: str) -> None:
    with pytest.raises(BadRecordingError, match="two people") as refused:
        figures(name)
    called = ("anna", "ben") if name in {"10c", "10d"} else ("column 1", "column 2")
    assert all(each in str(refused.value) for each in called)
    for column, mean_ms, rmssd_ms in (("1", 809.67, 21.66), ("2", 906.25, 21.85)):
        of = figures(name, Wanted(column=column))
        assert of.hrv.mean_nn_ms == pytest.approx(mean_ms, abs=0.006)
        assert of.hrv.rmssd_ms == pytest.approx(rmssd_ms, abs=0.006)
    if name in {"10c", "10d"}:
        of = figures(name, Wanted(person="ben"))
        assert of.hrv.mean_nn_ms == pytest.approx(906.25, abs=0.006)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("07", "pulse-to-pulse intervals"),
        ("08", "heart rates without RR intervals"),
        ("11", "none is surely RR intervals"),
        ("24c", "233 a minute if they were ms"),
        ("27b", "HRV Logger's file of events"),
        ("33", "line 3: 9 cells under 6 columns"),
        ("38", "205 a minute if they were ms"),
        ("38b", "221 a minute if they were ms"),
    ],
)
def test_a_file_without_intervals_or_unit_is_named_for_what_it_is(
    name: str, words: str
) -> None:
    with pytest.raises(BadRecordingError, match=words):
        figures(name)


@pytest.mark.parametrize(
    ("name", "rmssd_ms"), [("19", 12.54), ("19b", 12.54), ("19c", 12.29)]
)
def test_a_hole_in_a_stamped_file_is_one_gap(name: str, rmssd_ms: float) -> None:
    of = figures(name)
    assert of.label_counts["gap"] == 1
    # The interval after a gap is not counted, which by hand it was.
    assert of.hrv.rmssd_ms == pytest.approx(rmssd_ms, rel=0.015)


@pytest.mark.parametrize("name", ["20", "20b", "20c"])
def test_rows_without_a_value_are_gaps(name: str) -> None:
    of = figures(name)
    # Eight rows, each with the interval after it.
    assert of.label_counts["gap"] == 16
    assert of.remarks == (Remark.VALUES_MISSING,)
    assert of.hrv.rmssd_ms == pytest.approx(22.15, rel=0.015)


def test_a_flag_beside_each_interval_is_none() -> None:
    of = figures("22f")
    assert len(of.rr_ms) == 200
    assert of.label_counts["missed"] == 5  # the five that the flags are of
    assert of.hrv.mean_nn_ms == pytest.approx(BASE[0], abs=1.0)


@pytest.mark.parametrize("name", ["24", "24b"])
def test_parts_of_a_second_are_read_by_their_heading(name: str) -> None:
    assert figures(name).hrv.mean_nn_ms == pytest.approx(1009.8, abs=0.06)


@pytest.mark.parametrize(
    ("name", "remark"), [("26", Remark.CLOCK_CHANGED), ("26b", Remark.STEPPED_BACK)]
)
def test_a_clock_put_right_is_said_and_no_gap(name: str, remark: Remark) -> None:
    of = figures(name)
    assert of.remarks == (remark,)
    assert "gap" not in of.label_counts


@pytest.mark.parametrize("name", ["28", "28b"])
def test_intervals_asked_for_too_often_are_warned_of(name: str) -> None:
    of = figures(name)
    assert of.over_counted_s > 40
    assert np.isnan(of.hrv.rmssd_ms)


def test_beats_that_rdann_printed_are_read_from_their_times() -> None:
    recording: Recording = read_recording(case("29"))
    # 0.834, 1.702, 2.595, 3.503 s.
    assert recording.rr_ms[:3] == pytest.approx((868, 893, 908), abs=0.01)


def test_hours_minutes_and_seconds_are_times() -> None:
    recording = read_recording(case("29b"))
    assert recording.has_times
    assert recording.rr_ms[:3] == (834.0, 868.0, 893.0)
    assert figures("29b").hrv.rmssd_ms == pytest.approx(25.0, abs=0.05)


def test_marks_of_lost_beats_stay_marks() -> None:
    recording = read_recording(case("32c"))
    assert recording.rr_ms.count(0.0) == 7


def test_beats_in_the_middle_of_a_recording_are_read_from_their_times() -> None:
    of = figures("37")
    assert of.hrv.mean_hr_bpm == pytest.approx(73.9, abs=0.06)
    # By hand with the interval before the first time, which is not in the file.
    assert of.hrv.rmssd_ms == pytest.approx(22.67, rel=0.01)
