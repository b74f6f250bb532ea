"""Tables that say when beats were in a way of their own are read as what they say."""

import datetime as dt
from collections.abc import Sequence

import numpy as np
import pytest

from coreg.errors import BadRecordingError
from coreg.sensors.recordings.recognise import parse_recording

ROWS = 400
AT = np.arange(ROWS)
HEART = [int(each) for each in 812 + 30 * np.sin(AT / 2) + AT * AT % 7]
ENDS_S = np.cumsum(HEART) / 1000
BEGINS_S = ENDS_S - np.array(HEART) / 1000
SINCE_1970_MS = 1_764_579_600_000


def rr_of(text: str) -> list[float]:
    got = parse_recording(text.encode(), name="planted")
    return [round(rr, 4) for rr in got.rr_ms]


def table(head: str, *columns: Sequence[object], sep: str = ",") -> str:
    rows = [sep.join(map(str, row)) for row in zip(*columns, strict=True)]
    return "\n".join([*([head] if head else []), *rows])


def windows(length_s: float, first: int) -> list[int]:
    return [first + int(at_s // length_s) for at_s in ENDS_S]


@pytest.mark.parametrize(
    ("name", "length_s"),
    [
        *(("minute", 60), ("Minuten", 60), ("epoch", 30), ("block", 30)),
        *(("lap", 77), ("Runde", 77), ("window", 60), ("Fenster", 10)),
    ],
)
@pytest.mark.parametrize("first", [0, 1])
@pytest.mark.parametrize("sep", [",", ";", "\t"])
@pytest.mark.parametrize("is_first", [True, False])
def test_windows_that_are_counted_part_no_heart(
    name: str, length_s: float, first: int, sep: str, is_first: bool
) -> None:
    columns: list[Sequence[object]] = [windows(length_s, first), HEART]
    names = [name, "rr"]
    step = 1 if is_first else -1
    text = table(sep.join(names[::step]), *columns[::step], sep=sep)
    assert rr_of(text) == HEART


@pytest.mark.parametrize("name", ["block", "segment"])
def test_blocks_of_minutes_are_parts_of_a_protocol(name: str) -> None:
    with pytest.raises(BadRecordingError, match="several parts"):
        rr_of(table(f"{name},rr", windows(100, 1), HEART))


def test_a_minute_with_too_little_in_it_has_a_hole() -> None:
    kept = [i for i, at_s in enumerate(ENDS_S) if not 70 < at_s < 90]
    minutes = windows(60, 0)
    text = table("minute,rr", [minutes[i] for i in kept], [HEART[i] for i in kept])
    with pytest.raises(BadRecordingError):
        rr_of(text)


def stamps_over_midnight() -> list[dt.datetime]:
    begun = dt.datetime(2026, 12, 1, 23, 58, 30, tzinfo=dt.UTC)
    return [begun + dt.timedelta(seconds=float(each)) for each in ENDS_S]


@pytest.mark.parametrize("labels", [("1", "2"), ("Di", "Mi"), ("01.12.", "02.12.")])
@pytest.mark.parametrize(
    ("head", "sep"), [("Tag;Uhrzeit;RR", ";"), ("day,time,rr", ",")]
)
def test_days_that_change_at_midnight_are_no_people(
    labels: tuple[str, str], head: str, sep: str
) -> None:
    at = stamps_over_midnight()
    days = [labels[each.day - 1] for each in at]
    times = [f"{each:%H:%M:%S.%f}"[:-3] for each in at]
    assert rr_of(table(head, days, times, HEART, sep=sep)) == HEART


@pytest.mark.parametrize("head", ["", "RR", "rr interval"])
@pytest.mark.parametrize("mark", ["# ", ""])
@pytest.mark.parametrize(
    ("note", "per_ms"),
    [
        *(("RR unit: 1/1024 s", 1.024), ("unit = 1/1024 s", 1.024)),
        *(("Einheit: 1/512 s", 0.512), ("units: ms", 1.0), ("Einheit: ms", 1.0)),
    ],
)
def test_a_unit_that_a_note_states_is_that_of_the_intervals(
    head: str, mark: str, note: str, per_ms: float
) -> None:
    if not head and not mark:
        head = "RR"  # else the note itself stands as the heading
    text = table(
        "\n".join([f"{mark}{note}", *([head] if head else [])]),
        [round(rr * per_ms) for rr in HEART],
    )
    assert np.abs(np.array(rr_of(text)) - HEART).max() <= 0.5 / per_ms + 1e-4


@pytest.mark.parametrize("note", ["# fs = 500 Hz", "sampling rate: 500 Hz"])
@pytest.mark.parametrize("head", ["RR (samples)", "RR [samples]"])
def test_a_rate_in_a_note_counts_for_samples_in_the_heading(
    note: str, head: str
) -> None:
    text = table(f"{note}\n{head}", [round(rr / 2) for rr in HEART])
    assert np.abs(np.array(rr_of(text)) - HEART).max() <= 1


@pytest.mark.parametrize("sep", [",", ";", "\t", " "])
@pytest.mark.parametrize("per_ms", [1, 0.001])
def test_milliseconds_since_1970_need_no_heading(sep: str, per_ms: float) -> None:
    at_ms = [SINCE_1970_MS + round(1000 * each) for each in ENDS_S]
    text = table("", at_ms, [f"{rr * per_ms:g}" for rr in HEART], sep=sep)
    assert rr_of(text) == HEART
    assert rr_of(table("", at_ms)) == HEART[1:]


WAYS = ["%Y-%m-%dT%H:%M:%S.%f", "%Y-%m-%d %H:%M:%S.%f", "%H:%M:%S.%f", "%d.%m.%Y %T.%f"]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("zone", ["", "Z", "+01:00"])
@pytest.mark.parametrize("head", ["", "beat", "timestamp", "R peak"])
def test_stamps_alone_are_times_of_beats(way: str, zone: str, head: str) -> None:
    stamps = [f"{each:{way}}"[:-3] + zone for each in stamps_over_midnight()]
    assert rr_of(table(head, stamps)) == HEART[1:]


def test_stamps_of_whole_seconds_alone_tell_no_beat() -> None:
    stamps = [f"{each:%H:%M:%S}" for each in stamps_over_midnight()]
    with pytest.raises(BadRecordingError, match="too coarse"):
        rr_of(table("time", stamps))


@pytest.mark.parametrize("head", ["time,hr,rr1,rr2", "time [s],HR,RR1,RR2"])
def test_two_beats_in_each_row_that_fill_the_time_are_one_heart(head: str) -> None:
    times = [f"{each:.3f}" for each in ENDS_S[1::2]]
    text = table(head, times, [74] * (ROWS // 2), HEART[::2], HEART[1::2])
    assert rr_of(text) == HEART


def test_two_beats_in_each_row_that_last_twice_the_time_are_two_hearts() -> None:
    times = [f"{each:.3f}" for each in ENDS_S]
    with pytest.raises(BadRecordingError, match="two people"):
        rr_of(table("time,rr1,rr2", times, HEART, HEART[::-1]))


@pytest.mark.parametrize(
    "head", ["start;end", "Beginn;Ende", "onset;offset", "start_s;end_s", "from;to"]
)
@pytest.mark.parametrize("decimal", [".", ","])
def test_when_each_beat_began_and_ended_says_how_long_it_was(
    head: str, decimal: str
) -> None:
    columns = [
        [f"{at_s:.3f}".replace(".", decimal) for at_s in each]
        for each in (BEGINS_S, ENDS_S)
    ]
    assert rr_of(table(head, *columns, sep=";")) == HEART
