"""Heartbeats that a file holds twice, or not: runs, values written again, marks."""

import numpy as np
import pytest

from coreg.errors import BadRecordingError
from coreg.facts.arrays import Floats
from coreg.sensors.recordings.recognise import parse_recording
from coreg.sensors.recordings.recording import Recording, Remark
from coreg.sensors.recordings.source import Wanted


def read(text: str, column: str | None = None) -> Recording:
    return parse_recording(text.encode(), name="planted", wanted=Wanted(column=column))


def heart(n: int = 300, seed: int = 1) -> Floats:
    """Return a heart at rest in whole ms: breath of 28 ms, noise of 9 ms."""
    rng = np.random.default_rng(seed)
    breath = 28 * np.sin(2 * np.pi * np.arange(n) / 5.3)
    rr_ms: Floats = np.round(812 + breath + rng.normal(0, 9, n))
    return rr_ms


def listed(rr_ms: Floats) -> str:
    return "RR [ms]\n" + "".join(f"{each:.0f}\n" for each in rr_ms)


@pytest.mark.parametrize("again", [slice(0, 300), slice(150, 200), slice(155, 200)])
def test_a_run_that_comes_again_is_refused_with_both_lines(again: slice) -> None:
    rr_ms = heart()
    head = rr_ms[: again.stop]
    text = listed(np.concatenate((head, rr_ms[again.start :])))
    first, second = again.start + 2, head.size + 2
    with pytest.raises(BadRecordingError) as refused:
        read(text)
    said = str(refused.value)
    assert f"line {second}" in said
    assert f"line {first} " in said
    assert len(read(text, column="1").rr_ms) == head.size + 300 - again.start


def test_a_run_that_comes_again_at_other_times_is_refused() -> None:
    rr_ms = np.concatenate((heart(), heart()[200:]))
    t_s = np.cumsum(rr_ms) / 1000
    rows = "".join(f"{t:.3f},{rr:.0f}\n" for t, rr in zip(t_s, rr_ms, strict=True))
    with pytest.raises(BadRecordingError, match="line 302"):
        read(f"time,RR [ms]\n{rows}")


@pytest.mark.parametrize("seed", range(5))
def test_a_value_asked_for_too_often_has_a_caution(seed: int) -> None:
    rr_ms = heart(seed=seed)
    end_s = np.cumsum(rr_ms) / 1000
    for rate_hz in (1.5, 2.0, 3.0):
        at_s = np.arange(0, end_s[-1], 1 / rate_hz)
        polled = rr_ms[np.searchsorted(end_s, at_s)]
        found = set(read(listed(polled)).remarks)
        assert found & {Remark.VALUES_REPEATED, Remark.LIKE_READINGS}
    assert not read(listed(rr_ms)).remarks


@pytest.mark.parametrize("seed", range(5))
def test_values_that_were_written_twice_have_a_caution(seed: int) -> None:
    rr_ms = heart(seed=seed)
    twice = np.random.default_rng(seed).random(rr_ms.size) < 0.3
    found = read(listed(np.repeat(rr_ms, np.where(twice, 2, 1))))
    assert Remark.VALUES_REPEATED in found.remarks


def test_a_quiet_heart_on_a_coarse_clock_has_none() -> None:
    quiet = 812 + (heart() - 812) / 3
    ticks = np.round(quiet / 1000 * 128)
    assert np.mean(np.diff(ticks) == 0) > 0.1
    assert not read(listed(np.round(ticks * 1000 / 128))).remarks


def test_a_pacemaker_has_none() -> None:
    rng = np.random.default_rng(2)
    paced = 833 + rng.choice([-1, 0, 0, 0, 0, 1], 400)
    assert Remark.VALUES_REPEATED not in read(listed(paced.astype(np.float64))).remarks


def test_a_short_pattern_that_somebody_made_up_is_read() -> None:
    pattern = heart(30)
    assert len(read(listed(np.tile(pattern, 10))).rr_ms) == 300


@pytest.mark.parametrize(
    "mark",
    [
        *("NaN(ind)", "-nan", "1.#QNAN", "-1.#IND", "#REF!", "#NAME?", "#BEZUG!"),
        *("\\N", "(null)", "undefined", "{}"),
    ],
)
def test_what_programs_write_for_a_missing_value_is_a_gap(mark: str) -> None:
    rr_ms = heart()
    lines = listed(rr_ms).splitlines()
    lines[101] = mark
    found = read("\n".join(lines))
    assert Remark.VALUES_MISSING in found.remarks
    assert [rr for rr in found.rr_ms if rr] == [*rr_ms[:100], *rr_ms[101:]]
