"""What looks like one heart's intervals and is not: planted, and in real hearts."""

from collections.abc import Callable

import numpy as np
import pytest
from scipy.interpolate import CubicSpline

from coreg.errors import BadRecordingError
from coreg.facts.arrays import Floats
from coreg.findings.recording import RecordingFigures, measured
from coreg.sensors.recordings.recognise import parse_recording
from coreg.sensors.recordings.recording import Remark
from coreg.sensors.recordings.source import Wanted
from coreg.sensors.recordings.text.evidence import are_two_of_one_level
from coreg.sensors.recordings.text.sampled import is_sampled
from tests.helpers.real_hearts import real_hearts
from tests.helpers.shared import needs_data


def heart(seed: int, rows: int, usual_ms: float = 812.0) -> Floats:
    """Return whole ms of a heart that breathes, with what nobody can foresee."""
    rng = np.random.default_rng(seed)
    breath_s, slow_s = rng.uniform(3, 6), rng.uniform(9, 12)
    rr_ms, t_s = [], 0.0
    for _ in range(rows):
        swing = 25 * np.sin(2 * np.pi * t_s / breath_s)
        swing += 18 * np.sin(2 * np.pi * t_s / slow_s)
        rr_ms.append(usual_ms + swing + rng.normal(0, 6))
        t_s += rr_ms[-1] / 1000
    return np.round(np.array(rr_ms))


def listed(values: Floats, decimals: int = 0) -> str:
    return "".join(f"{each:.{decimals}f}\n" for each in values)


def read(text: str, column: str | None = None) -> RecordingFigures:
    wanted = Wanted(column=column)
    return measured(parse_recording(text.encode(), name="planted", wanted=wanted))


def refusal(text: str) -> str:
    with pytest.raises(BadRecordingError) as refused:
        read(text)
    return str(refused.value)


# --- a clock of whole seconds and the unit of intervals ------------------------------


def by_whole_seconds(factor: float, rows: int, sep: str, *, is_first: bool) -> str:
    rr_ms = heart(1, rows)
    seconds = np.floor(np.cumsum(rr_ms) / 1000)
    told = np.round(rr_ms * factor)
    names = ["time [s]", "rr [ms]"]
    pairs = [seconds, told]
    if not is_first:
        names, pairs = names[::-1], pairs[::-1]
    lines = [
        sep.join(f"{each:.0f}" for each in row) for row in zip(*pairs, strict=True)
    ]
    return "\n".join([sep.join(names), *lines])


@pytest.mark.parametrize("factor", [0.512, 1 / 0.512])
@pytest.mark.parametrize("rows", [220, 900])
@pytest.mark.parametrize(("sep", "is_first"), [(",", True), ("\t", False)])
def test_the_sum_over_minutes_tells_512ths_from_ms(
    factor: float, rows: int, sep: str, is_first: bool
) -> None:
    said = refusal(by_whole_seconds(factor, rows, sep, is_first=is_first))
    assert f"{1 / factor:.3g}"[:4] in said
    assert "another unit" in said


@pytest.mark.parametrize("factor", [1.024, 1 / 1.024])
@pytest.mark.parametrize("rows", [220, 900])
def test_the_sum_over_minutes_tells_1024ths_from_ms(factor: float, rows: int) -> None:
    got = read(by_whole_seconds(factor, rows, ",", is_first=True))
    assert Remark.UNIT_UNLIKE_CLOCK in got.remarks


@pytest.mark.parametrize("rows", [220, 900])
def test_whole_seconds_beside_true_ms_need_no_word(rows: int) -> None:
    assert read(by_whole_seconds(1.0, rows, ",", is_first=True)).remarks == ()


def test_each_second_beat_alone_is_a_loss_and_no_other_unit() -> None:
    rr_ms = heart(1, 900)
    seconds = np.floor(np.cumsum(rr_ms) / 1000)
    rows = [f"{s:.0f},{r:.0f}" for s, r in zip(seconds, rr_ms, strict=True)][::2]
    got = read("\n".join(["time [s],rr [ms]", *rows]))
    assert Remark.BEATS_MISSING in got.remarks


# --- blocks --------------------------------------------------------------------------


@pytest.mark.parametrize("rule", ["---", "--", "===", "-----", "***", "___", "——"])
@pytest.mark.parametrize("head", ["", "RR [ms]\n"])
@pytest.mark.parametrize("usual_ms", [812, 905])
def test_a_line_drawn_between_two_blocks_is_no_missing_value(
    rule: str, head: str, usual_ms: int
) -> None:
    text = head + listed(heart(1, 60)) + rule + "\n" + listed(heart(2, 60, usual_ms))
    assert f"a line '{rule}' between the values" in refusal(text)


def test_single_dashes_among_values_are_missing_ones() -> None:
    rows = listed(heart(1, 60)).split()
    for at in (10, 13, 30):
        rows[at] = "-"
    got = read("\n".join(rows))
    assert Remark.VALUES_MISSING in got.remarks


@pytest.mark.parametrize("empty", ["\n", "\n\n\n", " \n"])
def test_another_level_behind_an_empty_line_may_be_another_heart(empty: str) -> None:
    text = listed(heart(1, 80)) + empty + listed(heart(2, 80, 930))
    assert "of another level" in refusal(text)


@pytest.mark.parametrize("at", [20, 33, 47, 60, 100])
@pytest.mark.parametrize("seed", range(6))
def test_one_heart_goes_on_behind_an_empty_line(at: int, seed: int) -> None:
    whole = heart(seed, 160)
    got = read(listed(whole[:at]) + "\n" + listed(whole[at + 1 :]))
    assert got.remarks == (Remark.VALUES_MISSING,)


# --- parts ---------------------------------------------------------------------------


@pytest.mark.parametrize("labels", [("supine", "standing"), ("sit", "walk")])
@pytest.mark.parametrize(
    "name",
    ["condition", "posture", "phase", "activity", "Haltung", "position"],
)
@pytest.mark.parametrize("sep", [",", ";"])
def test_parts_are_parts_whatever_parts_them(
    name: str, labels: tuple[str, str], sep: str
) -> None:
    rr_ms = heart(1, 120)
    rows = [f"{labels[i >= 60]}{sep}{rr:.0f}" for i, rr in enumerate(rr_ms.astype(int))]
    assert "several parts" in refusal("\n".join([f"{name}{sep}RR", *rows]))


# --- two hearts in turn --------------------------------------------------------------


@pytest.mark.parametrize("apart", [1.0, 1.02, 1.05])
def test_two_slow_hearts_of_one_level_in_turn_are_found(apart: float) -> None:
    at = np.arange(150)
    one = 900 + 40 * np.sin(at / 2) + at * at % 7
    other = apart * (900 + 40 * np.sin(at / 2.7 + 1)) + at * at % 11
    both = np.ravel(np.column_stack([one, other]))
    assert "as if two hearts" in refusal(listed(both))
    assert len(read(listed(both), column="1").labels) == both.size


def test_one_slow_heart_that_breathes_within_three_beats_is_one() -> None:
    at = np.arange(300)
    for beats in (2.05, 2.2, 2.5, 2.9, 3.3, 4.5):
        values = 1200 + 45 * np.sin(2 * np.pi * at / beats) + at * at % 13
        assert not are_two_of_one_level(values)


# --- a tachogram at a fixed rate -----------------------------------------------------

Resampled = Callable[[Floats, Floats, Floats], Floats]
WAYS: dict[str, Resampled] = {
    "spline": lambda t_s, rr_ms, at_s: np.asarray(CubicSpline(t_s, rr_ms)(at_s)),
    "lines": lambda t_s, rr_ms, at_s: np.interp(at_s, t_s, rr_ms),
    "held": lambda t_s, rr_ms, at_s: rr_ms[np.searchsorted(t_s, at_s)],
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("rate_hz", [4.0, 5.0, 8.0, 10.0])
@pytest.mark.parametrize(("per_ms", "decimals"), [(1, 0), (1, 3), (0.001, 4)])
def test_a_resampled_tachogram_is_read_with_a_caution(
    way: str, rate_hz: float, per_ms: float, decimals: int
) -> None:
    rr_ms = heart(3, 300)
    t_s = np.cumsum(rr_ms) / 1000
    at_s = np.arange(t_s[0], t_s[-1], 1 / rate_hz)
    text = listed(WAYS[way](t_s, rr_ms, at_s) * per_ms, decimals)
    assert Remark.LIKE_READINGS in read(text).remarks


@needs_data
def test_no_stretch_of_a_real_heart_is_taken_for_two_or_for_readings() -> None:
    stretches = 0
    for name, rr_ms in real_hearts():
        for begin in range(0, max(1, rr_ms.size - 59), 150):
            some = rr_ms[begin : begin + 300]
            assert not is_sampled(some), (name, begin)
            assert not are_two_of_one_level(some), (name, begin)
            stretches += 1
        assert not is_sampled(rr_ms), name
    assert stretches >= 300
