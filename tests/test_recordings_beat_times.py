"""Times of beats have one rule for holes, whatever format they stand in."""

import json
from collections.abc import Callable

import numpy as np
import pytest

from coreg.findings.recording import measured
from coreg.sensors.recordings.packets import beat_to_beat
from coreg.sensors.recordings.recognise import parse_recording

AT = np.arange(120)
HEART_MS = 812 + 30 * np.sin(AT / 2) + AT * AT % 7
LOST_AT = 60


def times_s(beats_lost: int) -> list[float]:
    """Return times of a heart of which some beats after the sixtieth were lost."""
    t_s = np.cumsum(np.round(HEART_MS)) / 1000
    kept = np.concatenate((t_s[:LOST_AT], t_s[LOST_AT + beats_lost :]))
    return [round(float(each), 3) for each in kept]


def as_text(t_s: list[float]) -> bytes:
    return "\n".join(["beat [s]", *map(str, t_s)]).encode()


def as_apple(t_s: list[float]) -> bytes:
    beats = [{"timeSinceSeriesStart": each, "precededByGap": False} for each in t_s]
    return json.dumps({"beats": beats}).encode()


@pytest.mark.parametrize("beats_lost", [2, 3, 5, 40])
@pytest.mark.parametrize("write", [as_text, as_apple])
def test_two_lost_beats_and_more_are_a_hole_in_every_format(
    beats_lost: int, write: Callable[[list[float]], bytes]
) -> None:
    t_s = times_s(beats_lost)
    got = measured(parse_recording(write(t_s), name="planted"))
    true_ms = np.diff(t_s) * 1000
    true_ms[LOST_AT - 1] = np.nan
    steps_ms = np.diff(true_ms)
    rmssd_ms = float(np.sqrt(np.nanmean(steps_ms**2)))
    # The interval behind a hole may be left out with it: one pair of a hundred.
    assert got.hrv.rmssd_ms == pytest.approx(rmssd_ms, rel=0.01)
    assert got.hrv.mean_nn_ms == pytest.approx(float(np.nanmean(true_ms)), rel=0.001)


@pytest.mark.parametrize("beats_lost", [2, 3, 5])
def test_annotations_mark_the_hole_that_a_text_of_beat_times_has(
    beats_lost: int,
) -> None:
    given = [(f"beat {n}", t_s, False) for n, t_s in enumerate(times_s(beats_lost))]
    marks = [n for n, (_, rr_ms) in enumerate(beat_to_beat(given)) if 0.0 in rr_ms]
    assert marks == [LOST_AT]


def test_one_lost_beat_stays_an_interval_for_cleaning_to_judge() -> None:
    given = [(f"beat {n}", t_s, False) for n, t_s in enumerate(times_s(1))]
    assert not any(0.0 in rr_ms for _, rr_ms in beat_to_beat(given))
