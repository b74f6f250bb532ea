"""The line of a strap on Home: it jumps where somebody taps it, and else lies still."""

import math

import pytest
from hypothesis import given, strategies as st

from coreg.sensors.decoding.heart_rate import HeartRateMeasurement, encode
from coreg.web.server.beat_jumps import BeatJumps


def packet(*rr_ms: float) -> bytes:
    return encode(
        HeartRateMeasurement(
            hr_bpm=60, wide_hr=False, contact=None, energy_kj=None, rr_ms=rr_ms
        )
    )


def line_of(rr_ms: list[float]) -> tuple[float, ...]:
    jumps, t_s = BeatJumps(), 100.0
    for each_ms in rr_ms:
        t_s += each_ms / 1000
        jumps.hear(t_s, packet(each_ms))
    return jumps.at(t_s)


@given(
    calm=st.integers(50, 110),
    swing=st.floats(0.0, 0.1),
    period=st.integers(4, 12),
)
def test_of_a_heart_whatever_its_rate_and_swing_nothing_is_seen(
    calm: int, swing: float, period: int
) -> None:
    rr_ms = [
        60_000 / calm * (1 + swing * math.sin(2 * math.pi * beat / period))
        for beat in range(60)
    ]
    assert {each for each in line_of(rr_ms) if not math.isnan(each)} == {0.0}


def test_where_a_strap_is_tapped_the_line_jumps() -> None:
    tapped = line_of([800.0] * 20 + [400.0, 1200.0, 800.0] + [800.0] * 3)
    seen = [each for each in tapped if each > 0]
    # From 800 to 400 ms, to 1200 (as far as the line goes), and back to 800.
    assert seen == pytest.approx([0.5, 1.0, 1 / 3], abs=0.01)


def test_several_beats_of_one_packet_stand_where_they_beat() -> None:
    jumps = BeatJumps()
    jumps.hear(100.0, packet(800.0))
    jumps.hear(101.6, packet(400.0, 800.0))
    last = jumps.at(101.75)[-4:]
    assert last == pytest.approx((0.5, 0.0, 0.0, 1.0), abs=0.01)


def test_no_line_is_drawn_over_a_gap() -> None:
    jumps = BeatJumps()
    jumps.hear(10.0, packet(1000.0))
    jumps.hear(20.0, packet(500.0))
    by_time = dict(
        zip([20.0 - i / 4 for i in range(120)], jumps.at(20.0)[::-1], strict=True)
    )
    assert by_time[14.75] == 0.0
    assert math.isnan(by_time[15.0])
    assert math.isnan(by_time[19.75])
    assert by_time[20.0] == pytest.approx(0.5, abs=0.01)
