"""Signals beside signals, doubled rows, two hearts a few ms apart, and coarse steps."""

import numpy as np
import pytest

from coreg.analysis.coarse_steps import coarse_step_ms
from coreg.errors import BadRecordingError
from coreg.facts.arrays import Floats
from coreg.findings.recording import measured
from coreg.sensors.recordings.recognise import parse_recording
from coreg.sensors.recordings.recording import Recording, Remark
from coreg.sensors.recordings.source import Wanted


def read(text: str, column: str | None = None) -> Recording:
    return parse_recording(text.encode(), name="planted", wanted=Wanted(column=column))


def heart(n: int = 400, seed: int = 1, mean_ms: float = 1000.0) -> Floats:
    """Return a quiet heart: slow waves of 12 ms, breath of 8 ms, noise of 3 ms."""
    rng = np.random.default_rng(seed)
    at = np.arange(n)
    waves = 12 * np.sin(at / 9) + 8 * np.sin(at / 0.7)
    rr_ms: Floats = mean_ms + waves + rng.normal(0, 3, n)
    return rr_ms


def rows(*columns: Floats, form: str = ".0f") -> str:
    return "".join(
        ",".join(f"{each:{form}}" for each in row) + "\n"
        for row in zip(*columns, strict=True)
    )


# --- signals --------------------------------------------------------------------------


@pytest.mark.parametrize("heading", ["ECG,RSP", "EDA,value", "time,ecg,x", "resp,anna"])
def test_what_stands_beside_a_signal_is_no_list_of_intervals(heading: str) -> None:
    rng = np.random.default_rng(2)
    n = 600
    belt = 0.7 + 0.12 * np.sin(np.arange(n) / 55) + rng.normal(0, 0.002, n)
    columns = {
        2: (rng.normal(0, 0.02, n), belt),
        3: (np.arange(n) / 100, rng.normal(0, 0.02, n), belt),
    }[heading.count(",") + 1]
    with pytest.raises(BadRecordingError):
        read(f"{heading}\n{rows(*columns, form='.4f')}")


def test_a_column_that_says_intervals_is_read_beside_a_signal() -> None:
    rr = np.round(heart())
    breath = 14 + np.sin(np.arange(rr.size) / 9)
    text = "resp,rr_ms\n" + "".join(
        f"{each:.2f},{value:.0f}\n" for each, value in zip(breath, rr, strict=True)
    )
    assert read(text).rr_ms == tuple(rr)
    asked = text.replace("rr_ms", "anna")
    with pytest.raises(BadRecordingError, match="anna"):
        read(asked)
    assert read(asked, column="anna").rr_ms == tuple(rr)


@pytest.mark.parametrize(
    "heading", ["RSP", "RIP", "Atmung", "BVP", "PLETH", "thorax", "HbO"]
)
def test_a_list_headed_by_a_signal_is_refused(heading: str) -> None:
    text = f"{heading}\n{rows(heart())}"
    with pytest.raises(BadRecordingError, match=heading):
        read(text)
    assert read(text, column="1").rr_ms


@pytest.mark.parametrize("heading", ["Pat1", "Gurt A"])
def test_a_patient_and_a_strap_are_no_signals(heading: str) -> None:
    rr = np.round(heart())
    assert read(f"{heading}\n{rows(rr)}").rr_ms == tuple(rr)


# --- two hearts, and rows twice -------------------------------------------------------


@pytest.mark.parametrize("apart_ms", [2, 6, 12])
def test_two_lists_a_few_ms_apart_are_not_one_heart_in_two_units(apart_ms: int) -> None:
    rr = np.round(heart())
    with pytest.raises(BadRecordingError, match="each can be RR intervals"):
        read(rows(rr, rr + apart_ms))


@pytest.mark.parametrize("per_s", [1, 1024, 256])
def test_one_heart_in_two_units_is_one(per_s: int) -> None:
    rr = np.round(heart(mean_ms=850))
    other = rr / 1000 * per_s
    text = "".join(
        f"{each:.0f},{same:.6f}\n" for each, same in zip(rr, other, strict=True)
    )
    assert read(text).rr_ms == pytest.approx(tuple(rr), rel=2e-3)


def beats_twice(rr: Floats, again: set[int]) -> str:
    t_s = np.cumsum(rr) / 1000
    lines = [f"{at:.3f},{each:.0f}" for at, each in zip(t_s, rr, strict=True)]
    twice = [line for i, line in enumerate(lines) for _ in range(1 + (i in again))]
    return "time_s,rr_ms\n" + "\n".join(twice) + "\n"


@pytest.mark.parametrize("again", [{10}, {10, 50, 200}, set(range(0, 400, 10))])
def test_a_beat_in_two_rows_is_refused_with_its_line(again: set[int]) -> None:
    rr = np.round(heart())
    with pytest.raises(BadRecordingError, match=f"line {min(again) + 3}:"):
        read(beats_twice(rr, again))
    assert read(beats_twice(rr, set())).rr_ms == tuple(rr)


def test_equal_beats_of_one_notification_are_two() -> None:
    rr = np.repeat(np.round(heart(200)), 2)
    rr[1::4] += 4
    arrived_s = np.repeat(np.cumsum(rr)[1::2] / 1000, 2)
    text = "arrival_s,rr_ms\n" + "".join(
        f"{at:.3f},{each:.0f}\n" for at, each in zip(arrived_s, rr, strict=True)
    )
    assert read(text).rr_ms == tuple(rr)


# --- steps ----------------------------------------------------------------------------


def is_said_coarse(rr_ms: Floats, form: str) -> bool:
    found = measured(read("rr_ms\n" + rows(rr_ms, form=form)))
    return Remark.COARSE_STEPS in found.remarks


@pytest.mark.parametrize("form", [".0f", ".4f"])
def test_intervals_of_whole_heart_rates_are_said_to_be(form: str) -> None:
    assert is_said_coarse(60_000 / np.round(60_000 / heart()), form)


@pytest.mark.parametrize("step_ms", [1000 / 128, 10.0, 20.0])
def test_a_coarse_clock_is_said_to_be_one(step_ms: float) -> None:
    assert is_said_coarse(np.round(heart() / step_ms) * step_ms, ".4f")


@pytest.mark.parametrize("step_ms", [1.0, 1000 / 1024, 1000 / 512])
@pytest.mark.parametrize("seed", range(5))
def test_a_strap_is_not_coarse(step_ms: float, seed: int) -> None:
    rr_ms = np.round(heart(seed=seed) / step_ms) * step_ms
    assert not is_said_coarse(rr_ms, ".4f")


@pytest.mark.parametrize("step_ms", [1000 / 128, 10.0])
def test_steps_are_said_only_where_they_matter(step_ms: float) -> None:
    """With s the step, RMSSD² grows by s²/6: 2 % of RMSSD at s = .49 RMSSD."""
    rng = np.random.default_rng(4)
    for sd_ms in (step_ms, 40.0):
        true_ms = 1000 + rng.normal(0, sd_ms, 4000)
        seen_ms = np.round(true_ms / step_ms) * step_ms
        true, seen = (
            float(np.sqrt(np.mean(np.diff(each) ** 2))) for each in (true_ms, seen_ms)
        )
        assert (coarse_step_ms(seen_ms) > 0) == (seen / true > 1.02)
