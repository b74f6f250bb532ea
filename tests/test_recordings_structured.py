"""Exports of devices and apps: intervals worked by hand, and what must be refused."""

import io
import json
import math
import struct
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, strategies as st

from coreg.errors import BadRecordingError
from coreg.findings.recording import measured
from coreg.sensors.recordings.reading import read_recording
from coreg.sensors.recordings.recognise import parse_recording
from coreg.sensors.recordings.recording import Kind, Recording, Remark
from coreg.sensors.recordings.source import Wanted
from tests.helpers.shared import SHARED
from tests.helpers.skips import RECORDINGS

ONE_AFTER_ANOTHER = (813.0, 844.0, 831.0, 859.0)


def parsed(data: bytes | str, *, column: str | None = None) -> Recording:
    whole = data.encode() if isinstance(data, str) else data
    return parse_recording(whole, name="test", wanted=Wanted(column=column))


def refusal(data: bytes | str, *, column: str | None = None) -> str:
    with pytest.raises(BadRecordingError) as refused:
        parsed(data, column=column)
    assert str(refused.value).startswith("test: ")
    return str(refused.value)


def case(name: str) -> Path:
    path = SHARED / "cases" / name
    if not path.is_file():
        pytest.skip(f"{RECORDINGS} {path}")
    return path


def test_starting_coreg_does_not_wait_for_the_formats() -> None:
    probe = "import sys, coreg.cli.home;"
    probe += "print('coreg.sensors.recordings.recognise' in sys.modules)"
    told = subprocess.run(
        [sys.executable, "-c", probe], capture_output=True, text=True, check=True
    )
    assert told.stdout.strip() == "False"


# --- cases made after public reports, with their values in their own index -------


def by_hand(rr_ms: tuple[float, ...]) -> tuple[float, float]:
    """Mean, and RMSSD over all neighbours."""
    steps = [(late - early) ** 2 for early, late in pairwise(rr_ms)]
    return sum(rr_ms) / len(rr_ms), math.sqrt(sum(steps) / len(steps))


@pytest.mark.parametrize(
    ("name", "kind"),
    [("04b-vns-one-section.txt", Kind.VNS_ANALYSE), ("12-suunto.sml", Kind.SUUNTO)],
)
def test_a_case_gives_the_base_series(name: str, kind: Kind) -> None:
    recording = read_recording(case(name))
    mean_ms, rmssd_ms = by_hand(recording.rr_ms)
    assert recording.kind is kind
    assert len(recording.rr_ms) == 200
    assert mean_ms == pytest.approx(809.67, abs=0.005)
    assert rmssd_ms == pytest.approx(21.66, abs=0.005)


def test_a_case_cut_out_of_the_base_series_gives_its_beginning() -> None:
    base = read_recording(case("04b-vns-one-section.txt")).rr_ms
    polar = read_recording(case("13-polarflow.json"))
    assert (polar.kind, polar.rr_ms) == (Kind.POLAR_JSON, base[:50])
    empatica = read_recording(case("03-empatica-IBI.csv"))
    assert empatica.kind is Kind.EMPATICA
    # The wristband counts in 1/64 s.
    apart = [abs(a - b) for a, b in zip(empatica.rr_ms, base[:140], strict=True)]
    assert max(apart) <= 1000 / 128 + 1e-6


def test_a_case_of_two_sections_names_them_and_reads_the_one_that_is_named() -> None:
    path = case("04-vns-analyse.txt")
    with pytest.raises(BadRecordingError, match=r"Rohwerte.*Korrigierte Werte"):
        read_recording(path)
    raw = read_recording(path, Wanted(column="Rohwerte"))
    assert raw.rr_ms == read_recording(case("04b-vns-one-section.txt")).rr_ms[:100]


def test_a_case_of_emwave_gives_the_raw_intervals_alone() -> None:
    table = read_recording(case("25-emwave-export.csv"))
    alone = read_recording(case("25b-emwave-ibi-only.txt"))
    assert table.kind is Kind.EMWAVE
    assert table.rr_ms == alone.rr_ms
    assert table.rr_ms[:3] == (801.0, 831.0, 850.0)


def test_a_case_of_a_radio_log_is_decoded() -> None:
    recording = read_recording(case("30-nrfconnect.txt"))
    # 0x0356, 0x0379 and 0x0392 ticks of 1/1024 s.
    assert recording.kind is Kind.NRF_CONNECT
    assert recording.rr_ms[:3] == (1000 * 854 / 1024, 1000 * 889 / 1024, 892.578125)
    assert recording.arrivals_s[:3] == (0.0, 1.0, 2.0)
    assert recording.has_times
    assert not recording.has_clock


@pytest.mark.parametrize("name", ["31-rr.txt.gz", "31b-rr.zip"])
def test_a_packed_case_is_what_is_packed_in_it(name: str) -> None:
    assert read_recording(case(name)).rr_ms[:3] == (834.0, 868.0, 893.0)


# --- formats, worked by hand --------------------------------------------------


def polar(*entries: object) -> str:
    return json.dumps({"exercises": [{"samples": {"rr": list(entries)}}]})


def lasting(duration: str, *, offline: bool = False) -> dict[str, object]:
    return {"duration": duration, "offline": offline}


def test_polar_durations_are_read_in_every_form_that_iso_allows() -> None:
    whole = polar(lasting("PT0.813S"), lasting("PT1S"), lasting("PT0M0.9S"))
    assert parsed(whole).rr_ms == (813.0, 1000.0, 900.0)


def test_polar_durations_in_milliseconds_are_read_too() -> None:
    rr = [{"durationMillis": 812, "offline": False}, {"durationMillis": 820}]
    whole = json.dumps({"exercises": [{"samples": {"rrSamples": rr}}]})
    assert parsed(whole).rr_ms == (812.0, 820.0)


def test_what_polar_says_of_a_sensor_that_was_offline_is_a_lost_beat() -> None:
    entries = [lasting("PT0.8S")] * 20
    entries[10] = lasting("PT0.8S", offline=True)
    recording = parsed(polar(*entries))
    assert recording.rr_ms[10] == 0
    assert measured(recording).label_counts["gap"] == 2  # the mark, and what follows


@pytest.mark.parametrize("wrong", ["PT", "0.8", "P1D", "PT-1S", None, 8, "PT64S"])
def test_what_is_no_polar_duration_is_refused_with_its_place(wrong: object) -> None:
    assert "entry 2" in refusal(polar(lasting("PT1S"), {"duration": wrong}))


def test_two_exercises_are_named_by_their_starts() -> None:
    def one(start: str, duration: str) -> dict[str, object]:
        rr = [lasting(duration)] * 3
        return {"startTime": start, "samples": {"rr": rr}}

    whole = json.dumps(
        {"exercises": [one("2026-01-02T16:05", "PT0.8S"), one("T17", "PT0.9S")]}
    )
    assert "'2026-01-02T16:05', 'T17'" in refusal(whole)
    assert parsed(whole, column="2").rr_ms == (900.0,) * 3
    assert parsed(whole, column="t17").rr_ms == (900.0,) * 3
    assert "no one column '3'" in refusal(whole, column="3")


def test_polar_pulse_of_the_day_has_times_that_tell_of_its_gaps() -> None:
    samples = [
        {"sampleDateTime": f"2026-01-02T00:00:{n:02d}.000", "pulseLength": 1000}
        for n in [*range(25), *range(40, 60)]
    ]
    days = [{"date": "2026-01-02", "devicePpiSamplesList": [{"ppiSamples": samples}]}]
    recording = parsed(json.dumps(days))
    assert recording.kind is Kind.POLAR_PULSE
    assert recording.rr_ms == (1000.0,) * 45
    assert measured(recording).labels.index("gap") == 25


def heartbeats(*beats: tuple[float, bool]) -> list[dict[str, object]]:
    return [{"timeSinceSeriesStart": t_s, "precededByGap": gap} for t_s, gap in beats]


BEATS = [(0.5, False), (1.3, False), (2.1, False), (5.0, True), (5.9, False)]


def test_apple_beats_give_intervals_and_none_over_a_gap() -> None:
    recording = parsed(json.dumps([{"heartbeats": heartbeats(*BEATS)}]))
    assert recording.kind is Kind.APPLE_SERIES
    assert recording.rr_ms == (800.0, 800.0, 0.0, 900.0)
    assert recording.arrivals_s == (0.0, 0.8, 1.6, 4.5, 5.4)


@pytest.mark.parametrize(
    "build",
    [
        lambda beats: beats,
        lambda beats: {"data": {"series": [{"uuid": "1", "heartbeats": beats}]}},
        lambda beats: [{"startDate": "2026-01-02", "heartbeatSeries": beats}],
        lambda beats: [
            {"time_since_series_start": b["timeSinceSeriesStart"],
             "preceded_by_gap": int(b["precededByGap"])}
            for b in beats
        ],
    ],
)  # fmt: skip
def test_apple_beats_are_found_wherever_an_app_puts_them(build: object) -> None:
    assert callable(build)
    whole = json.dumps(build(heartbeats(*BEATS)))
    assert parsed(whole).rr_ms == (800.0, 800.0, 0.0, 900.0)


def test_many_apple_series_are_named_by_their_starts() -> None:
    series = [
        {"startDate": f"2026-01-{day:02d}", "heartbeats": heartbeats(*BEATS)}
        for day in range(1, 13)
    ]
    told = refusal(json.dumps(series))
    assert "12 recordings: '2026-01-01', '2026-01-02'" in told
    assert "and 4 more" in told
    assert parsed(json.dumps(series), column="2026-01-12").rr_ms[0] == 800.0


def test_a_suunto_move_without_a_belt_says_what_is_missing() -> None:
    assert "no R-R" in refusal("<?xml version='1.0'?><sml><DeviceLog/></sml>")


def test_two_suunto_moves_in_one_file_are_not_joined() -> None:
    move = "<DeviceLog><R-R><Data>800 810 805</Data></R-R></DeviceLog>"
    assert parsed(f"<sml>{move}</sml>").rr_ms == (800.0, 810.0, 805.0)
    assert "2 moves" in refusal(f"<sml>{move}{move}</sml>")


def test_an_xml_that_can_grow_without_end_is_refused_unread() -> None:
    laughs = "".join(
        f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "8"}">' for n in range(12)
    )
    bomb = f"<!DOCTYPE sml [{laughs}]><sml><R-R><Data>&l11;</Data></R-R></sml>"
    assert "document type" in refusal(bomb)


def suunto_app(attributes: object) -> str:
    samples = [
        {"Attributes": attributes, "TimeISO8601": f"2026-01-02T10:00:{n:02d}.500+02:00"}
        for n in range(3)
    ]
    return json.dumps({"Samples": samples})


@pytest.mark.parametrize(
    "rr", [{"IBI": [800, 810]}, {"Data": "800,810"}, {"Data": [800, 810]}]
)
def test_the_suunto_app_gives_each_interval_the_time_of_its_sample(
    rr: dict[str, object],
) -> None:
    of_sample = {"suunto/sml": {"R-R": rr}}
    for attributes in (of_sample, json.dumps(of_sample)):
        recording = parsed(suunto_app(attributes))
        assert recording.kind is Kind.SUUNTO
        assert recording.packets == tuple((t, (800.0, 810.0)) for t in (0.0, 1.0, 2.0))
        # 2026-01-02 is day 20 455 since 1970.
        assert recording.first_stamp_s == 20_455 * 86_400 + 8 * 3600 + 0.5


def test_suunto_json_of_a_whole_move_has_intervals_and_no_times() -> None:
    recording = parsed(json.dumps({"DeviceLog": {"R-R": {"Data": [800, 810, 805]}}}))
    assert recording.rr_ms == (800.0, 810.0, 805.0)
    assert not recording.has_times


def test_empatica_beats_stand_where_the_file_says() -> None:
    recording = parsed("1644844459.000000, IBI\n10.5,0.8125\n11.3,0.8\n15,0.9\n")
    assert recording.packets == ((0.0, (812.5,)), (0.8, (800.0,)), (4.5, (900.0,)))
    assert recording.first_stamp_s == 1644844469.5


@pytest.mark.parametrize("wrong", ["11.3", "11.3,0.8,1", "11.3,x", "9,0.8", "11.3,99"])
def test_a_wrong_line_of_empatica_is_named(wrong: str) -> None:
    told = refusal(f"1644844459.000000, IBI\n10.5,0.8125\n{wrong}\n12,0.8\n")
    assert "line 3" in told


def test_a_decimal_comma_and_a_note_are_read_in_vns_analyse() -> None:
    recording = parsed(
        "Name\tx\nRR-Intervalle - Rohwerte (Aktiv)\n0,813\n0,844\tNotiz: 7\n0,831\n"
    )
    assert recording.rr_ms == (813.0, 844.0, 831.0)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_emwave_takes_no_time_from_the_columns_beside_its_intervals(
    delimiter: str,
) -> None:
    rows = ["Session 1", "Time Offset,HeartRate,rawIBI", "0,74,813", "0.5,74,844"]
    rows += ["1,74,831", "1.5,74,859", "2,74,", "2.5,75"]
    recording = parsed("\n".join(rows).replace(",", delimiter))
    assert recording.rr_ms == ONE_AFTER_ANOTHER
    assert not recording.has_times


def test_emwave_in_old_letters_of_windows_is_read() -> None:
    table = "Zeit,Herz\u00e9,rawIBI\n0,74,813\n1,74,844\n2,75,831\n"
    assert parsed(table.encode("latin-1")).rr_ms == (813.0, 844.0, 831.0)


KUBIOS = """\
Kubios HRV Premium (ver. 3.5)
Results

RR Interval Samples Selected for Analysis
,SAMPLE 1,{0}
RR INTERVAL DATA and SPECTRUM ESTIMATES
SAMPLE 1,,,{0}
RR data,,FFT spectrum,{1}
Time,RR interval,Frequency,{2}
(s),(s),(Hz),{3}
0.800,0.800,0.01,{4}
1.610,0.810,0.02,{5}
2.415,0.805,0.03,
"""


def test_a_kubios_report_gives_the_intervals_at_its_end() -> None:
    one = KUBIOS.format("", "", "", "", "", "")
    recording = parsed(one)
    assert recording.kind is Kind.KUBIOS_REPORT
    assert recording.rr_ms == (800.0, 810.0, 805.0)
    assert recording.arrivals_s == (0.0, 0.81, 1.615)
    comma = one.replace(",", ";").replace(".", ",")
    assert parsed(comma).rr_ms == recording.rr_ms


def test_a_kubios_report_of_two_samples_names_both() -> None:
    two = KUBIOS.format(
        *("SAMPLE 2,", "RR data,", "Time,RR interval", "(s),(s)"),
        *("9.9,0.9", "10.8,0.9"),
    )
    assert "'SAMPLE 1', 'SAMPLE 2'" in refusal(two)
    assert parsed(two, column="sample 2").rr_ms == (900.0, 900.0)


def test_a_kubios_report_without_its_intervals_says_so() -> None:
    short = KUBIOS[: KUBIOS.index("RR INTERVAL DATA")]
    assert "without the RR intervals" in refusal(short)


@pytest.mark.parametrize(("per_unit", "rate_hz"), [(1, 500), (0.001, 250), (2, 2000)])
def test_mindware_segments_tell_their_unit(per_unit: float, rate_hz: int) -> None:
    columns = [[800.0] * 37, [800.0] * 38, [900.0] * 20]  # 30 s each, the last cut
    written = [
        [str(rate_hz), "30", *(f"{per_unit * rr:g}" for rr in columns[0])],
        *([f"{per_unit * rr:g}" for rr in column] for column in columns[1:]),
    ]
    longest = max(map(len, written))
    rows = [
        "\t".join(column[n] if n < len(column) else "" for column in written)
        for n in range(longest)
    ]
    recording = parsed("\n".join(rows))
    assert recording.kind is Kind.MINDWARE
    assert recording.rr_ms == tuple(rr for column in columns for rr in column)


def notified(at: str, value: str) -> str:
    return (
        f"I\t{at}\tNotification received from 00002a37-0000-1000-8000-00805f9b34fb,"
        f" value: (0x) {value}\n"
    )


def test_a_radio_log_goes_on_after_midnight_and_keeps_empty_packets() -> None:
    log = (
        "nRF Connect, 2026-01-02\n"
        + notified("23:59:59.500", "10-3C-00-04")
        + 'A\t23:59:59.501\t"Heart Rate Measurement: 60 bpm" received\n'
        + notified("00:00:00.500", "00-3C")
        + notified("00:00:01.500", "10-3C-00-04-00-02")
    )
    recording = parsed(log)
    assert recording.packets == ((0.0, (1000.0,)), (1.0, ()), (2.0, (1000.0, 500.0)))
    assert recording.first_stamp_s == 86_399.5


def test_a_radio_log_of_an_iphone_is_read() -> None:
    line = "10:11:{:02d}.250 Updated Value of Characteristic 2A37 to 0x103C0004.\n"
    recording = parsed("".join(map(line.format, range(3))))
    assert recording.packets == ((0.0, (1000.0,)), (1.0, (1000.0,)), (2.0, (1000.0,)))


def test_a_clock_that_was_set_back_a_little_is_read_with_a_remark() -> None:
    beat = "10-3C-00-04"
    log = notified("09:00:01.000", beat) + notified("09:00:00.985", beat)
    recording = parsed(log + notified("09:00:02.000", beat))
    assert recording.arrivals_s == (0.0, 1.0)
    assert recording.remarks == (Remark.STEPPED_BACK,)
    back = notified("09:00:05", beat) + notified("09:00:03.9", beat)
    assert "line 2: time goes back" in refusal(back)


def test_a_zero_beside_beats_fills_a_packet_up_and_alone_is_a_mark() -> None:
    log = notified("09:00:00", "10-3C-00-04-00-00") + notified("09:00:01", "103C0000")
    log += notified("09:00:02", "10 3C 00 04")
    assert parsed(log).rr_ms == (1000.0, 0.0, 1000.0)


def test_a_radio_log_without_intervals_or_with_half_a_packet_says_so() -> None:
    assert "no RR intervals" in refusal(notified("09:00:00", "00-3C") * 3)
    assert "line 1" in refusal(notified("09:00:00", "10") * 3)


# --- JSON of no known app ---------------------------------------------------

T_S = (0.813, 1.657, 2.488, 3.347)


@pytest.mark.parametrize(
    "whole",
    [
        {"rr_ms": list(ONE_AFTER_ANOTHER)},
        {"name": "x", "rr_ms": list(ONE_AFTER_ANOTHER)},
        {"t_s": list(T_S), "rr_ms": list(ONE_AFTER_ANOTHER)},
        [{"t_s": t, "rr_ms": rr} for t, rr in zip(T_S, ONE_AFTER_ANOTHER, strict=True)],
        {"data": [{"note": "a,b", "rr_ms": rr} for rr in ONE_AFTER_ANOTHER]},
    ],
)
@pytest.mark.parametrize("indent", [None, 1])
def test_a_table_written_as_json_is_read_as_a_table(
    whole: object, indent: int | None
) -> None:
    assert parsed(json.dumps(whole, indent=indent)).rr_ms == ONE_AFTER_ANOTHER


@pytest.mark.parametrize("is_lines", [True, False])
def test_json_packets_hold_the_intervals_of_their_lists(*, is_lines: bool) -> None:
    rr_ms = [813, 844, 790, 805, 821, 798] * 3
    lists = [[], rr_ms[:1], rr_ms[1:3], rr_ms[3:6], rr_ms[6:7], rr_ms[7:9], rr_ms[9:]]
    packets = [{"t": 5 * n, "hr": 74, "rr": each} for n, each in enumerate(lists)]
    lines = "\n".join(map(json.dumps, packets))
    assert parsed(lines if is_lines else json.dumps(packets)).rr_ms == tuple(rr_ms)


def test_objects_within_a_row_of_json_are_parts_of_it() -> None:
    at_s = np.cumsum(ONE_AFTER_ANOTHER) / 1000
    rows = [
        {"time": t, "data": {"rr": rr, "hr": 74}}
        for t, rr in zip(at_s.tolist(), ONE_AFTER_ANOTHER, strict=True)
    ]
    assert parsed(json.dumps(rows)).rr_ms == ONE_AFTER_ANOTHER


def test_a_list_of_one_in_a_cell_is_one_interval() -> None:
    cells = ["[813]", "[844, 790]", "[]", "[805]", "[821]"]
    text = "t,rr\n" + "".join(f'{n},"{each}"\n' for n, each in enumerate(cells))
    assert parsed(text).rr_ms == (813, 844, 790, 805, 821)


def test_what_only_lists_the_name_of_intervals_is_no_suunto_move() -> None:
    of_golden_cheetah = {"RIDE": {"XDATA": [{"NAME": "HRV", "VALUES": ["R-R"]}]}}
    assert "Suunto" not in refusal(json.dumps(of_golden_cheetah))


def test_json_that_holds_no_table_or_two_is_refused() -> None:
    assert "no table" in refusal('{"a": {"b": {"c": [813, 844]}}}')
    two = {"a": [{"rr": 813}, {"rr": 844}], "b": [{"rr": 813}, {"rr": 844}]}
    assert "2 tables" in refusal(json.dumps(two))
    people = {"a": list(ONE_AFTER_ANOTHER), "b": [rr + 100 for rr in ONE_AFTER_ANOTHER]}
    assert "two people" in refusal(json.dumps(people))


# --- what is named ------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"%PDF-1.7\n", "PDF"),
        (b"MATLAB 5.0 MAT-file, Platform: PCWIN64 \0\1IM", "writematrix"),
        (b"\x89HDF\r\n\x1a\n\0\0", "HDF5"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0", "Excel"),
        (b"ISHNE1.0\0\0", "Holter"),
        (b"\xffBIOSEMI", "BioSemi"),
        (b"RIFF\x24\0\0\0WAVEfmt ", "Hexoskin"),
        (b"<?xml version='1.0'?><TrainingCenterDatabase xmlns='x'>", "TCX"),
        (b"<?xml version='1.0'?>\n<!DOCTYPE HealthData [\n]><HealthData>", "Apple"),
        (b"<!DOCTYPE html><html>", "web page"),
        (b"\x93NUMPY\x01\0", "numpy.savetxt"),
        (b"\x09\0(C) CED 87\0\0", "Spike2"),
        (b"S64\0\0\0\0\0", "Spike2"),
        (b'CEDFILE"\0\0', "CED Signal"),
        (b"CFWB\1\0\0\0", "LabChart"),
        (b"POLY SAMPLE FILEversion 2.03\r\n\x1a", "TMSi"),
        (b"GDF 2.20\0\0", "GDF"),
        (b"Obj\x01\x04\x14avro.codec", "Avro"),
        (b"CDF\x01\0\0\0\0", "NetCDF"),
        (b"<?xml version='1.0'?><unisens xmlns='x'>", "movisens"),
        (b"<?xml version='1.0'?><Data><IBIData><v>813</v></IBIData></Data>", "Firstb"),
    ],
)
def test_what_is_recognised_and_not_read_is_named(data: bytes, words: str) -> None:
    assert words in refusal(data)


@pytest.mark.parametrize("heading", ["PAR1", "RDX", "# Kubios HRV file", "GIF8", "ANN"])
def test_a_list_of_intervals_is_none_of_these_for_its_heading(heading: str) -> None:
    assert parsed(f"{heading}\n813\n844\n831\n859\n").rr_ms == ONE_AFTER_ANOTHER


def acq_head(order: str, version: int, channels: int, sample_ms: float) -> bytes:
    """Return a graph header after Biopac's application note 156."""
    head = struct.pack(f"{order}hiihhhd", 0, version, 1894, channels, 0, 0, sample_ms)
    return head + bytes(1894 - len(head)) + b"\x17\x2b\x00\xfa" * 500


@pytest.mark.parametrize("order", "<>")
@pytest.mark.parametrize("version", [30, 38, 45, 68, 84, 128, 132])
def test_an_acqknowledge_recording_is_known_by_its_header(
    order: str, version: int
) -> None:
    words = refusal(acq_head(order, version, 3, 0.5))
    assert "AcqKnowledge" in words
    assert "save the RR intervals as text" in words


def test_no_other_bytes_are_taken_for_acqknowledge() -> None:
    for seed in range(200):
        data = np.random.default_rng(seed).bytes(1000)
        with pytest.raises(BadRecordingError) as refused:
            parsed(data)
        assert "AcqKnowledge" not in str(refused.value)


def labchart(interval: str, decimal: str) -> str:
    head = (
        f"Interval=\t{interval}\nExcelDateTime=\t4.5352e+04\t01/03/2024 10:00:00\n"
        "TimeFormat=\tStartOfBlock\nDateFormat=\t\nChannelTitle=\tRR\n"
        "Range=\t10.000 V\nUnitName=\tms\nTopValue=\t*\nBottomValue=\t*\n"
    )
    rows = (f"{n}.0\t{800 + 9 * (n % 5)}.5\n" for n in range(400))
    return head + "".join(rows).replace(".", decimal)


@pytest.mark.parametrize(
    ("interval", "decimal"), [("1 s", "."), ("1,000 s", ","), ("0.001 s", ".")]
)
def test_channels_of_labchart_are_samples_whatever_their_names(
    interval: str, decimal: str
) -> None:
    words = refusal(labchart(interval, decimal))
    assert "LabChart" in words
    assert "fixed rate" in words


@pytest.mark.parametrize("rate", ["500 msec/sample", "0,5 msec/sample", "1 sec/sample"])
@pytest.mark.parametrize("channels", ["1 channels", "1 channel"])
def test_channels_of_acqknowledge_as_text_are_samples(rate: str, channels: str) -> None:
    rows = "".join(f"{800 + 9 * (n % 5)}\n" for n in range(400))
    head = f"subject.acq\n{rate}\n{channels}\nR-R Interval\nmsec\nCH1\n400\n"
    words = refusal(head + rows)
    assert "AcqKnowledge" in words
    assert "fixed rate" in words


# --- dropouts -----------------------------------------------------------------

N = 1000


def series(seed: int) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Return intervals with breath, slow waves and noise, in whole ms."""
    rng = np.random.default_rng(seed)
    n = np.arange(N)
    breath = 40 * np.sin(2 * np.pi * n * 0.85 * 0.25)
    rr_ms = 850 + breath + 60 * np.sin(n / 60) + rng.normal(0, 15, N)
    return np.asarray(np.round(rr_ms))


def holes(seed: int, length_s: float, t_s: np.ndarray) -> np.ndarray:
    """Say which beats stay: five holes, or every other half minute."""
    rng = np.random.default_rng(seed)
    stays = np.ones(N, dtype=np.bool_)
    if math.isinf(length_s):
        return np.asarray((t_s // 30) % 2 == 0)
    for start_s in rng.choice(np.arange(60.0, t_s[-1] - 120, 130), 5, replace=False):
        stays[(t_s > start_s) & (t_s < start_s + length_s)] = False
    return stays


def as_empatica(t_s: list[float], rr_ms: list[float]) -> str:
    rows = [f"{t:.6f},{rr / 1000:.6f}" for t, rr in zip(t_s, rr_ms, strict=True)]
    return "\n".join(["1644844459.000000, IBI", *rows])


def as_polar_pulse(t_s: list[float], rr_ms: list[float]) -> str:
    samples = [
        {
            "sampleDateTime": f"2026-01-02T00:{int(t) // 60:02d}:{t % 60:06.3f}",
            "pulseLength": int(rr),
        }
        for t, rr in zip(t_s, rr_ms, strict=True)
    ]
    return json.dumps([{"devicePpiSamplesList": [{"ppiSamples": samples}]}])


def as_apple(t_s: list[float], rr_ms: list[float]) -> str:
    beats = [(t_s[0] - rr_ms[0] / 1000, False)]
    for before, t, rr in zip([beats[0][0], *t_s], t_s, rr_ms, strict=False):
        beats.append((t, t - before > rr / 1000 + 0.2))
    return json.dumps([{"heartbeats": heartbeats(*beats)}])


def by_second(t_s: list[float], rr_ms: list[float]) -> Iterator[tuple[int, list[int]]]:
    """Yield what a strap sends once a second, in ticks of 1/1024 s."""
    at = 0
    while at < len(t_s):
        second = math.ceil(t_s[at] + 1e-9)
        sent = []
        while at < len(t_s) and t_s[at] <= second:
            sent.append(round(rr_ms[at] * 1.024))
            at += 1
        yield second, sent


def as_radio_log(t_s: list[float], rr_ms: list[float]) -> str:
    return "".join(
        notified(
            f"09:{second // 60:02d}:{second % 60:02d}.120",
            "10-3C-" + "-".join(t.to_bytes(2, "little").hex("-") for t in ticks),
        )
        for second, ticks in by_second(t_s, rr_ms)
    )


def as_suunto_app(t_s: list[float], rr_ms: list[float]) -> str:
    samples = [
        {
            "TimeISO8601": f"2026-01-02T10:{s // 60:02d}:{s % 60:02d}.000Z",
            "Attributes": {
                "suunto/sml": {"R-R": {"IBI": [round(n / 1.024) for n in ticks]}}
            },
        }
        for s, ticks in by_second(t_s, rr_ms)
    ]
    return json.dumps({"Samples": samples})


WRITTEN = [as_empatica, as_polar_pulse, as_apple, as_radio_log, as_suunto_app]


@pytest.mark.parametrize("length_s", [2.0, 5.0, 60.0, math.inf])
@pytest.mark.parametrize("written", WRITTEN, ids=lambda each: each.__name__)
def test_a_dropout_is_a_gap_and_changes_no_rmssd(
    written: object, length_s: float
) -> None:
    assert callable(written)
    errors = []
    for seed in (1, 2, 3):
        rr_ms = series(seed)
        t_s = np.cumsum(rr_ms) / 1000
        stays = holes(seed, length_s, t_s)
        neighbours = stays[1:] & stays[:-1]
        truth_ms = math.sqrt(np.mean(np.diff(rr_ms)[neighbours] ** 2))
        figures = measured(parsed(written(t_s[stays].tolist(), rr_ms[stays].tolist())))
        errors.append(abs(figures.hrv.rmssd_ms / truth_ms - 1))
        lost = int(np.count_nonzero(~stays[:-1] & stays[1:]))
        assert figures.label_counts["gap"] >= lost
        if math.isinf(length_s):
            assert math.isnan(figures.hrv.lf_ms2)
    assert np.median(errors) <= 0.015
    assert max(errors) <= 0.05


# --- anything at all ----------------------------------------------------------

WHOLE = [
    polar(lasting("PT0.8S"), lasting("PT0.9S"), lasting("PT0.8S", offline=True)),
    json.dumps([{"startDate": "2026", "heartbeats": heartbeats(*BEATS)}]),
    "<sml><DeviceLog><R-R><Data>800 810 805</Data></R-R></DeviceLog></sml>",
    suunto_app({"suunto/sml": {"R-R": {"IBI": [800, 810]}}}),
    "1644844459.000000, IBI\n10.5,0.8125\n11.3,0.8\n15,0.9\n",
    "RR-Intervalle - Rohwerte (Aktiv)\n0,813\n0,844\tNotiz\n0,831\n",
    "Time Offset,HeartRate,rawIBI\n0,74,813\n0.5,74,844\n1,74,\n",
    KUBIOS.format("", "", "", "", "", ""),
    "500\t800\n10\t800\n800\t800\n800\t800\n800\t\n" + "800\t800\n" * 9,
    notified("09:00:00", "10-3C-00-04-00-00") + notified("09:00:01", "103C0000"),
    as_polar_pulse([0.8, 1.6], [800.0, 800.0]),
    json.dumps({"t_s": [0.8, 1.6, 2.4], "rr_ms": [800, 800, 800]}),
    json.dumps([{"t_s": 0.8, "rr": 800}, {"t_s": 1.6, "rr": 800}]),
]
PIECES = [
    *(b"", b"\x00", b"9" * 400, b"nan", b"-1", b"1e999", b'"', b"[", b"{"),
    *(b"<!DOCTYPE a>", b"\n", b",", b"\t", b"null", b"\xff", b"true"),
    *(b"PT9999H", b"0001-01-01T00:00"),
]


@given(st.sampled_from(WHOLE), st.data())
def test_a_damaged_file_gives_a_recording_or_a_refusal(
    whole: str, data: st.DataObject
) -> None:
    raw = whole.encode()
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(raw)))
        past = min(len(raw), at + data.draw(st.integers(0, 6)))
        piece = data.draw(st.sampled_from(PIECES) | st.binary(max_size=4))
        raw = raw[:at] + piece + raw[past:]
    try:
        recording = parsed(raw)
    except BadRecordingError:
        return
    assert all(0 <= rr < 64_000 for rr in recording.rr_ms)
    assert list(recording.arrivals_s) == sorted(recording.arrivals_s)


def test_json_that_is_too_deep_is_refused() -> None:
    assert "nested" in refusal('{"timeSinceSeriesStart":' + "[" * 200_000)
    deep = "[" * 900 + json.dumps(heartbeats(*BEATS)) + "]" * 900
    refusal(deep)


# --- packed -------------------------------------------------------------------


def zipped(**files: str) -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            inside = zipfile.ZipInfo(name.replace("__", "/").replace("_", "."))
            archive.writestr(inside, text, zipfile.ZIP_DEFLATED)
    return whole.getvalue()


def test_of_an_empatica_archive_the_intervals_are_read() -> None:
    ibi = "1644844459.000000, IBI\n10.5,0.8\n11.3,0.8\n"
    archive = zipped(HR_csv="1644844459\n1\n70\n", IBI_csv=ibi, info_txt="x")
    recording = parsed(archive)
    assert (recording.kind, recording.rr_ms) == (Kind.EMPATICA, (800.0, 800.0))
