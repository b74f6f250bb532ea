"""Marks that a file itself holds: each at its time, in its own words, bounded.

The files are those of the tests of each format: written by the programs they come from,
or by hand after the standard, with marks at known moments.
"""

import math
import struct
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings, strategies as st

from coreg.sensors.recordings.file_marks import (
    LONGEST_LABEL,
    MOST_MARKS,
    file_marks,
)
from coreg.sensors.recordings.reading import read_recording
from coreg.sensors.recordings.recognise import parse_recording, read_source
from coreg.sensors.recordings.recording import Recording
from coreg.sensors.recordings.source import FileSource
from tests.helpers import fit_bytes
from tests.test_recordings_binary import (
    ATR,
    EVENTS,
    NEW_YEAR_UNIX_S,
    ROWS,
    XDF,
    bids,
    chunk,
    counted,
    edf,
    stream,
)


def parsed(data: bytes | str) -> Recording:
    whole = data if isinstance(data, bytes) else data.encode()
    return parse_recording(whole, name="test")


def told(recording: Recording) -> list[tuple[float, str]]:
    return [(each.t_s, each.label) for each in recording.file_marks.kept]


# --- what a label may be ------------------------------------------------------


def test_a_label_becomes_one_line_of_bounded_length_in_which_all_is_seen() -> None:
    hostile = "talk\r\nMARK\x1b[2J\u202egnp " + "x" * 5000
    found = file_marks([(1.0, hostile)])
    (mark,) = found.kept
    assert mark.label.startswith("talk MARK\\x1b[2J\\u202egnp xxx")
    assert len(mark.label) == LONGEST_LABEL
    assert found.shortened == 1


def test_marks_beyond_the_bound_are_counted_and_left() -> None:
    found = file_marks((float(n), "tap") for n in range(MOST_MARKS + 7))
    assert (len(found.kept), found.too_many, found.seen) == (
        MOST_MARKS,
        7,
        MOST_MARKS + 7,
    )


# --- tables -------------------------------------------------------------------


def table(heading: str, said: dict[int, str], *, rows: int = 60) -> str:
    lines = [f"time [s],RR [ms],{heading}"]
    lines += [
        f"{0.8 * n:.1f},{800 + 7 * (n % 5)},{said.get(n, '')}" for n in range(rows)
    ]
    return "\n".join(lines)


@pytest.mark.parametrize("name", ["marker", "Event", "label", "Kommentar", "Lap"])
def test_a_word_beside_a_row_is_a_mark_at_its_time(name: str) -> None:
    recording = parsed(table(name, {10: "argument begins", 30: "hug"}))
    assert told(recording) == [(8.0, "argument begins"), (24.0, "hug")]


def test_a_word_on_every_row_until_the_next_marks_where_it_begins() -> None:
    said = {n: "rest" if n < 20 else "talk" for n in range(60)}
    assert told(parsed(table("phase", said))) == [(0.0, "rest"), (16.0, "talk")]


def test_a_number_is_called_by_its_column_and_0_marks_nothing() -> None:
    said = {n: "2" if n in {12, 13} else "0" for n in range(60)}
    assert told(parsed(table("trigger", said))) == [(9.6, "trigger 2")]


def test_what_is_said_of_beats_marks_no_moment() -> None:
    said = {n: "V" if n == 20 else "N" for n in range(60)}
    recording = parsed(table("label", said))
    assert told(recording) == []
    assert any(recording.marks)  # it is said of the beat, and used there


def test_a_column_that_says_something_of_each_row_is_counted_and_left() -> None:
    said = {n: f"note {n}" for n in range(60)}
    found = parsed(table("notes", said)).file_marks
    assert (found.kept, found.too_many) == ((), 60)


def test_without_times_a_mark_is_where_the_interval_of_its_row_ends() -> None:
    rows = [
        "RR [ms],marker",
        *(f"{1000 + 10 * (n % 3)},{'' if n != 5 else 'hug'}" for n in range(40)),
    ]
    assert told(parsed("\n".join(rows))) == [(6.06, "hug")]  # 1000+1010+1020, twice


# --- other formats ------------------------------------------------------------


def test_edf_annotations_that_are_no_beats_are_marks(tmp_path: Path) -> None:
    beats = [(5.0 + 0.8 * n, "R") for n in range(40)]
    recording = parsed(edf(tmp_path, [*beats, (12.5, "eyes closed"), (2.0, "start")]))
    assert told(recording) == [(-3.0, "start"), (7.5, "eyes closed")]


def test_notes_and_rhythms_of_wfdb_are_marks(tmp_path: Path) -> None:
    (tmp_path / "a.atr").write_bytes(ATR)
    (tmp_path / "a.hea").write_text("a 1 360 8000\na.dat 16 200 12 0 0 0 0 ECG\n")
    marks = told(read_recording(tmp_path / "a.atr"))
    # The rhythm at 10 and the note at 2460, where the first beat is at sample 100.
    assert marks[0][0] == pytest.approx((10 - 100) / 360, abs=1e-6)
    assert marks[1][0] == pytest.approx((2460 - 100) / 360, abs=1e-6)
    assert marks[1][1] == "a note of odd"


def texts(
    number: int, name: str, rows: list[tuple[float | None, str]], offset_s: float
) -> bytes:
    one = struct.pack("<I", number)
    info = (
        f'<?xml version="1.0"?><info><name>{name}</name><type>Markers</type>'
        "<channel_count>1</channel_count><nominal_srate>0</nominal_srate>"
        "<channel_format>string</channel_format></info>"
    )
    samples = b"".join(
        (b"\x00" if t_s is None else b"\x08" + struct.pack("<d", t_s))
        + counted(len(said.encode()))
        + said.encode()
        for t_s, said in rows
    )
    return (
        chunk(2, one + info.encode())
        + chunk(3, one + counted(len(rows)) + samples)
        + chunk(4, one + struct.pack("<dd", 1.0, offset_s))
    )


def test_the_markers_of_an_xdf_are_marks_each_on_its_own_clock() -> None:
    rows = [(901.0, "hug"), (901.2, "größer"), (None, "whenever")]
    marks = texts(1, "Keyboard", rows, 100.25)
    recording = parsed(XDF + marks + stream(2, "H10", ROWS))
    # The beats begin at 1000.5 s, and their clock is 0.25 s behind.
    assert told(recording) == [(0.5, "hug"), (0.7, "größer")]
    assert recording.file_marks.untimed == 1


def test_laps_and_events_of_a_watch_are_marks() -> None:
    def at(second: int) -> int:
        return NEW_YEAR_UNIX_S + second - fit_bytes.EPOCH_UNIX_S

    event = fit_bytes.definition(3, 21, (253, 4, 0x86), (0, 1, 0), (1, 1, 0))
    timeless = fit_bytes.definition(5, 21, (0, 1, 0), (1, 1, 0))
    lap = fit_bytes.definition(4, 19, (253, 4, 0x86), (2, 4, 0x86))
    beats = b"".join(
        fit_bytes.hrv([1000]) + fit_bytes.record(NEW_YEAR_UNIX_S + n)
        for n in range(1, 61)
    )
    body = fit_bytes.START + event + timeless + lap + beats
    body += struct.pack("<BII", 4, at(60), at(21))  # a lap is written at its end
    body += struct.pack("<BIBB", 3, at(60), 0, 4)  # the timer stops, and all with it
    body += struct.pack("<BBB", 5, 0, 4)  # as it does once more, without saying when
    recording = parsed(fit_bytes.whole(body))
    assert recording.file_marks.untimed == 1
    assert told(recording) == [(20.0, "lap 1"), (59.0, "timer stop all")]


HRM = """\
[Params]
Version=106
Interval=238
[IntTimes]
00:00:30.5\t83\t38\t76\t94
0\t0\t0\t0\t0\t0
0\t0\t0\t0\t0
00:01:10.0\t107\t51\t103\t115
0\t0\t0\t0\t0\t0
0\t0\t0\t0\t0
[IntNotes]
2\thug
[HRData]
"""


def test_the_laps_of_a_polar_file_are_marks_where_each_ended() -> None:
    recording = parsed(HRM + "\n".join(["800"] * 120))
    assert told(recording) == [(30.5, "lap 1"), (70.0, "hug")]


def test_events_of_bids_that_are_no_beats_are_marks() -> None:
    assert told(parsed(EVENTS)) == [(0.5, "part")]


def test_events_beside_a_bids_table_are_marks_on_its_clock(tmp_path: Path) -> None:
    rows = "".join(f"{10.5 + 0.8 * n:.1f}\t813\n" for n in range(20))
    path = bids(tmp_path, rows, ["timestamp", "rr_ms"])
    beside = path.with_name("sub-1_task-rest_recording-rr_physio.json")
    beside.write_text(beside.read_text().replace('"StartTime": 0', '"StartTime": -2.5'))
    path.with_name("sub-1_task-rest_events.tsv").write_text(
        "onset\tduration\ttrial_type\n0.0\t5\tbreathe\nn/a\t0\tlost\n6.0\t0\tn/a\n"
    )
    recording = read_recording(path)
    assert told(recording) == [(2.5, "breathe")]
    assert recording.file_marks.untimed == 1  # the lost one, and what is n/a is none


@pytest.mark.parametrize(
    "beside",
    [b"onset\tduration\ttrial_type\n1.0\t5\n", b"", b"onset\xff\x00\x01\xfe"],
    ids=["a cell is missing", "empty", "no text"],
)
def test_events_beside_a_bids_table_that_cannot_be_read_are_named(
    tmp_path: Path, beside: bytes
) -> None:
    rows = "".join(f"{0.8 * n:.1f}\t813\n" for n in range(20))
    path = bids(tmp_path, rows, ["timestamp", "rr_ms"])
    name = "sub-1_task-rest_events.tsv"
    path.with_name(name).write_bytes(beside)
    recording = read_recording(path)
    assert recording.rr_ms  # the heart is read all the same
    assert (told(recording), recording.file_marks.unread) == ([], name)


# --- files of marks beside the recording ----------------------------------------

HRV_LOGGER = "".join(f"2025-03-15 09:00:{15 + n},800,{800 * n}\n" for n in range(40))
EVENTS_OF_HRV_LOGGER = (
    "date,timestamp,annotation,manual\n"
    "2025-03-15 09:00:15,0,Start,false\n"
    "2025-03-15 09:00:27,12500,talk,true\n"
    "later,,lost,true\n"
)


def hrv_logger(folder: Path, heading: str, rows: str) -> Path:
    path = folder / "2025-03-15_RR_one.csv"
    path.write_text(heading + "\n" + rows)
    return path


def test_hrv_logger_s_events_are_marks_since_the_start(tmp_path: Path) -> None:
    path = hrv_logger(tmp_path, "date,rr,since start", HRV_LOGGER)
    (tmp_path / "2025-03-15_Events_one.csv").write_text(EVENTS_OF_HRV_LOGGER)
    recording = read_recording(path)
    assert told(recording) == [(0.0, "Start"), (12.5, "talk")]
    assert recording.file_marks.untimed == 1


def test_hrv_logger_s_events_go_by_their_date_where_intervals_have_no_other(
    tmp_path: Path,
) -> None:
    rows = "".join(f"2025-03-15 09:00:{10 + n} +0000,990\n" for n in range(40))
    path = hrv_logger(tmp_path, "date,rr", rows)
    events = EVENTS_OF_HRV_LOGGER.replace(":15,", ":15 +0000,").replace("27,", "27 Z,")
    (tmp_path / "2025-03-15_Events_one.csv").write_text(events)
    recording = read_recording(path)
    assert told(recording) == [(5.0, "Start"), (17.0, "talk")]


def test_an_annotation_with_commas_in_it_is_kept_whole(tmp_path: Path) -> None:
    path = hrv_logger(tmp_path, "date,rr,since start", HRV_LOGGER)
    (tmp_path / "2025-03-15_Events_one.csv").write_text(
        "date,timestamp,annotation,manual\n"
        '2025-03-15 09:00:20,5000,"talk, loud, then calm",true\n'
        "2025-03-15 09:00:25,10000,rest, eyes closed,true\n"
    )
    assert told(read_recording(path)) == [
        (5.0, "talk, loud, then calm"),
        (10.0, "rest, eyes closed"),
    ]


def test_events_of_another_person_are_not_taken(tmp_path: Path) -> None:
    path = hrv_logger(tmp_path, "date,rr,since start", HRV_LOGGER)
    (tmp_path / "2025-03-15_Events_two.csv").write_text(EVENTS_OF_HRV_LOGGER)
    assert read_recording(path).file_marks.seen == 0


@pytest.mark.parametrize("wrong", ["a,b\n1,2\n", "", "date,timestamp,annotation\n1\n"])
def test_events_of_hrv_logger_that_cannot_be_read_are_named(
    tmp_path: Path, wrong: str
) -> None:
    path = hrv_logger(tmp_path, "date,rr,since start", HRV_LOGGER)
    (tmp_path / "2025-03-15_Events_one.csv").write_text(wrong)
    recording = read_recording(path)
    assert len(recording.rr_ms) == 40
    assert recording.file_marks.unread == "2025-03-15_Events_one.csv"


@settings(max_examples=40)
@given(
    data=st.binary(max_size=200)
    | st.text(max_size=200).map(lambda said: said.encode())
    | st.lists(st.tuples(st.text(max_size=8), st.text(max_size=8)), max_size=5).map(
        lambda rows: "\n".join(
            ["date,timestamp,annotation", *(f"{a},{b},{a}" for a, b in rows)]
        ).encode()
    )
)
def test_whatever_lies_beside_is_marks_or_is_named_and_the_heart_is_read(
    data: bytes,
) -> None:
    heading = "date,rr,since start\n" + HRV_LOGGER
    for name, whole, beside in (
        ("a_RR_b.csv", heading, "a_Events_b.csv"),
        ("IBI.csv", IBI, "tags.csv"),
    ):
        source = FileSource(
            name=name,
            data=whole.encode(),
            path=Path(name),
            packed_beside={beside.casefold(): data},
        )
        recording = read_source(source)
        assert len(recording.rr_ms) == 40
        assert recording.file_marks.unread in {"", beside}
        assert all(math.isfinite(each.t_s) for each in recording.file_marks.kept)


IBI = "1644844459.000000, IBI\n" + "".join(
    f"{10.5 + 0.8 * n:.1f},0.8\n" for n in range(40)
)
TAGS = "1644844481.50\n1644844470.00\n"  # 22.5 and 11 s after the start


def test_presses_of_an_empatica_wristband_are_marks(tmp_path: Path) -> None:
    path = tmp_path / "IBI.csv"
    path.write_text(IBI)
    (tmp_path / "tags.csv").write_text(TAGS)
    assert told(read_recording(path)) == [(0.5, "tag 1"), (12.0, "tag 2")]
    (tmp_path / "tags.csv").write_text("")  # as it is where nobody pressed
    assert read_recording(path).file_marks.seen == 0
    for wrong in ("soon\n", "1e999\n"):
        (tmp_path / "tags.csv").write_text(wrong)
        assert read_recording(path).file_marks.unread == "tags.csv"


def test_presses_are_found_in_the_archive_that_empatica_gives(tmp_path: Path) -> None:
    path = tmp_path / "1644844459_A00000.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("IBI.csv", IBI)
        archive.writestr("HR.csv", "1644844469\n1\n70\n")
        archive.writestr("tags.csv", TAGS)
    (tmp_path / "tags.csv").write_text("1644844475.0\n")  # of another evening
    assert told(read_recording(path)) == [(0.5, "tag 1"), (12.0, "tag 2")]
