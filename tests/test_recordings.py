"""Recordings read as straps: real files, planted faults, and any bytes at all."""

import os
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from coreg.errors import BadRecordingError
from coreg.facts.events import Partner
from coreg.sensors.recordings.inputs import to_inputs
from coreg.sensors.recordings.lines import MAX_BYTES, MAX_LINE_CHARS, MAX_LINES
from coreg.sensors.recordings.reading import read_recording
from coreg.sensors.recordings.recognise import parse_recording
from coreg.sensors.recordings.recording import Kind, Recording
from tests.helpers.shared import shared_file


def parsed(text: str) -> Recording:
    return parse_recording(text.encode(), name="test")


def refusal(data: bytes) -> str:
    with pytest.raises(BadRecordingError) as refused:
        parse_recording(data, name="test")
    assert str(refused.value).startswith("test: ")
    return str(refused.value)


# --- real files ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "kind", "beats"),
    [
        ("polar_h10_arrival_times/dhyb_10min.csv", Kind.ARRIVALS, 620),
        ("polar_h10_ecg_pvc/device_rr.csv", Kind.ARRIVALS, 798),
        ("polar_h10_ecg_pvc/polar_h10_130hz_10min.csv.gz", Kind.ARRIVALS, 798),
        ("rhenanbartels_polar/rest_rri.txt", Kind.TEXT, 910),
        ("rhenanbartels_polar/real_rri.txt", Kind.TEXT, 772),
        ("rhenanbartels_polar/exercise_rri.hrm", Kind.POLAR_HRM, 4117),
        ("rhenanbartels_polar/noisy_rri.hrm", Kind.POLAR_HRM, 3581),
        ("welltory_h10/subject_01_RR.txt", Kind.TEXT, 100),
        ("physionet_healthy_rr/000_first2h_ms.txt", Kind.TEXT, 7800),
        ("physionet_healthy_rr/003_first2h_ms.txt", Kind.TEXT, 11339),
        ("pyhrv_reference/SampleNNISeriesLong.txt", Kind.TEXT, 4684),
    ],
)
def test_a_published_recording_gives_the_beats_its_origin_states(
    path: str, kind: Kind, beats: int
) -> None:
    recording = read_recording(shared_file(path))
    assert recording.kind is kind
    assert len(recording.rr_ms) == beats


@pytest.mark.parametrize(
    "path",
    [
        "welltory_rr_with_metrics/sample_250.csv",
        "ltdb_labelled_beats/14046_hour13.csv",
        "nsr2db_ref/nsr001_reference_hrv.csv",
        "mitdb_130hz/100_beats.csv",
    ],
)
def test_a_file_of_something_else_is_refused_in_words(path: str) -> None:
    with pytest.raises(BadRecordingError):
        read_recording(shared_file(path))


def test_two_intervals_of_one_h10_packet_stay_together() -> None:
    recording = read_recording(shared_file("polar_h10_arrival_times/dhyb_10min.csv"))
    assert recording.has_clock
    # The data's own index states 33 pairs in one packet; three of them were stamped
    # apart by up to 1 ms, and stamps are kept as they are.
    together = sum(len(rr_ms) == 2 for _, rr_ms in recording.packets)
    nearly = sum(
        late - early <= 0.0011 for early, late in pairwise(recording.arrivals_s)
    )
    assert (together, nearly) == (30, 3)
    assert recording.arrivals_s[0] == 0.221151
    assert recording.arrivals_s[-1] == 600.241


# --- formats, worked by hand --------------------------------------------------


@pytest.mark.parametrize("column", ["arrival_s", "t_s"])
def test_rows_of_one_arrival_are_one_packet(column: str) -> None:
    recording = parsed(f"{column},rr_ms\n0.5,800\n1.5,810\n1.5,790\n2.25,805.5\n")
    assert recording.packets == (
        (0.5, (800.0,)),
        (1.5, (810.0, 790.0)),
        (2.25, (805.5,)),
    )
    assert recording.has_clock


def test_columns_are_found_by_name_and_an_empty_interval_is_an_empty_packet() -> None:
    recording = parsed("t_s,hr,rr_ms\n0.5,75,800\n1.5,75,\n2.5,,790\n")
    assert recording.packets == ((0.5, (800.0,)), (1.5, ()), (2.5, (790.0,)))


@pytest.mark.parametrize(
    "text",
    [
        "812\n790\n801\n",
        "812\r\n790\r\n801",
        "812\r790\r801\r",
        "812 790\t801",
        "812, 790, 801",
        "812,790,801",
        "812;790;801;",
        "0.812\n0.790\n0.801\n",
        "0,812\n0,790\n0,801\n",
        "0,812; 0,790; 0,801",
        "\ufeff812\n790\n801",
        "RR (ms)\n812\n790\n801",
        "# a note, 2024\n\n812\n790\n801\n\n",
        "812\n\n790\n\n801\n\n",
    ],
)
def test_one_series_is_read_from_every_way_of_writing_it(text: str) -> None:
    recording = parsed(text)
    assert recording.rr_ms == pytest.approx((812.0, 790.0, 801.0), abs=1e-9)
    assert recording.arrivals_s == pytest.approx((0.812, 1.602, 2.403), abs=1e-9)
    assert not recording.has_clock
    assert recording.kind is Kind.TEXT


def test_sixteen_bit_text_of_a_windows_program_is_read() -> None:
    data = "812\r\n790\r\n801".encode("utf-16")
    assert parse_recording(data, name="test").rr_ms == (812.0, 790.0, 801.0)


HRM = """\
[Params]
Version=106
Interval={}

[Note]
5

[HRData]
812
790

[Trip]
9
"""


def test_a_polar_hrm_gives_the_intervals_of_its_data_section_alone() -> None:
    recording = parsed(HRM.format(238))
    assert recording.rr_ms == (812.0, 790.0)
    assert recording.kind is Kind.POLAR_HRM
    assert not recording.has_clock


def test_a_polar_hrm_of_averaged_heart_rate_is_refused() -> None:
    assert "line 3" in refusal(HRM.format(5).encode())


def test_a_polar_hrm_with_an_accent_in_old_windows_letters_is_read() -> None:
    data = HRM.format(238).replace("[Note]\n5", "[Note]\nCaf\u00e9").encode("latin-1")
    assert parse_recording(data, name="test").rr_ms == (812.0, 790.0)


@pytest.mark.parametrize(
    "text",
    [
        "date,rr,since start\n1,823,0\n2025-03-15 09:00:15.946,812,823\n3,900,1635\n",
        "timestamp, rr, since_start\n1, 823, 0\n2, 812, 0.823\n3, 900, 1.635\n",
    ],
)
def test_hrv_logger_counts_since_the_start_in_ms_or_s(text: str) -> None:
    recording = parsed(text)
    assert recording.kind is Kind.HRV_LOGGER
    assert recording.rr_ms == (823.0, 812.0, 900.0)
    assert recording.arrivals_s == pytest.approx((0, 0.823, 1.635))


def test_polar_sensor_logger_stamps_are_arrivals_counted_from_the_first() -> None:
    recording = parsed(
        "Phone timestamp;RR-interval [ms]\n"
        "2026-04-24T14:10:16.752;937\n"
        "2026-04-24T14:10:17.752;940\n"
        "2026-04-24T14:10:17.752;921\n"
    )
    assert recording.kind is Kind.SENSOR_LOGGER
    assert recording.packets == ((0.0, (937.0,)), (1.0, (940.0, 921.0)))
    # 2026-04-24 is day 20 567 since 1970.
    assert recording.first_stamp_s == pytest.approx(20_567 * 86_400 + 51_016.752)
    assert not recording.has_clock  # two phones' times of day may differ by seconds


def test_a_time_of_day_goes_on_after_midnight() -> None:
    recording = parsed(
        "Phone timestamp;RR-interval [ms]\n"
        "23:59:59.500000;800\n00:00:00.300000;790\n00:00:01.090000;810\n"
    )
    assert recording.arrivals_s == pytest.approx((0.0, 0.8, 1.59))


def test_inputs_carry_whole_nanoseconds_from_zero_and_the_partner() -> None:
    recording = parsed("arrival_s,rr_ms\n0.221151,936\n1.25663,1020\n1.25663,1000\n")
    first, second = to_inputs(recording, Partner.B)
    assert (first.t_ns, first.partner, first.rr_ms) == (221_151_000, "B", (936.0,))
    assert (second.t_ns, second.rr_ms) == (1_256_630_000, (1020.0, 1000.0))


# --- values that cannot be ----------------------------------------------------


@pytest.mark.parametrize(
    "wrong", ["inf", "-inf", "1e999", "-812", "64000", "1e9", "abc", "8_1"]
)
@pytest.mark.parametrize("heading", ["", "arrival_s,rr_ms\n"])
def test_a_value_that_no_strap_can_send_is_an_error_naming_its_line(
    heading: str, wrong: str
) -> None:
    values = ["812", "790", wrong, "801", "808"]
    rows = [f"{n},{rr}" if heading else rr for n, rr in enumerate(values)]
    text = heading + "\n".join(rows)
    assert f"line {4 if heading else 3}:" in refusal(text.encode())


@pytest.mark.parametrize("column", [0, 1])
def test_a_number_too_large_for_any_is_none_and_names_its_line(column: int) -> None:
    rows = [[f"{0.8 * n:.1f}", f"{800 + n % 7}"] for n in range(40)]
    for row in rows[31:33]:
        row[column] = "1e999"
    said = refusal("\n".join(map(",".join, rows)).encode())
    assert "line 32: '1e999' is no number" in said


def test_a_bad_first_value_is_not_taken_for_a_heading() -> None:
    assert "line 1:" in refusal(b"8_1\n812\n790\n")
    assert "line 1:" in refusal(b"812ms\n812\n790\n")


@pytest.mark.parametrize("marked", ["0", "180", "9000"])
def test_what_a_strap_can_send_is_kept_for_cleaning_to_judge(marked: str) -> None:
    rr_ms = parsed(f"812\n790\n{marked}\n801\n808\n").rr_ms
    assert rr_ms == (812.0, 790.0, float(marked), 801.0, 808.0)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf\r\n \r\n", "empty"),
        (b"812", "at least 2"),
        (b"arrival_s,rr_ms\n", "at least 2"),
        (b"Phone timestamp;RR-interval [ms]\n", "at least 2"),
        (b"[Params]\nInterval=238\n[HRData]\n", "at least 2"),
        (b"[Params]\r\nVersion=106\r\nInterval=238\r\n", "at least 2"),  # cut off
        (b"hello\nworld\n", "no RR intervals"),
        (b"1000000\n" * 100, "neither in ms nor s"),
        (b"50\n60\n70\n", "look like heart rates"),
        (b"288\n290\n286\n", "208 a minute if they were ms"),
        (b"0\n0\n0\n", "no RR intervals"),
        (b"t_s,label\n0.5,N\n1.5,N\n", "none that we know"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "a picture (PNG)"),
        (b"\x00\x01\x02\x03\x04\x05\x06\x07", "no text"),
        (b"\x1f\x8b\x08\x00abc", "end too early"),
        (b"SQLite format 3\x00\x10\x00", "coreg report"),  # one of our sessions
        (b"arrival_s,rr_ms\n1.0,800\n0.5,800\n", "line 3: time goes back"),
        (b"arrival_s,rr_ms\n-1.0,800\n0.5,800\n", "line 2: a time of -1 s"),
        (b"t_s,rr_ms\n1.7e9,800\n1.7e9,800\n", "Take the start off all times"),
        (b"arrival_s,rr_ms\n1.0,800,7\n0.5,800\n", "line 2: 3 cells"),
        (b"Phone timestamp;RR-interval [ms]\nyesterday;800\n", "no time stamp"),
    ],
)
def test_a_file_that_is_no_recording_is_refused_in_words(
    data: bytes, words: str
) -> None:
    assert words in refusal(data)


# --- limits -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b" " * (MAX_BYTES + 1), "larger than 50 MB"),
        (b"1\n" * (MAX_LINES + 1), "lines"),
        (b"1" * (MAX_LINE_CHARS + 1), "line 1: longer"),
        ((b"8 " * 400_000 + b"\n") * 3, "more than 1000000 numbers"),
        (b"9" * MAX_LINE_CHARS + b"\n800", "line 1:"),
        (b"9" * (MAX_LINE_CHARS - 1) + b"x\n800", "line 1:"),
    ],
)
def test_a_file_beyond_the_limits_is_refused_soon(data: bytes, words: str) -> None:
    assert words in refusal(data)


# --- files --------------------------------------------------------------------


def test_a_file_is_known_by_its_content_and_called_by_its_name(tmp_path: Path) -> None:
    path = tmp_path / "evening.png"
    path.write_text("812\n790\n801\n")
    recording = read_recording(path)
    assert (recording.name, recording.kind) == ("evening.png", Kind.TEXT)


def test_what_cannot_be_opened_is_said_in_words(tmp_path: Path) -> None:
    with pytest.raises(BadRecordingError, match="There is no file"):
        read_recording(tmp_path / "absent.txt")
    with pytest.raises(BadRecordingError, match="is a folder"):
        read_recording(tmp_path)
    with pytest.raises(BadRecordingError, match="cannot be read"):
        read_recording(Path("a\0b"))


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything"
)
def test_a_file_one_may_not_open_is_said_in_words(tmp_path: Path) -> None:
    path = tmp_path / "locked.txt"
    path.write_text("812\n790\n")
    path.chmod(0)
    with pytest.raises(BadRecordingError, match="Permission denied"):
        read_recording(path)


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="no such device here")
def test_a_device_without_end_is_not_read() -> None:
    with pytest.raises(BadRecordingError, match="is no file"):
        read_recording(Path("/dev/zero"))


# --- any bytes ----------------------------------------------------------------

HEADINGS = [
    b"",
    b"arrival_s,rr_ms\n",
    b"t_s;rr_ms\n",
    b"date,rr,since start\n",
    b"Phone timestamp;RR-interval [ms]\n",
    b"[Params]\nInterval=238\n[HRData]\n",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
]
PIECES = (
    *(b"812", b"0.8", b"0,8", b"-1", b"nan", b"1e999", b"12:00"),
    *(b"2026-01-01T00:00+05:00", b"0001-01-01T00:00+23:59"),
    *(b";", b",", b" ", b"\t", b"\n", b"\r\n", b"#", b'"', b"["),
)


@given(
    st.sampled_from(HEADINGS),
    st.binary(max_size=60)
    | st.lists(st.sampled_from(PIECES), max_size=30).map(b"".join),
)
def test_any_bytes_give_a_recording_or_a_refusal(heading: bytes, rest: bytes) -> None:
    try:
        recording = parse_recording(heading + rest, name="any")
    except BadRecordingError:
        return
    inputs = list(to_inputs(recording, Partner.A))
    assert [each.t_ns for each in inputs] == sorted(each.t_ns for each in inputs)
    assert all(0 <= rr < 64_000 for each in inputs for rr in each.rr_ms)
    assert len(recording.rr_ms) >= 2


@given(st.lists(st.integers(334, 3000), min_size=2, max_size=200))
def test_intervals_written_down_are_the_intervals_read(rr_ms: list[int]) -> None:
    text = "RR [ms]\n" + "\n".join(map(str, rr_ms))
    if all(before < rr for before, rr in pairwise(rr_ms)) and len(rr_ms) > 8:
        assert "times of beats" in refusal(text.encode())
    else:
        assert parsed(text).rr_ms == tuple(map(float, rr_ms))
