"""A strap's habits, planted in files with times: said of them, and of no sound one."""

import math
from collections.abc import Sequence

import numpy as np

from coreg.facts.events import Quirk
from coreg.findings.recording import measured
from coreg.sensors.quirks.in_files import habits_in
from coreg.sensors.recordings.recognise import parse_recording
from coreg.sensors.recordings.recording import Remark

Packets = list[tuple[float, tuple[float, ...]]]


def sound(length_s: int, *, heart_ms: float = 857.0) -> Packets:
    """Return a packet a second, on its way for a moment, of a heart that swings."""
    rng = np.random.default_rng(1)
    made, beat_s, ready = Packets(), 0.5, list[float]()
    for second in range(1, length_s + 1):
        while beat_s <= second:
            wave = 40 * math.sin(beat_s * 0.628)
            rr_ms = round(heart_ms + wave + float(rng.normal(0, 15)), 3)
            ready.append(rr_ms)
            beat_s += rr_ms / 1000
        made.append((round(second + float(rng.uniform(0, 0.05)), 3), tuple(ready)))
        ready = []
    return made


def remarks_of_file(packets: Packets) -> Sequence[Remark]:
    rows = [f"{t_s},{rr}" for t_s, together in packets for rr in together]
    text = "\n".join(["arrival_s,rr_ms", *rows])
    return measured(parse_recording(text.encode(), name="file.csv")).remarks


def test_a_sound_strap_has_none() -> None:
    assert habits_in(sound(400)) == frozenset()
    assert remarks_of_file(sound(400)) == ()


def test_a_wrong_unit_is_seen_by_arrivals_alone() -> None:
    by = 1000 / 1024
    packets = [(t, tuple(by * rr for rr in rr_ms)) for t, rr_ms in sound(400)]
    assert habits_in(packets) == {Quirk.RR_IN_MS}
    assert remarks_of_file(packets) == (Remark.UNIT_UNLIKE_CLOCK,)


def test_beats_left_out_for_two_minutes_are_seen_and_are_no_wrong_unit() -> None:
    packets, left = sound(900), Packets()
    for n, (t_s, rr_ms) in enumerate(packets):
        is_out = 300 <= t_s < 420 and n % 5 == 0
        left.append((t_s, () if is_out else rr_ms))
    assert habits_in(left) == {Quirk.UNDER_COUNTED}
    said = remarks_of_file(left)
    assert Remark.UNIT_UNLIKE_CLOCK not in said  # though 2.3% of the whole are missing


def test_fillers_of_a_slow_heart_are_said() -> None:
    packets = [
        (t_s, (*rr_ms[:-1], 500.0) if 50 <= t_s < 60 and rr_ms else rr_ms)
        for t_s, rr_ms in sound(200)
    ]
    assert Quirk.FILL_VALUES in habits_in(packets)
    assert Remark.FILL_VALUES in remarks_of_file(packets)
    fast = [(t, (500.0,) if t % 2 < 1 else ()) for t, _ in sound(60)]
    assert Quirk.FILL_VALUES not in habits_in(fast)  # a heart of 120 has such beats


def test_what_a_file_calls_lost_is_not_counted_as_left_out() -> None:
    packets = [
        (t_s, (0.0,) if n % 8 == 0 else rr_ms)
        for n, (t_s, rr_ms) in enumerate(sound(400))
    ]
    assert habits_in(packets) == frozenset()
