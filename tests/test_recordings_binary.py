"""FIT, WFDB, EDF, XDF and BIDS: written by others, or by hand after the standard."""

import base64
import datetime as dt
import gzip
import io
import json
import math
import struct
import sys
import zipfile
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pyedflib
import pytest
import pyxdf
from hypothesis import given, strategies as st

from coreg.errors import BadRecordingError
from coreg.findings.recording import measured
from coreg.sensors.recordings.lines import MAX_BYTES
from coreg.sensors.recordings.reading import read_recording
from coreg.sensors.recordings.recognise import parse_recording
from coreg.sensors.recordings.recording import Kind, Recording
from coreg.sensors.recordings.source import Wanted
from tests.helpers import fit_bytes

NEW_YEAR_UNIX_S = 1_767_225_600  # 2026-01-01T00:00:00Z, day 20 454


def parsed(data: bytes, *, person: str | None = None) -> Recording:
    return parse_recording(data, name="test", wanted=Wanted(person=person))


def refusal(data: bytes) -> str:
    with pytest.raises(BadRecordingError) as refused:
        parsed(data)
    assert str(refused.value).startswith("test: ")
    return str(refused.value)


def refused_in(path: Path) -> str:
    with pytest.raises(BadRecordingError) as refused:
        read_recording(path)
    return str(refused.value)


# --- FIT ----------------------------------------------------------------------


def test_fit_intervals_arrive_with_the_record_after_them() -> None:
    seconds = [(800, 900), (1001,), (), (1500, 400)]
    recording = parsed(
        fit_bytes.activity((NEW_YEAR_UNIX_S + n, rr) for n, rr in enumerate(seconds))
    )
    assert recording.kind is Kind.FIT
    assert recording.packets == (
        (0.0, (800.0, 900.0)),
        (1.0, (1001.0,)),
        (3.0, (1500.0, 400.0)),
    )
    assert recording.has_times
    assert recording.first_stamp_s == NEW_YEAR_UNIX_S


def test_fit_intervals_that_were_written_in_one_place_have_no_times() -> None:
    body = fit_bytes.START + b"".join(
        fit_bytes.record(NEW_YEAR_UNIX_S + n) for n in range(60)
    )
    body += fit_bytes.hrv([800, 810, 820, 830, 840]) * 14
    body += fit_bytes.record(NEW_YEAR_UNIX_S + 60)
    recording = parsed(fit_bytes.whole(body + fit_bytes.hrv([850])))
    assert not recording.has_times
    assert recording.rr_ms == (800.0, 810.0, 820.0, 830.0, 840.0) * 14 + (850.0,)


def test_a_fit_timer_that_starts_again_leaves_a_gap() -> None:
    event = fit_bytes.definition(3, 21, (253, 4, 0x86), (0, 1, 0), (1, 1, 0))

    def timer(second: int, kind: int) -> bytes:
        at = NEW_YEAR_UNIX_S + second - fit_bytes.EPOCH_UNIX_S
        return struct.pack("<BIBB", 3, at, 0, kind)

    def beats(seconds: range) -> bytes:
        return b"".join(
            fit_bytes.hrv([1000]) + fit_bytes.record(NEW_YEAR_UNIX_S + n)
            for n in seconds
        )

    body = fit_bytes.START + event + timer(0, 0) + beats(range(1, 31)) + timer(30, 4)
    whole = fit_bytes.whole(body + timer(32, 0) + beats(range(33, 60)))
    recording = parsed(whole)
    assert recording.rr_ms == (*(1000.0,) * 30, 0.0, *(1000.0,) * 27)
    assert measured(recording).labels[30:33] == ("gap", "gap", "normal")


@pytest.mark.parametrize("apart_s", [3600, -3600, 30])
def test_two_activities_in_one_fit_file_are_named_and_never_joined(
    apart_s: int,
) -> None:
    """The protocol lets whole files follow one another in one."""
    first = fit_bytes.activity((NEW_YEAR_UNIX_S + n, [800 + n % 7]) for n in range(30))
    begins_s = NEW_YEAR_UNIX_S + apart_s
    second = fit_bytes.activity((begins_s + n, [700 + n % 7]) for n in range(30))
    began = dt.datetime.fromtimestamp(begins_s, tz=dt.UTC).strftime("%H:%M:%SZ")
    said = refusal(first + second)
    assert "2026-01-01T00:00:00Z" in said
    assert began in said
    assert "--column" in said
    for place, rr_ms in (("1", 800), ("2", 700)):
        wanted = Wanted(column=place)
        recording = parse_recording(first + second, name="two.fit", wanted=wanted)
        assert recording.rr_ms == tuple(rr_ms + n % 7 for n in range(30))
    # Settings and the like before an activity are none.
    nothing = fit_bytes.whole(fit_bytes.START)
    assert parsed(nothing + first).rr_ms == parsed(first).rr_ms


def test_a_fit_file_without_intervals_says_how_to_get_them() -> None:
    body = fit_bytes.START + fit_bytes.record(NEW_YEAR_UNIX_S) * 5
    assert "Log HRV" in refusal(fit_bytes.whole(body))


@pytest.mark.parametrize("cut", [20, 60, 2])
def test_a_fit_file_that_is_cut_off_or_altered_is_refused(cut: int) -> None:
    whole = fit_bytes.activity((NEW_YEAR_UNIX_S + n, (800,)) for n in range(30))
    assert "damaged" in refusal(whole[:-cut])
    altered = bytearray(whole)
    altered[-cut] ^= 1
    assert "damaged" in refusal(bytes(altered))


# --- WFDB ---------------------------------------------------------------------

# Written by wfdb 4.3.1 (`wfdb.wrann`): at 360 Hz the beats below, a rhythm at 10, noise
# (all signals unreadable) at 2160, a note at 2460, flutter from 5560 to 5710, and at
# the end what is neither.
ATR = base64.b64decode(
    "CnAD/ChOAABaBEQFIBVEBSAhRAUgBeA4EfQsWQ38YSBub3RlIG9mIG9kZAAA7AAACAcABCwFLDEsmSw1"
    "ZIAyfDJ8MoQyBBgFGAW0QDJMAAA="
)
ATR_BEATS = (
    *((100, 424, 712, 1036, 1324, 1648, 1936), (4260, 4560, 4860, 5160, 5460)),
    (5760, 6040, 6320),
)
# The same program, with its rate (250 Hz) in the file: beats at 0, 250, 475 and 725.
QRS = base64.b64decode(
    "AFgX/CMjIHRpbWUgcmVzb2x1dGlvbjogMjUwAADs/////wEAAAT6BOEE+gQAAA=="
)


def test_wfdb_beats_are_read_at_the_rate_of_their_header(tmp_path: Path) -> None:
    (tmp_path / "a.atr").write_bytes(ATR)
    (tmp_path / "a.hea").write_text("a 1 360 8000\na.dat 16 200 12 0 0 0 0 ECG\n")
    recording = read_recording(tmp_path / "a.atr")
    assert recording.kind is Kind.WFDB
    expected: list[float] = []
    for run in ATR_BEATS:
        expected += [0.0] if expected else []  # noise, or flutter, or 6 s: no interval
        expected += [1000 * (b - a) / 360 for a, b in pairwise(run)]
    assert recording.rr_ms == pytest.approx(expected, abs=1e-6)
    assert recording.arrivals_s[-1] == pytest.approx((6320 - 100) / 360, abs=1e-6)
    # Whoever gives the header gets the annotations beside it.
    assert read_recording(tmp_path / "a.hea").rr_ms == recording.rr_ms


def test_wfdb_annotations_that_know_their_rate_need_no_header() -> None:
    assert parsed(QRS).rr_ms == (1000.0, 900.0, 1000.0)


def test_wfdb_annotations_without_a_rate_ask_for_the_header(tmp_path: Path) -> None:
    (tmp_path / "a.atr").write_bytes(ATR)
    assert "Put a.hea beside it" in refused_in(tmp_path / "a.atr")
    (tmp_path / "a.hea").write_text("no header at all")
    assert "no WFDB header" in refused_in(tmp_path / "a.atr")


def test_a_wfdb_header_names_the_annotations_it_could_be_read_with(
    tmp_path: Path,
) -> None:
    header = tmp_path / "a[1].hea"
    header.write_text("a[1] 1\na.dat 16\n".replace("a[1]", "a"))
    assert "no annotated beats" in refused_in(header)
    (tmp_path / "a[1].qrs").write_bytes(QRS)
    assert read_recording(header).rr_ms[0] == 1000.0  # 250 Hz where it names none
    (tmp_path / "a[1].atr").write_bytes(ATR)
    assert "'atr', 'qrs'" in refused_in(header)
    assert len(read_recording(header, Wanted(column="qrs")).rr_ms) == 3


def test_text_that_is_padded_is_no_annotation_file() -> None:
    padded = parsed(b"800\n810\n805\n\x00\x00\x00\x00")
    assert (padded.kind, padded.rr_ms) == (Kind.TEXT, (800.0, 810.0, 805.0))


# --- EDF ----------------------------------------------------------------------


def edf(
    folder: Path, annotations: Sequence[tuple[float, str]], label: str = "ECG"
) -> bytes:
    """Return a file as pyedflib writes it, of two minutes."""
    path = folder / "written.edf"
    with pyedflib.EdfWriter(str(path), 1, file_type=pyedflib.FILETYPE_EDFPLUS) as out:
        out.setSignalHeader(
            0,
            {
                "label": label,
                "dimension": "mV",
                "sample_frequency": 50,
                "physical_max": 5,
                "physical_min": -5,
                "prefilter": "",
                "digital_max": 32767,
                "digital_min": -32768,
                "transducer": "",
            },
        )
        out.writeSamples([np.zeros(120 * 50)])
        for t_s, text in annotations:
            out.writeAnnotation(t_s, -1, text)
    return path.read_bytes()


@pytest.mark.parametrize("text", ["R", "qrs", "Heartbeat", "R-peak", "N"])
def test_edf_annotations_of_beats_give_their_intervals(
    tmp_path: Path, text: str
) -> None:
    marks = [(0.5, text), (1.3, text), (1.7, "eyes closed"), (2.2, text), (9.0, text)]
    recording = parsed(edf(tmp_path, marks))
    assert recording.kind is Kind.EDF
    assert recording.rr_ms == pytest.approx((800, 900, 0), abs=1e-6)


@pytest.mark.parametrize(
    "text", ["RR {}", "rr={} ms", "IBI: {}", "beat rr_ms={} nn_ms=7 label=normal"]
)
def test_edf_annotations_with_intervals_give_these(tmp_path: Path, text: str) -> None:
    marks = [(1.0, text.format(813)), (1.9, text.format(844.5)), (3, text.format(831))]
    recording = parsed(edf(tmp_path, marks))
    assert recording.packets == ((0.0, (813.0,)), (0.9, (844.5,)), (2.0, (831.0,)))


def test_an_edf_with_an_accent_in_its_header_is_read(tmp_path: Path) -> None:
    whole = edf(tmp_path, [(1, "R"), (2, "R"), (3, "R")])
    accented = whole[:10] + b"Andr\xe9 " + whole[16:]
    assert parsed(accented).rr_ms == (1000.0, 1000.0)


@pytest.mark.parametrize(
    ("label", "words"),
    [
        ("ECG I", "holds an ECG and no beats"),
        ("RR", "sampled evenly"),
        ("EEG Fpz", "no beats"),
    ],
)
def test_an_edf_without_beats_is_named(tmp_path: Path, label: str, words: str) -> None:
    assert words in refusal(edf(tmp_path, [(1, "Sleep stage R")], label))


# --- XDF ----------------------------------------------------------------------


def counted(count: int) -> bytes:
    return b"\x04" + struct.pack("<I", count)


def chunk(tag: int, content: bytes) -> bytes:
    return counted(len(content) + 2) + struct.pack("<H", tag) + content


def stream(
    number: int, name: str, rows: Sequence[tuple[float, float]], **said: str
) -> bytes:
    """Return a stream of one channel, two samples a chunk, with a clock offset."""
    told = {"type": "RR", "channel_count": "1", "nominal_srate": "0"}
    told |= {"channel_format": "double64", **said}
    info = "".join(f"<{key}>{value}</{key}>" for key, value in told.items())
    head = f'<?xml version="1.0"?><info><name>{name}</name>{info}</info>'.encode()
    one = struct.pack("<I", number)
    whole = chunk(2, one + head)
    for at in range(0, len(rows), 2):
        some = rows[at : at + 2]
        samples = b"".join(b"\x08" + struct.pack("<dd", *row) for row in some)
        whole += chunk(3, one + counted(len(some)) + samples)
    return whole + chunk(4, one + struct.pack("<dd", 1.0, 0.25)) + chunk(6, one)


XDF = b"XDF:" + chunk(1, b"<?xml version='1.0'?><info/>")
ROWS = [(1000.5, 813.0), (1001.3, 844.0), (1002.1, math.nan), (1002.2, 831.0)]


def test_an_xdf_stream_of_intervals_is_read_among_others() -> None:
    marks = stream(1, "Marks", [], type="Markers", channel_format="string")
    recording = parsed(XDF + marks + stream(2, "H10", ROWS))
    assert recording.kind is Kind.XDF
    assert recording.packets == (
        *((0.0, (813.0,)), (0.8, (844.0,)), (1.6, ()), (1.7, (831.0,))),
    )


def test_an_xdf_is_read_as_its_reference_reader_reads_it(tmp_path: Path) -> None:
    whole = XDF + stream(2, "H10", ROWS)
    (tmp_path / "a.xdf").write_bytes(whole)
    (there,), _ = pyxdf.load_xdf(tmp_path / "a.xdf", dejitter_timestamps=False)
    recording = parsed(whole)
    assert recording.rr_ms == tuple(
        rr for (rr,) in there["time_series"].tolist() if not math.isnan(rr)
    )
    apart_s = there["time_stamps"] - recording.arrivals_s
    assert np.ptp(apart_s) < 1e-6


def test_two_people_in_an_xdf_are_named_and_told_apart() -> None:
    other = [(t_s, rr / 1000 + 0.1) for t_s, rr in ROWS]  # in seconds
    whole = XDF + stream(1, "RR of A", ROWS) + stream(2, "RR of B", other)
    assert "'RR of A', 'RR of B'" in refusal(whole)
    assert parsed(whole, person="RR of B").rr_ms == (913.0, 944.0, 931.0)


def test_an_xdf_without_intervals_names_its_streams() -> None:
    assert "'Cap'" in refusal(XDF + stream(1, "Cap", ROWS, type="EEG"))


@pytest.mark.parametrize(
    "claim", [counted(2**32 - 1), b"\x08" + struct.pack("<Q", 2**63)]
)
def test_an_xdf_that_claims_more_than_it_holds_is_refused(claim: bytes) -> None:
    head = stream(1, "A", [])
    assert "damaged" in refusal(XDF + head + chunk(3, struct.pack("<I", 1) + claim))
    assert "damaged" in refusal(XDF + claim)


def test_an_xdf_whose_description_can_grow_without_end_is_refused() -> None:
    laughs = b"<!DOCTYPE a [<!ENTITY l '8'>]><info><name>&l;</name></info>"
    assert "document type" in refusal(XDF + chunk(2, struct.pack("<I", 1) + laughs))


# --- BIDS ---------------------------------------------------------------------


def bids(folder: Path, rows: str, columns: Sequence[str]) -> Path:
    path = folder / "sub-1_task-rest_recording-rr_physio.tsv.gz"
    path.write_bytes(gzip.compress(rows.encode()))
    said = {"Columns": columns, "SamplingFrequency": 1, "StartTime": 0}
    beside = folder / "sub-1_task-rest_recording-rr_physio.json"
    beside.write_text(json.dumps(said), encoding="utf-8")
    return path


def test_bids_columns_are_those_of_the_json_beside_it(tmp_path: Path) -> None:
    rows = "10.5\t0.1\t813\n11.3\t0.2\t844\n12.9\t0.2\tn/a\n13.0\t0.2\t831\n"
    recording = read_recording(bids(tmp_path, rows, ["timestamp", "resp", "rr_ms"]))
    assert recording.kind is Kind.BIDS
    assert recording.packets == (
        *((0.0, (813.0,)), (0.8, (844.0,)), (2.4, (0.0,)), (2.5, (831.0,))),
    )


def test_a_heading_inside_a_bids_table_is_refused(tmp_path: Path) -> None:
    path = bids(tmp_path, "timestamp\trr\n1\t813\n2\t844\n", ["timestamp", "rr"])
    assert "line 1: 'timestamp" in refused_in(path)


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        (["rr"], "steady rate"),
        (["cardiac"], "no RR intervals"),
        (["timestamp", "rr"], "line 1: 1 cells"),
    ],
)
def test_a_bids_table_that_holds_no_beats_is_named(
    tmp_path: Path, columns: list[str], words: str
) -> None:
    assert words in refused_in(bids(tmp_path, "813\n844\n", columns))


def test_a_bids_table_asks_for_its_json(tmp_path: Path) -> None:
    path = bids(tmp_path, "1\t813\n2\t844\n", ["timestamp", "rr"])
    path.with_name("sub-1_task-rest_recording-rr_physio.json").unlink()
    assert "recording-rr_physio.json beside it" in refused_in(path)


EVENTS = """\
onset\tduration\ttrial_type\trr_ms\tnn_ms
-0.5\t0\tbeat\t813\t813
0.0\t60\tpart\tn/a\tn/a
0.3\t0\tbeat\t800.5\tn/a
1.2\t0\tbeat\t900\t900
"""


def test_bids_events_of_single_beats_are_read() -> None:
    recording = parsed(EVENTS.encode())
    assert recording.kind is Kind.BIDS
    assert recording.packets == ((0.0, (813.0,)), (0.8, (800.5,)), (1.7, (900.0,)))


# --- packages that only some need ---------------------------------------------


@pytest.mark.parametrize("package", ["fitdecode", "edfio"])
def test_without_its_package_a_format_says_what_to_install(
    package: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    data = {
        "fitdecode": fit_bytes.activity([(NEW_YEAR_UNIX_S, (800, 810))]),
        "edfio": edf(tmp_path, [(1, "R")]),
    }
    monkeypatch.setitem(sys.modules, package, None)
    assert 'pip install ".[formats]"' in refusal(data[package])


# --- dropouts -----------------------------------------------------------------


def by_seconds(t_s: Any, rr_ms: Any) -> list[tuple[int, list[int]]]:
    seconds: dict[int, list[int]] = {}
    for t, rr in zip(t_s.tolist(), rr_ms.tolist(), strict=True):
        seconds.setdefault(math.ceil(t), []).append(int(rr))
    return sorted(seconds.items())


def as_fit(t_s: Any, rr_ms: Any) -> bytes:
    return fit_bytes.activity(
        (NEW_YEAR_UNIX_S + second, rr) for second, rr in by_seconds(t_s, rr_ms)
    )


def as_fit_of_few_records(t_s: Any, rr_ms: Any) -> bytes:
    """As a watch writes it that keeps a record only when something changes."""
    kept = [0, 1, 4, 9]
    rows: dict[int, list[int]] = {}
    for second, rr in by_seconds(t_s, rr_ms):
        later = min(each for each in (*kept, 10) if each >= second % 10)
        rows.setdefault(second - second % 10 + later, []).extend(rr)
    return fit_bytes.activity((NEW_YEAR_UNIX_S + s, rr) for s, rr in rows.items())


def as_xdf(t_s: Any, rr_ms: Any) -> bytes:
    rows = [
        (float(second) + 0.03 * (second % 3), float(rr))
        for second, together in by_seconds(t_s, rr_ms)
        for rr in together
    ]
    return XDF + stream(1, "H10", rows)


def as_wfdb(t_s: Any, _rr_ms: Any) -> bytes:
    """Return beats at 1000 Hz, each after a step of 32 bits, as annot(5) has it."""
    note = b"## time resolution: 1000"
    words = struct.pack("<HH", 22 << 10, 63 << 10 | len(note)) + note
    before = 0
    for at in np.round(1000 * t_s).astype(int).tolist():
        step = at - before
        words += struct.pack("<HHHH", 59 << 10, step >> 16, step & 0xFFFF, 1 << 10)
        before = at
    return words + b"\x00\x00"


DROPOUTS = [
    (written, length_s)
    for written in (as_fit, as_xdf, as_wfdb)
    for length_s in (2.0, 5.0, 60.0, math.inf)
]


@pytest.mark.parametrize(
    ("written", "length_s"), [*DROPOUTS, (as_fit_of_few_records, 60.0)]
)
def test_a_dropout_is_a_gap_and_changes_no_rmssd(written: Any, length_s: float) -> None:
    errors = []
    for seed in (1, 2, 3):
        rng = np.random.default_rng(seed)
        n = np.arange(900)
        slow = 40 * np.sin(2 * np.pi * n * 0.85 * 0.25) + 60 * np.sin(n / 60)
        rr_ms = np.round(850 + slow + rng.normal(0, 15, n.size))
        t_s = np.cumsum(rr_ms) / 1000
        stays = (t_s // 30) % 2 == 0
        if math.isfinite(length_s):
            holes = 80 + 130 * np.arange(5) + rng.uniform(0, 20, 5)
            stays = ~np.any(
                (t_s > holes[:, None]) & (t_s < holes[:, None] + length_s), axis=0
            )
        neighbours = stays[1:] & stays[:-1]
        truth_ms = math.sqrt(np.mean(np.diff(rr_ms)[neighbours] ** 2))
        figures = measured(parsed(written(t_s[stays], rr_ms[stays])))
        errors.append(abs(figures.hrv.rmssd_ms / truth_ms - 1))
        lost = int(np.count_nonzero(~stays[:-1] & stays[1:]))
        # A beat that is missing in a row of beats shows as an interval of two or three.
        told = figures.label_counts["gap"] + figures.label_counts["missed"]
        assert told + figures.label_counts["long"] >= lost
        if math.isinf(length_s):
            assert math.isnan(figures.hrv.lf_ms2)
    assert np.median(errors) <= 0.015
    assert max(errors) <= 0.05


# --- packed -------------------------------------------------------------------


def zipped(**files: bytes) -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            inside = zipfile.ZipInfo(name.replace("__", "/").replace("_", "."))
            archive.writestr(inside, data, zipfile.ZIP_DEFLATED)
    return whole.getvalue()


PLAIN = b"812\n790\n801\n"
PLAIN_GZ = gzip.compress(PLAIN, mtime=0)


def test_what_a_mac_adds_to_an_archive_is_no_recording() -> None:
    archive = zipped(rr_txt=PLAIN, _DS_Store=b"x", **{"__MACOSX__._rr_txt": b"x"})
    assert parsed(archive).rr_ms == (812.0, 790.0, 801.0)


def test_gzip_files_joined_end_to_end_are_one() -> None:
    joined = PLAIN_GZ + PLAIN_GZ
    assert parsed(joined).rr_ms == (812.0, 790.0, 801.0) * 2


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (zipped(a_txt=PLAIN, b_txt=PLAIN), "'a.txt', 'b.txt'"),
        (zipped(), "empty"),
        (zipped(a_zip=zipped(b_txt=PLAIN)), "packed twice"),
        (gzip.compress(PLAIN_GZ, mtime=0), "packed twice"),
        (zipped(xl__workbook_xml=b"<a/>", a_xml=b"<a/>"), "Excel"),
        (PLAIN_GZ[:-9], "end too early"),
        (PLAIN_GZ[:-8] + b"\xff" * 8, "damaged"),
        (zipped(a_txt=PLAIN)[:-30], "damaged"),
        (gzip.compress(b"812\n" * 500_000, mtime=0), "more than 200 times"),
        (zipped(a_txt=b"812\n" * 500_000), "more than 200 times"),
    ],
)
def test_a_bad_archive_is_refused_in_words(data: bytes, words: str) -> None:
    assert words in refusal(data)


def test_an_archive_that_grows_without_end_is_left_soon(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bomb = gzip.compress(bytes(4 * MAX_BYTES))
    read = 0
    plain = gzip.GzipFile.read

    def counting(self: gzip.GzipFile, size: int | None = -1) -> bytes:
        nonlocal read
        piece = plain(self, size)
        read += len(piece)
        return piece

    monkeypatch.setattr(gzip.GzipFile, "read", counting)
    assert "larger than 50 MB" in refusal(bomb) or read <= MAX_BYTES + 2**20
    assert read <= MAX_BYTES + 2**20


# --- anything at all ----------------------------------------------------------

FIT_FILE = fit_bytes.activity((NEW_YEAR_UNIX_S + n, (800,)) for n in range(20))
WHOLE = [FIT_FILE, ATR, QRS, XDF + stream(2, "H10", ROWS), zipped(a_txt=PLAIN * 9)]
WHOLE += [gzip.compress(PLAIN * 9, mtime=0)]


@pytest.fixture(scope="module")
def edf_file(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    marks = [(n * 0.9, "R") for n in range(20)]
    return edf(tmp_path_factory.mktemp("edf"), marks)


@given(st.integers(0, len(WHOLE)), st.data())
def test_damaged_bytes_give_a_recording_or_a_refusal(
    edf_file: bytes, which: int, data: st.DataObject
) -> None:
    raw = [*WHOLE, edf_file][which]
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, min(len(raw), 1200)))
        past = min(len(raw), at + data.draw(st.integers(0, 4)))
        raw = raw[:at] + data.draw(st.binary(max_size=4)) + raw[past:]
    if data.draw(st.booleans()) and raw[8:12] == b".FIT":  # a sum that fits the damage
        raw = raw[:-2] + struct.pack("<H", fit_bytes.crc(raw[:-2]))
    try:
        recording = parsed(raw)
    except BadRecordingError:
        return
    assert all(0 <= rr < 64_000 for rr in recording.rr_ms)
    assert list(recording.arrivals_s) == sorted(recording.arrivals_s)


MAGIC = [
    b"XDF:",
    b"\x0e\x20\x54\x08\0\0\0\0.FIT",
    b"0       ",
    b"PK\x03\x04",
    b"\x1f\x8b",
]


@given(st.sampled_from(MAGIC), st.binary(max_size=400))
def test_any_bytes_behind_a_signature_are_refused(magic: bytes, rest: bytes) -> None:
    refusal(magic + rest)
