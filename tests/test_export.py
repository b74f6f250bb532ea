"""A session for other programs, read back by readers that are not coreg's.

Tried with pyedflib 0.1.42, edfio 0.4.18, pyarrow 26.0.1, pyxdf 1.17.5, fitdecode 0.11.0
and bids-validator-deno 3.0.2.
"""

import csv
import gzip
import io
import itertools
import json
import logging
import math
import re
import shutil
import struct
import subprocess
import sys
import tomllib
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import edfio
import fitdecode
import numpy as np
import pyarrow.parquet
import pyedflib
import pytest
import pyxdf
from hypothesis import given as drawn, strategies as st

from coreg.base import packages
from coreg.cli import main
from coreg.errors import SessionError
from coreg.facts.events import Partner
from coreg.findings.beat_rows import (
    BeatRow,
    HeartRows,
    SessionRows,
    session_rows,
)
from coreg.findings.reading import summary_of
from coreg.report.exchange.cells import csv_of
from coreg.report.exchange.file_format import FileFormat
from coreg.report.exchange.files import files_of
from coreg.store.session_log import SessionLog
from tests.helpers.planted_session import (
    FASTEST_A_MS,
    HOLE_S,
    SLOWEST_B_MS,
    STRAPS,
    before_hole,
    planted_inputs,
    record,
    recorded_ms,
)
from tests.helpers.sessions import QUICK_S, raw_damage, wait_until

ROOT = Path(__file__).resolve().parents[1]
A, B = Partner
OPENED = datetime(2026, 3, 1, 19, 30, tzinfo=UTC)
HOLE_LASTS_S = HOLE_S[1] - HOLE_S[0]


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return record(tmp_path_factory.mktemp("planted") / "planted.coreg")


@pytest.fixture(scope="module")
def rows(session: Path) -> SessionRows:
    return session_rows("planted", summarised(session), (A, B))


summarised = cache(summary_of)


def of_one(session: Path, partner: Partner) -> SessionRows:
    return session_rows("planted", summarised(session), (partner,))


def beats(rows: SessionRows, partner: Partner) -> tuple[BeatRow, ...]:
    (heart,) = (each for each in rows.hearts if each.partner is partner)
    return heart.beats


def times_s(rows: SessionRows, partner: Partner) -> list[float]:
    return [each.t_s for each in beats(rows, partner)]


def file_of(rows: SessionRows, file_format: FileFormat, ending: str) -> bytes:
    (content,) = (
        content
        for name, content in files_of(rows, file_format).items()
        if name.endswith(ending)
    )
    return content


# --- the rows themselves ------------------------------------------------------------


@pytest.mark.parametrize("partner", Partner)
def test_all_that_was_recorded_is_there_and_the_gap_is_where_we_made_it(
    rows: SessionRows, partner: Partner
) -> None:
    given = beats(rows, partner)
    assert [each.rr_ms for each in given] == recorded_ms(partner)
    apart = [at for at, each in enumerate(given) if not each.follows]
    if partner is B:
        assert apart == [0]
        return
    assert apart == [0, before_hole(A)]
    # Between the last beat before it and the first interval after it.
    assert given[apart[1]].gap_before_s == pytest.approx(HOLE_LASTS_S, abs=1.5)


# --- each format, by another reader -------------------------------------------------


@pytest.mark.parametrize("partner", Partner)
def test_rr_text_says_nan_where_beats_were_lost(
    rows: SessionRows, partner: Partner
) -> None:
    text = file_of(rows, FileFormat.RR_TEXT, f"-{partner}-rr.txt")
    read = np.loadtxt(io.BytesIO(text))
    expected = recorded_ms(partner)
    if partner is A:
        expected.insert(before_hole(A), math.nan)
    np.testing.assert_array_equal(read, expected)


def test_csv_has_a_row_a_beat_and_what_each_column_means(rows: SessionRows) -> None:
    content = file_of(rows, FileFormat.CSV, ".csv").decode()
    table = list(csv.DictReader(content.splitlines()))
    for partner in Partner:
        of = [row for row in table if row["partner"] == partner]
        assert [float(row["rr_ms"]) for row in of] == recorded_ms(partner)
        assert [float(row["t_s"]) for row in of] == times_s(rows, partner)
    told = json.loads(file_of(rows, FileFormat.CSV, ".json"))
    assert [each["name"] for each in told["columns"]] == list(table[0])
    for each in told["columns"]:
        unit = each["name"].rpartition("_")[2]
        assert each.get("unit") == (unit if unit in {"s", "ms"} else None), each
    (gap,) = [row for row in table if row["gap_before_s"]]
    assert (gap["partner"], gap["label"]) == ("A", "gap")
    assert {row["part"] for row in table} == {"1"}


def test_parquet_holds_the_same_table(rows: SessionRows) -> None:
    content = file_of(rows, FileFormat.PARQUET, ".parquet")
    table = pyarrow.parquet.read_table(io.BytesIO(content))
    told = json.loads(file_of(rows, FileFormat.CSV, ".json"))
    assert table.column_names == [each["name"] for each in told["columns"]]
    for partner in Partner:
        of = [row for row in table.to_pylist() if row["partner"] == partner]
        assert [row["rr_ms"] for row in of] == recorded_ms(partner)
        assert [row["t_s"] for row in of] == times_s(rows, partner)
    assert sum(row["gap_before_s"] is not None for row in table.to_pylist()) == 1
    assert table.schema.field("rr_ms").metadata[b"unit"] == b"ms"


@pytest.mark.parametrize("partner", Partner)
def test_kubios_gets_two_columns_in_seconds(
    rows: SessionRows, partner: Partner
) -> None:
    text = file_of(rows, FileFormat.KUBIOS, f"-{partner}-kubios.txt")
    t_s, rr_s = np.loadtxt(io.BytesIO(text), unpack=True)
    np.testing.assert_allclose(1000 * rr_s, recorded_ms(partner), atol=0.001)
    np.testing.assert_allclose(t_s, times_s(rows, partner), atol=1e-6)
    holes = np.flatnonzero(np.diff(t_s) - rr_s[1:] > 2)
    assert holes.tolist() == ([before_hole(A) - 1] if partner is A else [])


@pytest.mark.parametrize("partner", Partner)
def test_edf_says_each_beat_and_no_rate_in_a_gap(
    rows: SessionRows, partner: Partner, tmp_path: Path
) -> None:
    path = tmp_path / "x.edf"
    path.write_bytes(file_of(rows, FileFormat.EDF, f"-{partner}.edf"))
    expected = recorded_ms(partner)
    with pyedflib.EdfReader(str(path)) as reader:
        onsets_s, lasting_s, texts = reader.readAnnotations()
        rate_bpm, rate_hz = reader.readSignal(0), reader.getSampleFrequency(0)
        assert reader.getStartdatetime() == OPENED.replace(tzinfo=None)
    read_by_edflib = list(zip(onsets_s.tolist(), texts.tolist(), strict=True))
    by_edfio = edfio.read_edf(path)
    for told in (read_by_edflib, [(a.onset, a.text) for a in by_edfio.annotations]):
        of_beats = [(t_s, text) for t_s, text in told if text.startswith("beat ")]
        said = [text.split("rr_ms=")[1].split()[0] for _, text in of_beats]
        assert [float(each) for each in said] == expected
        np.testing.assert_allclose(
            [t_s for t_s, _ in of_beats], times_s(rows, partner), atol=1e-4
        )
    gaps = [
        (t, d) for t, d, x in zip(onsets_s, lasting_s, texts, strict=True) if x == "gap"
    ]
    assert len(gaps) == (1 if partner is A else 0)
    if partner is A:
        start_s, length_s = gaps[0]
        inside = slice(
            math.ceil(start_s * rate_hz) + 1, math.floor((start_s + length_s) * rate_hz)
        )
        assert length_s == pytest.approx(HOLE_LASTS_S, abs=1.5)
        assert np.abs(rate_bpm[inside]).max() < 0.02
    known_bpm = rate_bpm[rate_bpm > 1]
    assert np.median(known_bpm) == pytest.approx(60_000 / np.mean(expected), rel=0.02)


def test_xdf_has_a_stream_of_each_heart_at_its_own_times(
    rows: SessionRows, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "x.xdf"
    path.write_bytes(file_of(rows, FileFormat.XDF, ".xdf"))
    streams, _ = pyxdf.load_xdf(path)
    assert [
        each.message for each in caplog.records if each.levelno > logging.INFO
    ] == []
    by_name = {each["info"]["name"][0]: each for each in streams}
    for partner in Partner:
        stream = by_name[f"coreg RR {partner}"]
        assert stream["time_series"][:, 0].tolist() == recorded_ms(partner)
        assert stream["time_stamps"].tolist() == times_s(rows, partner)
        channels = stream["info"]["desc"][0]["channels"][0]["channel"]
        assert [each["label"][0] for each in channels] == ["rr_ms", "nn_ms"]
        labels = [x for (x,) in by_name[f"coreg beat labels {partner}"]["time_series"]]
        gaps = [at for at, label in enumerate(labels) if label == "gap"]
        assert gaps == ([before_hole(A)] if partner is A else [])
    marks = by_name["coreg practice"]["time_series"]
    assert marks == [["part 1: Arrive"], ["end"]]


@pytest.mark.parametrize("partner", Partner)
def test_fit_holds_hrv_messages_and_the_gap_is_in_its_times(
    rows: SessionRows, partner: Partner
) -> None:
    content = file_of(rows, FileFormat.FIT, f"-{partner}.fit")
    messages = []
    with fitdecode.FitReader(content, check_crc=fitdecode.CrcCheck.RAISE) as reader:
        for frame in reader:
            if frame.frame_type == fitdecode.FIT_FRAME_DATA:
                values = {f.name: f.value for f in frame.fields}
                messages.append((frame.name, values))
    assert messages[0][0] == "file_id"
    assert messages[0][1]["type"] == "activity"
    intervals_s = [
        rr for name, of in messages if name == "hrv" for rr in of["time"] if rr
    ]
    # Whole milliseconds are all that the format has.
    np.testing.assert_allclose(
        [1000 * each for each in intervals_s], recorded_ms(partner), atol=0.5001
    )
    records = [of["timestamp"] for name, of in messages if name == "record"]
    assert records == sorted(records)
    assert abs(records[0] - OPENED) < timedelta(seconds=3)
    longest = max(after - before for before, after in itertools.pairwise(records))
    timer = [of["event_type"] for name, of in messages if name == "event"]
    if partner is A:
        assert abs(longest.total_seconds() - HOLE_LASTS_S) < 2.5
        assert timer == ["start", "stop_all", "start", "stop_all"]
    else:
        assert longest.total_seconds() <= 2
        assert timer == ["start", "stop_all"]


def test_bids_passes_its_validator_with_two_participants_and_one_dyad(
    session: Path, rows: SessionRows, tmp_path: Path
) -> None:
    out = tmp_path / "bids"
    said = ["export", str(session), "--format", "bids", "--partner", "both"]
    assert main([*said, "--out", str(out)]) == 0
    people = list(
        csv.DictReader(
            (out / "participants.tsv").read_text().splitlines(), delimiter="\t"
        )
    )
    assert [each["participant_id"] for each in people] == ["sub-D001A", "sub-D001B"]
    assert {each["dyad_id"] for each in people} == {"D001"}
    for partner in Partner:
        (events,) = out.glob(f"sub-D001{partner}/ses-01/beh/*_events.tsv")
        table = list(csv.DictReader(events.read_text().splitlines(), delimiter="\t"))
        of_beats = [row for row in table if row["trial_type"] == "beat"]
        assert [float(row["rr_ms"]) for row in of_beats] == recorded_ms(partner)
        onsets_s = [float(row["onset"]) for row in of_beats]
        np.testing.assert_allclose(onsets_s, times_s(rows, partner), atol=1e-6)
        gaps = [float(r["duration"]) for r in table if r["trial_type"] == "gap"]
        assert len(gaps) == (1 if partner is A else 0)
        (physio,) = out.glob(f"sub-D001{partner}/ses-01/beh/*_physio.tsv.gz")
        lines = gzip.decompress(physio.read_bytes()).decode().splitlines()
        # The validator passes a heading here, and it would be read as a sample.
        assert all(line == "n/a" or float(line) > 30 for line in lines)
        assert ("n/a" in lines[200:252]) is (partner is A)
        told = json.loads(Path(str(physio).replace(".tsv.gz", ".json")).read_text())
        assert told["Columns"] == ["heart_rate"]
    scans = {
        line.partition("\t")[2]
        for path in out.glob("sub-*/ses-01/*_scans.tsv")
        for line in path.read_text().splitlines()[1:]
    }
    assert scans == {"2026-03-01T19:30:00Z"}
    validator = shutil.which(
        "bids-validator-deno", path=str(Path(sys.executable).parent)
    )
    if validator is None:
        pytest.skip("bids-validator-deno is not installed")
    checked = subprocess.run(
        [validator, str(out), "--json"], capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stdout
    assert json.loads(checked.stdout)["summary"]["subjects"] == ["D001A", "D001B"]


# --- one partner's holds nothing of the other ---------------------------------------


def unpacked(name: str, content: bytes) -> bytes:
    """The bytes of a file with nothing left compressed."""
    if name.endswith(".gz"):
        return gzip.decompress(content)
    if name.endswith(".parquet"):
        table = pyarrow.parquet.read_table(io.BytesIO(content))
        told = f"{table.schema.metadata}{table.to_pylist()}"
        doubles = [
            struct.pack("<d", value)
            for column in table.columns
            for value in column.to_pylist()
            if isinstance(value, float)
        ]
        return told.encode() + b"".join(doubles)
    return content


def as_written(value: float) -> set[bytes]:
    """A number in all the ways in which a text may hold it."""
    texts = {repr(value), f"{value:.6f}", f"{value:.3f}", f"{value / 1000:.6f}"}
    return {text.encode() for text in texts}


@pytest.mark.parametrize("file_format", FileFormat)
@pytest.mark.parametrize("partner", Partner)
def test_one_partners_export_holds_nothing_of_the_other(
    session: Path, rows: SessionRows, file_format: FileFormat, partner: Partner
) -> None:
    nothing_of_the_other(session, rows, file_format, partner)


@pytest.mark.parametrize("partner", Partner)
def test_nor_does_that_of_a_session_that_broke_off(
    tmp_path: Path, partner: Partner
) -> None:
    """Which ends with the last that was heard of either."""
    path = record(tmp_path / "planted.coreg", until_s=110.0)
    both = session_rows("planted", summarised(path), (A, B))
    last_s = max(times_s(both, partner.other))
    for file_format in FileFormat:
        nothing_of_the_other(path, both, file_format, partner)
    given = of_one(path, partner)
    assert given.parts[-1].end_s == max(times_s(given, partner)) != last_s


def nothing_of_the_other(
    session: Path, rows: SessionRows, file_format: FileFormat, partner: Partner
) -> None:
    other = partner.other
    given = files_of(of_one(session, partner), file_format)
    whole = b"\n".join(
        name.encode() + b"\n" + unpacked(name, content)
        for name, content in given.items()
    )
    of_other = [*set(recorded_ms(other)), *times_s(rows, other)]
    own = {*recorded_ms(partner), *times_s(rows, partner)}
    written = set(re.findall(rb"\d+\.\d+", whole))
    for value in of_other:
        assert value not in own
        assert not as_written(value) & written, value
        assert struct.pack("<d", value) not in whole, value
    for strap in STRAPS:
        for word in strap.split():
            assert word.encode() not in whole
    named = (
        f"partner-{other}",
        f"D001{other}",
        f"-{other}",
        f" {other}\n",
        f",{other},",
    )
    for word in named:
        assert word.encode() not in whole
    assert SLOWEST_B_MS < FASTEST_A_MS
    if file_format is FileFormat.FIT:  # two bytes an interval are too few to search
        (content,) = given.values()
        with fitdecode.FitReader(content) as reader:
            times = [
                each.get_value("time")
                for each in reader
                if each.frame_type == fitdecode.FIT_FRAME_DATA and each.name == "hrv"
            ]
        slow = {rr > SLOWEST_B_MS / 1000 for of in times for rr in of if rr}
        assert slow == {partner is A}


# --- what a spreadsheet would run ---------------------------------------------------


@pytest.mark.parametrize("begins", ["=", "+", "-", "@", "\t", "\r"])
def test_a_cell_that_begins_like_a_formula_is_text(begins: str) -> None:
    evil = f"{begins}HYPERLINK(1)"
    text = csv_of(["name", "x"], [(evil, -2.5)]).decode()
    (read,) = csv.DictReader(io.StringIO(text, newline=""))
    assert read == {"name": f"'{evil}", "x": "-2.5"}


def test_a_session_that_is_named_like_a_formula_is_text_too(
    session: Path, tmp_path: Path
) -> None:
    evil = tmp_path / "=cmd.coreg"
    shutil.copyfile(session, evil)
    given = session_rows(evil.stem, summary_of(evil), (A,))
    content = file_of(given, FileFormat.CSV, ".csv").decode()
    table = list(csv.DictReader(content.splitlines()))
    assert {row["session"] for row in table} == {"'=cmd"}


@drawn(
    st.lists(
        st.lists(
            st.text(st.characters(exclude_categories=["Cs"])), min_size=2, max_size=2
        )
    )
)
def test_any_text_comes_back_from_a_table_and_none_as_a_formula(
    rows: list[list[str]],
) -> None:
    text = csv_of(["a", "b"], rows).decode()
    _, *read = csv.reader(io.StringIO(text, newline=""))
    assert [[cell.removeprefix("'") for cell in row] for row in read] == [
        [cell.removeprefix("'") for cell in row] for row in rows
    ]
    assert not any(cell[:1] in set("=+-@\t\r") and cell for row in read for cell in row)


# --- odd sessions -------------------------------------------------------------------


def one_beat(heart: HeartRows) -> HeartRows:
    return replace(heart, beats=heart.beats[:1])


def never_known(heart: HeartRows) -> HeartRows:
    rate = replace(heart.rate, hr_bpm=(math.nan,) * len(heart.rate.hr_bpm))
    return replace(heart, rate=rate)


def without_parts(heart: HeartRows) -> HeartRows:
    beats = tuple(replace(each, part=None) for each in heart.beats)
    return replace(heart, beats=beats, rate=replace(heart.rate, hr_bpm=()))


@pytest.mark.parametrize("file_format", FileFormat)
@pytest.mark.parametrize("odd", [one_beat, never_known, without_parts])
def test_an_odd_session_is_given_all_the_same(
    rows: SessionRows,
    file_format: FileFormat,
    odd: Callable[[HeartRows], HeartRows],
) -> None:
    given = replace(rows, hearts=tuple(map(odd, rows.hearts)))
    if odd is without_parts:
        given = replace(given, parts=())
    assert all(files_of(given, file_format).values())


@pytest.mark.parametrize("year", [None, 1900, 9999])
@pytest.mark.parametrize("file_format", FileFormat)
def test_a_session_of_no_day_or_an_odd_one_has_no_fit_file_and_every_other(
    rows: SessionRows, file_format: FileFormat, year: int | None
) -> None:
    given = replace(rows, began=None if year is None else OPENED.replace(year=year))
    if file_format is FileFormat.FIT:
        with pytest.raises(SessionError, match="when it was"):
            files_of(given, file_format)
    else:
        assert all(files_of(given, file_format).values())


def test_the_extra_brings_what_is_fetched() -> None:
    told = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    extra = told["project"]["optional-dependencies"]["formats"]
    brought = {re.split(r"\W", each)[0] for each in extra}
    fetched = {
        name.partition(".")[0]
        for path in (ROOT / "coreg" / "report" / "exchange").glob("*.py")
        for name in re.findall(r'package\("([\w.]+)"\)', path.read_text("utf-8"))
    }
    assert fetched == {"edfio", "pyarrow"}
    assert fetched <= brought


# --- the command --------------------------------------------------------------------


def export(session: Path, out: Path, *more: str) -> int:
    said = ["export", str(session), "--format", "csv", "--partner", "a"]
    return main([*said, "--out", str(out), *more])


def test_files_are_for_their_user_alone_and_not_replaced_unasked(
    session: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    assert export(session, out) == 0
    files = sorted(out.iterdir())
    assert [each.name for each in files] == [
        "planted-A-beats.csv",
        "planted-A-beats.json",
    ]
    assert {each.stat().st_mode & 0o777 for each in files} == {0o600}
    assert capsys.readouterr().out.split() == [str(each) for each in files]
    files[0].write_text("mine")
    assert export(session, out) == 1
    assert "is there already" in capsys.readouterr().err
    assert files[0].read_text() == "mine"
    assert export(session, out, "--force") == 0
    assert files[0].read_text() != "mine"


def test_a_part_is_given_alone_and_one_that_is_not_there_is_refused(
    session: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert export(session, tmp_path, "--part", "1") == 0
    assert (tmp_path / "planted-part1-A-beats.csv").exists()
    assert export(session, tmp_path, "--part", "2") == 1
    assert "Choose one of: 1 Arrive" in capsys.readouterr().err


def test_without_the_package_it_is_said_how_to_get_it(
    session: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def absent(name: str) -> object:
        raise ImportError(name)

    monkeypatch.setattr(packages, "import_module", absent)
    for file_format in ("parquet", "edf"):
        said = ["export", str(session), "--format", file_format, "--partner", "A"]
        assert main([*said, "--out", str(tmp_path)]) == 1
        assert 'pip install ".[formats]"' in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_session_is_given_as_far_as_it_reads_and_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = record(tmp_path / "torn.coreg")
    raw_damage(path, "DELETE FROM event WHERE seq = 500")
    assert export(path, tmp_path / "out") == 0
    assert "only what came before is exported" in capsys.readouterr().err
    table = csv.DictReader(
        (tmp_path / "out" / "torn-A-beats.csv").read_text().splitlines()
    )
    given = [float(row["rr_ms"]) for row in table]
    assert given == recorded_ms(A)[: len(given)]
    assert 10 < len(given) < before_hole(A) + 40
    told = json.loads((tmp_path / "out" / "torn-A-beats.json").read_text())
    assert "damaged" in told


def test_a_session_that_is_being_recorded_is_not_given_yet(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "now.coreg"
    begins, inputs = planted_inputs()
    with SessionLog.create(path, begins, commit_every_s=QUICK_S) as log:
        for each in inputs[:200]:
            log.append(each, each.t_ns)
        wait_until(lambda: log.unsaved == 0)
        assert export(path, tmp_path / "out") == 1
    assert "is being recorded. Finish it first." in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("export --out x", "say what: A, B, a session"),
        ("export last --out x", "A session takes --format"),
        ("export last --format csv --out x", "say whose heart"),
        ("export A --partner A --out x", "are for a session"),
        ("export last --format csv --partner C --out x", "isn't one of the choices"),
        ("export last --format cvs --partner A --out x", "Did you mean csv?"),
        ("export --table csv --partner A --out x", "it is of both"),
    ],
)
def test_what_does_not_go_together_is_said(
    typed: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(typed.split())
    assert stopped.value.code == 2
    assert said in capsys.readouterr().err


# --- back into coreg ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("file_format", "ending"), [("rr-text", "rr.txt"), ("csv", "beats.csv")]
)
def test_what_was_given_is_analysed_to_the_figure_of_the_session(
    session: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    file_format: str,
    ending: str,
) -> None:
    said = ["export", str(session), "--format", file_format, "--partner", "B"]
    assert main([*said, "--part", "1", "--out", str(tmp_path)]) == 0
    capsys.readouterr()
    assert main(["analyze", str(tmp_path / f"planted-part1-B-{ending}"), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    by_hand = math.sqrt(np.mean(np.diff(recorded_ms(B)) ** 2))
    on_the_sheet = summarised(session).b.levels[0].rmssd_ms
    assert told["rmssd_ms"] == pytest.approx(by_hand, abs=0.01)
    assert on_the_sheet == pytest.approx(by_hand, abs=0.01)
