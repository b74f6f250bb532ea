"""A file's own times, however they are written: a planted hole is a gap, or it is said.

A heart is drawn, 31 s of it are taken away, and what is left is written with its times
in many ways. Closed up, the two sides of the hole would be neighbours.
"""

import datetime as dt
from collections.abc import Callable, Sequence

import numpy as np
import pytest

from coreg.errors import BadRecordingError
from coreg.facts.arrays import Floats
from coreg.findings.recording import RecordingFigures, measured
from coreg.sensors.recordings.recognise import parse_recording
from coreg.sensors.recordings.recording import Kind, Remark

N = 400
WHOLE_MS: Floats = np.round(
    812
    + 25 * np.sin(2 * np.pi * np.arange(N) / 13)
    + np.random.default_rng(4).normal(0, 15, N)
)
WHOLE_S: Floats = np.cumsum(WHOLE_MS) / 1000
KEPT = (WHOLE_S < 150) | (WHOLE_S > 181)
RR_MS, T_S = WHOLE_MS[KEPT], WHOLE_S[KEPT]
STEPS_MS = np.diff(RR_MS)[np.diff(T_S) < 5]
RMSSD_MS = float(np.sqrt(np.mean(STEPS_MS**2)))
BEGUN = dt.datetime(2026, 12, 1, 10, 0, 1, tzinfo=dt.UTC)

Written = Callable[[float], str]


def table(names: str, *columns: Sequence[str], sep: str = ";") -> str:
    rows = "".join(f"{sep.join(row)}\n" for row in zip(*columns, strict=True))
    return f"{names}\n{rows}"


def written(values: Floats, form: str = "g") -> list[str]:
    return [f"{each:{form}}" for each in values.tolist()]


RR = written(RR_MS)
SECONDS = written(T_S, ".3f")


def read(text: str) -> RecordingFigures:
    return measured(parse_recording(text.encode(), name="x.csv"))


def expect_the_hole(text: str, *, near: float = 0.02) -> None:
    found = read(text)
    assert found.label_counts["gap"] == 1
    assert found.hrv.rmssd_ms == pytest.approx(RMSSD_MS, rel=near)
    assert not found.remarks


def at(t_s: float) -> dt.datetime:
    return BEGUN + dt.timedelta(seconds=t_s)


def clock(t_s: float) -> str:
    return f"{at(t_s):%H:%M:%S}.{at(t_s).microsecond // 1000:03d}"


def length(t_s: float) -> str:
    return f"00:{int(t_s // 60):02d}:{t_s % 60:06.3f}"


SPELLED: dict[str, Written] = {
    "01-Dec-2026": lambda t: f"01-Dec-2026 {clock(t)}",
    "Dec 1, 2026 PM": lambda t: f"Dec 1, 2026 {clock(t)} PM",
    "C": lambda t: f"Tue Dec  1 {clock(t)} 2026",
    "mail": lambda t: f"Tue, 01 Dec 2026 {clock(t)} GMT",
    "German": lambda t: f"1. Dezember 2026 {clock(t).replace('.', ',')}",
    "German March": lambda t: f"01. März 2026 {clock(t)} Uhr",
    "May": lambda t: f"1 May 2026 {clock(t)}",
    "ISO duration": lambda t: f"PT{t:.3f}S",
    "ISO duration in minutes": lambda t: f"PT{int(t // 60)}M{t % 60:.3f}S",
    "pandas": lambda t: f"0 days {length(t)}",
    "letters": lambda t: f"10h{int(t // 60):02d}m{t % 60:06.3f}s",
    "zone by its name": lambda t: f"2026-12-01T{clock(t)}+01:00[Europe/Berlin]",
    "digits": lambda t: f"20261201 {clock(t).replace(':', '')}",
    "digits, T": lambda t: f"20261201T{clock(t).replace(':', '')}",
    "digits alone": lambda t: f"20261201{clock(t).replace(':', '')}",
    "a browser": lambda t: f"Tue Dec 01 2026 {clock(t)} GMT+0100 (CET)",
    "dashes": lambda t: f"2026-12-01_{clock(t).replace(':', '-')}",
    "Japanese": lambda t: f"2026年12月01日 {at(t):%H時%M分%S秒}",
    "a thin blank": lambda t: f"12/1/2026, {clock(t)}\u202fAM",
}


@pytest.mark.parametrize("spelled", SPELLED.values(), ids=SPELLED)
def test_a_stamp_is_read_however_it_is_spelled(spelled: Written) -> None:
    expect_the_hole(table("time;rr_ms", [spelled(t) for t in T_S.tolist()], RR))


@pytest.mark.parametrize(
    ("names", "sep"),
    [
        ("Time,RR\ns,ms", ","),
        ("Time;RR\n[s];[ms]", ";"),
        ("# of an app\nTime\tRR\n(s)\t(ms)", "\t"),
    ],
)
def test_units_in_a_row_of_their_own_are_those_of_the_names_above(
    names: str, sep: str
) -> None:
    expect_the_hole(table(names, SECONDS, RR, sep=sep))


def test_intervals_are_in_the_unit_that_the_second_row_says() -> None:
    ticks = written(np.round(RR_MS * 1.024), ".0f")
    expect_the_hole(table("Time;RR\ns;1/1024 s", SECONDS, ticks))


@pytest.mark.parametrize(
    ("name", "per_s", "from_", "form"),
    [
        ("sample", 250, 0.0, ".0f"),
        ("frame", 1000, 0.0, ".0f"),
        ("position", 500, 0.0, ".0f"),
        ("R-peak", 360, 0.0, ".0f"),
        ("R-peak", 512, 9000.0, ".0f"),
        ("sample (fs=377)", 377, 0.0, ".0f"),
        ("Time", 250, 0.0, ".0f"),
        ("sensor_ns", 1_000_000_000, 599_616_000_000_000_000.0, ".0f"),
        ("datenum", 1 / 86_400, 740_317.4166, ".9f"),
        ("Time", 1 / 86_400, 46_357.4166, ".9f"),
        ("when", 1 / 86_400, 46_357.4166, ".9f"),
        ("Time", 1 / 86_400, 0.4166, ".9f"),
    ],
)
def test_numbers_that_go_with_each_interval_are_its_times(
    name: str, per_s: float, from_: float, form: str
) -> None:
    expect_the_hole(table(f"{name};rr_ms", written(from_ + T_S * per_s, form), RR))


@pytest.mark.parametrize("names", ["start;end;rr", "from;to;rr_ms"])
def test_of_from_and_to_the_beat_is_at_the_end(names: str) -> None:
    expect_the_hole(table(names, written(T_S - RR_MS / 1000, ".3f"), SECONDS, RR))


def test_a_clock_of_digits_beside_a_date_of_digits_is_one() -> None:
    of_day = [clock(t).replace(":", "") for t in T_S.tolist()]
    expect_the_hole(table("date;time;rr_ms", ["20261201"] * len(RR), of_day, RR))
    expect_the_hole(table("time;rr_ms", of_day, RR))


def test_rows_that_begin_with_the_newest_are_turned_round() -> None:
    for times in (SECONDS, [clock(t) for t in T_S.tolist()]):
        expect_the_hole(table("time;rr_ms", times[::-1], RR[::-1]))


def test_rows_beside_a_time_that_counts_down_stay_in_their_order() -> None:
    left_s = written(T_S[-1] - T_S, ".3f")
    recording = parse_recording(
        table("time left;rr_ms", left_s, RR).encode(), name="x.csv"
    )
    assert recording.rr_ms == tuple(RR_MS.tolist())
    assert recording.remarks == (Remark.TIMES_UNREAD,)


@pytest.mark.parametrize("day", ["", "2026-12-01 "])
def test_a_clock_of_twelve_hours_goes_on_from_one(day: str) -> None:
    after_noon = [at(t + 2 * 3600 + 58 * 60) for t in T_S.tolist()]
    told = [
        f"{day}{each:%I:%M:%S}.{each.microsecond // 1000:03d}" for each in after_noon
    ]
    assert any("12:59:" in each for each in told)
    assert any("01:00:" in each for each in told)
    expect_the_hole(table("time;rr_ms", told, RR))


def test_minutes_and_seconds_are_told_from_hours_by_the_intervals() -> None:
    told = [f"{int(t // 60):02d}:{int(t % 60):02d}" for t in T_S.tolist()]
    expect_the_hole(table("time;rr_ms", told, RR), near=0.05)


def test_times_that_fit_neither_as_hours_nor_as_minutes_are_refused() -> None:
    told = [f"{at // 60:02d}:{at % 60:02d}" for at in range(0, 4 * len(RR), 4)]
    told = [f"{int(each[:2]) * 7:02d}:{each[3:]}" for each in told]
    with pytest.raises(BadRecordingError, match="hours or as minutes"):
        read(table("time;rr_ms", told, RR))


UNREADABLE: dict[str, Written] = {
    "digits lost": lambda t: f"{1.7e12 + 1000 * t:.2E}",
    "most digits lost": lambda t: f"{1.7e12 + 1000 * t:.8E}",
    "whole minutes": lambda t: f"{at(t):%H:%M}",
    "the day of the year": lambda t: f"2026-335T{clock(t)}",
    "words": lambda t: f"about {int(t)} past",
}


@pytest.mark.parametrize("told", UNREADABLE.values(), ids=UNREADABLE)
def test_of_times_that_cannot_be_used_the_column_is_named(told: Written) -> None:
    found = read(table("time of it;rr_ms", [told(t) for t in T_S.tolist()], RR))
    assert found.remarks == (Remark.TIMES_UNREAD,)
    assert found.details.get("times-unread", {}).get("column", "") == "time of it"


@pytest.mark.parametrize("name", ["x", "thing", "lap"])
def test_numbers_that_rise_and_are_no_known_times_are_named(name: str) -> None:
    found = read(table(f"{name};rr_ms", written(T_S / 7.3, ".4f"), RR))
    assert found.remarks == (Remark.TIMES_UNREAD,)
    assert found.details.get("times-unread", {}).get("column", "") == name


@pytest.mark.parametrize("name", ["nr", "steps", "distance [m]", "kcal", "HR [bpm]"])
def test_what_is_surely_no_time_is_not_named(name: str) -> None:
    values = written(np.arange(1.0, len(RR) + 1))
    assert not read(table(f"{name};rr_ms", values, RR)).remarks


def test_a_date_that_all_rows_share_says_nothing_of_holes() -> None:
    assert not read(table("date;rr_ms", ["2026-12-01"] * len(RR), RR)).remarks


@pytest.mark.parametrize("names", ["time_s;rr_ms", "arrival_s;rr_ms", "time;rr"])
@pytest.mark.parametrize("per_ms", [0.512, 2.0])
def test_intervals_in_a_steady_ratio_to_the_times_are_in_another_unit(
    names: str, per_ms: float
) -> None:
    with pytest.raises(BadRecordingError, match=f"{1 / per_ms:.4g} .*another unit"):
        read(table(names, SECONDS, written(np.round(RR_MS * per_ms), ".0f")))


def test_times_in_no_known_unit_are_refused_by_their_ratio() -> None:
    with pytest.raises(BadRecordingError, match="another unit"):
        read(table("time;rr_ms", written(T_S / 7.3, ".4f"), RR))


@pytest.mark.parametrize("every", [2, 3])
def test_lost_beats_are_no_other_unit(every: int) -> None:
    slow_ms = 812 + 40 * np.sin(2 * np.pi * np.arange(N) / 40)
    t_s = np.cumsum(slow_ms) / 1000
    rows = written(t_s[::every], ".3f"), written(slow_ms[::every], ".0f")
    assert Remark.BEATS_MISSING in read(table("time_s;rr_ms", *rows)).remarks


def doubled(values: Sequence[str]) -> list[str]:
    return [each for value in values for each in (value, value)]


def test_rows_of_which_each_stands_twice_are_refused() -> None:
    for text in ("\n".join(doubled(RR)), "\n".join(doubled(RR)[1:])):
        with pytest.raises(BadRecordingError, match="2 times"):
            read(text)
    with pytest.raises(BadRecordingError, match="2 times"):
        read(table("time_s;rr_ms", doubled(SECONDS), doubled(RR)))
    with pytest.raises(BadRecordingError, match="3 times"):
        read("\n".join(each for each in RR for _ in range(3)))


def test_of_a_clock_in_parts_the_seconds_are_named() -> None:
    parts = [[f"{at(t):{part}}" for t in T_S.tolist()] for part in ("%H", "%M", "%S")]
    found = read(table("h;m;s;rr", *parts, RR))
    assert found.remarks == (Remark.TIMES_UNREAD,)
    assert found.details.get("times-unread", {}).get("column", "") == "s"


def beat_times_without(lost_s: float, *, usual_ms: float = 812.0) -> tuple[str, float]:
    """Return times of beats with a hole, and the RMSSD of what is left."""
    rr_ms = WHOLE_MS - 812 + usual_ms
    t_s = np.cumsum(rr_ms) / 1000
    kept = (t_s < 150) | (t_s > 150 + lost_s)
    changes_ms = np.diff(rr_ms[kept])
    # The interval that ends the hole is not known, so neither is the change after it.
    first = int(np.count_nonzero(t_s < 150))
    changes_ms = np.delete(changes_ms, [first - 1, first])
    rows = "\n".join(written(t_s[kept], ".3f"))
    return rows, float(np.sqrt(np.mean(changes_ms**2)))


@pytest.mark.parametrize("name", ["beat_time_s", "beat [s]", "R-peak (s)", "t_beat_s"])
@pytest.mark.parametrize("lost_s", [2.0, 5.0, 60.0])
@pytest.mark.parametrize("usual_ms", [620.0, 812.0, 1000.0])
def test_a_hole_between_times_of_beats_is_a_gap_of_its_length(
    name: str, lost_s: float, usual_ms: float
) -> None:
    rows, rmssd_ms = beat_times_without(lost_s, usual_ms=usual_ms)
    found = read(f"{name}\n{rows}\n")
    assert found.kind == Kind.BEAT_TIMES.value
    assert found.label_counts["gap"] == 1
    assert found.label_counts["normal"] == len(found.labels) - 1
    assert found.hrv.rmssd_ms == pytest.approx(rmssd_ms, rel=0.005)
    assert np.diff(found.t_s).max() > lost_s


def test_one_beat_that_was_not_seen_is_missed_and_no_hole() -> None:
    rows = written(np.delete(WHOLE_S, 200), ".3f")
    assert dict(read("beat [s]\n" + "\n".join(rows)).label_counts)["missed"] == 1
    assert read("beat [s]\n" + "\n".join(rows)).label_counts["gap"] == 0


@pytest.mark.parametrize("late", ["6026-01-01 10:00:09", "2026-01-12 10:00:09"])
def test_a_stamp_years_or_weeks_after_the_first_is_refused_with_its_line(
    late: str,
) -> None:
    rows = [f"2026-01-01 10:00:{i:02},1000" for i in range(9)]
    raw = "\n".join(["time,rr_ms", *rows, f"{late},1000"]).encode()
    with pytest.raises(BadRecordingError, match=r"line 11.*more than a week after"):
        parse_recording(raw, name="r.csv")


def test_a_beat_weeks_after_the_first_is_refused_with_its_line() -> None:
    beats = [f"{0.8 * i + (8e6 if i > 30 else 0):.3f}" for i in range(40)]
    raw = "\n".join(["beat [s]", *beats]).encode()
    with pytest.raises(BadRecordingError, match=r"line 33.*more than a week after"):
        parse_recording(raw, name="r.csv")
