"""The line of one heart on Home: straight from beat to beat, never over a gap."""

import math

from coreg.sensors.decoding.heart_rate import HeartRateMeasurement, encode
from coreg.web.server.heart_trace import HeartTrace


def packet(rr_ms: float) -> bytes:
    return encode(
        HeartRateMeasurement(
            hr_bpm=60, wide_hr=False, contact=None, energy_kj=None, rr_ms=(rr_ms,)
        )
    )


def test_between_two_beats_the_line_is_straight_and_after_the_last_it_stays() -> None:
    trace = HeartTrace()
    trace.hear(10.0, packet(1000.0))  # 60 a minute
    trace.hear(10.5, packet(500.0))  # 120 a minute
    *_, before, first, middle, last, after = trace.at(10.75)
    assert math.isnan(before)
    assert (first, middle, last, after) == (60.0, 90.0, 120.0, 120.0)


def test_no_line_is_drawn_over_a_gap() -> None:
    trace = HeartTrace()
    trace.hear(10.0, packet(1000.0))
    trace.hear(20.0, packet(500.0))
    by_time = dict(
        zip([20.0 - i / 4 for i in range(120)], trace.at(20.0)[::-1], strict=True)
    )
    assert by_time[14.75] == 60.0
    assert math.isnan(by_time[15.0])
    assert math.isnan(by_time[19.75])
    assert by_time[20.0] == 120.0
